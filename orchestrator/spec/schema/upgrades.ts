import { z } from 'zod'
import { parseWindow } from '../../plan/campaign/maintenance-window.ts'
import { count, duration } from './quantity.ts'

const WORD = /^[a-z0-9][a-z0-9-]*$|^[a-z][a-z0-9._/-]{0,62}=[A-Za-z0-9._-]{1,63}$/

const clusters = z.array(
  z.string().regex(WORD, 'must be the name of a cluster, or `label=value` of the nodes of all its members'),
)
const label = z.string().regex(/^[a-z][a-z0-9._/-]{0,62}$/, 'must be a label key such as `zone`')

/** How `drover upgrade` and `drover upgrade components` go about it when their options say nothing else. */
export const upgrades = z.strictObject({
  canaries: clusters
    .exactOptional()
    .describe('First, and watched before anybody else begins. Absent: the first cluster.'),
  stages: z
    .array(clusters)
    .exactOptional()
    .describe('Groups in order, such as dev before prod; what none names comes last.'),
  by: label.exactOptional().describe('Value after value of this node label within a stage.'),
  soak: duration({ moreThanZero: false, most: '7d' })
    .exactOptional()
    .describe('How long a wave is watched before the next one. Absent: 10 minutes.'),
  windows: z
    .array(
      z.string().refine(text => parseWindow(text) !== undefined, {
        error: 'must be a maintenance window such as `Sat,Sun 02:00-06:00 Europe/Berlin`',
      }),
    )
    .exactOptional()
    .describe('Clusters are begun only then. Absent: at any time.'),
  budget: count(0, 10_000).exactOptional().describe('Clusters that may fail before nothing more is begun. Absent: 0.'),
  atOnce: count(1, 10_000).exactOptional().describe('Clusters under way at the same time. Absent: 4.'),
  perNode: count(1, 1_000).exactOptional().describe('Of those, with members on one node. Absent: 1.'),
  per: z
    .record(label, count(1, 10_000))
    .exactOptional()
    .describe('Of those, in one value of a node label. Absent: no cap.'),
})
