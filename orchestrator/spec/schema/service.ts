import { z } from 'zod'
import { GROUP_RULE } from '../names.ts'
import { connections, count } from './quantity.ts'
import { name } from './text.ts'

const port = count(1, 65_535)

export const service = z.strictObject({
  name: name(GROUP_RULE).describe('Of the service.'),
  port: port.describe('On every node of the cluster.'),
  target: z
    .union([z.enum(['pooler', 'postgres']), port], { error: 'must be `pooler`, `postgres` or a port from 1 to 65535' })
    .default('pooler')
    .describe('What it leads to: the pooler, PostgreSQL, or a port on the members.'),
  check: z
    .enum(['primary', 'replica', 'read-only', 'sync', 'any'])
    .default('replica')
    .describe('What a server has to be at the moment.'),
  from: z
    .array(name(GROUP_RULE))
    .min(1)
    .default(['members'])
    .describe('Groups that serve: `members` (those that may become primary), `all`, or names of `replicas`.'),
  backup: z
    .array(name(GROUP_RULE))
    .default([])
    .describe('Groups that serve while nothing in `from` is up; never of a higher priority.'),
  balance: z
    .enum(['roundrobin', 'leastconn', 'first', 'source'])
    .default('leastconn')
    .describe('How connections are shared out.'),
  maxConnections: connections.exactOptional().describe('Of the service, on each node.'),
})
