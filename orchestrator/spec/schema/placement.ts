import { z } from 'zod'
import { LABEL_RULE } from '../names.ts'
import { labels, nodes } from './address.ts'
import { count, duration, size } from './quantity.ts'
import { name } from './text.ts'

export const placement = z.strictObject({
  labels: labels.default({}).describe('Hard: only nodes with all these labels.'),
  spread: z
    .array(name(LABEL_RULE))
    .default(['region', 'zone', 'rack'])
    .describe('Soft: members keep apart over these labels, from wide to narrow.'),
  isolation: name(LABEL_RULE)
    .default('prefer')
    .describe(
      '`prefer`: spreading is a wish. `require`: each member in its own value of the first spread label, or no plan. Any other word: a label, each member in its own value of it.',
    ),
  nodes: nodes
    .exactOptional()
    .describe('Names or IP addresses, one for each member, in order; the first becomes the first primary.'),
})

export const resources = z.strictObject({
  cores: z
    .number()
    .positive()
    .max(4096)
    .exactOptional()
    .describe('Hardware threads of one member; also the most that tuning counts on.'),
  memory: size.exactOptional().describe('Memory of one member; also the budget that tuning fits the server into.'),
  disk: size.exactOptional().describe('Disk of one member.'),
  iops: count(1, 100_000_000).exactOptional().describe('Write operations a second of a primary.'),
  fsync: duration({ moreThanZero: true, most: '10s' })
    .exactOptional()
    .describe('The slowest 99th percentile of one durable write that is acceptable.'),
})
