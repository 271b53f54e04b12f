import { z } from 'zod'
import { CLUSTER_RULE, GROUP_RULE, LABEL_RULE } from '../names.ts'
import { labels, nodes } from './address.ts'
import { count, duration } from './quantity.ts'
import { name } from './text.ts'

/** PostgreSQL's `recovery_min_apply_delay` ends at 2^31 ms, a little less than 25 days. */
const MOST_DELAY = '24d'

export const replicaGroup = z.strictObject({
  name: name(GROUP_RULE).describe('Names the group in `services`.'),
  role: z
    .enum(['replica', 'offline', 'delayed'])
    .describe(
      '`replica`: a pool of readers. `offline`: for analysis and exports, with the service on port 5438. `delayed`: stays behind by `delay`.',
    ),
  members: count(1, 16).default(1).describe('How many, one on a node.'),
  delay: duration({ moreThanZero: true, most: MOST_DELAY })
    .exactOptional()
    .describe('How far a `delayed` group stays behind.'),
  priority: count(1, 100)
    .default(50)
    .describe('Full members have 100. A service falls back only on groups of the same or a lower priority.'),
  labels: labels.default({}).describe('Only nodes with all these labels, besides those of `placement`.'),
  nodes: nodes.exactOptional().describe('Names or IP addresses, one for each.'),
})

export const standbySource = z.strictObject({
  cluster: name(CLUSTER_RULE).describe('A cluster of this file.'),
  delay: duration({ moreThanZero: false, most: MOST_DELAY })
    .default(0)
    .describe('How far the whole cluster stays behind.'),
})

export const synchronous = z.strictObject({
  standbys: count(1, 15).default(1).describe('How many standbys confirm a commit.'),
  across: name(LABEL_RULE)
    .exactOptional()
    .describe('A label: whatever member is primary, a confirming standby has another value of it.'),
})
