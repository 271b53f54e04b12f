import { z } from 'zod'
import { clusterLock } from '../../journal.ts'
import { findCluster } from '../find-cluster.ts'
import { onRequest } from '../requested-kind.ts'
import { pause } from './pause.ts'
import { unpause } from './unpause.ts'

const LONGEST_MS = 7 * 24 * 3_600_000
const SHORTEST_MS = 60_000

/** `drover cluster pause`. */
export const requestedPause = onRequest({
  kind: pause,
  request: z.strictObject({ cluster: z.string(), forMs: z.number().int().min(SHORTEST_MS).max(LONGEST_MS) }),
  async prepare({ cluster, forMs }, { fleet, clock }) {
    await findCluster(cluster, fleet)
    return {
      subject: cluster,
      clusters: [cluster],
      locks: [clusterLock(cluster)],
      input: { cluster, until: clock.now() + forMs },
    }
  },
})

/** `drover cluster unpause`. */
export const requestedUnpause = onRequest({
  kind: unpause,
  request: z.strictObject({ cluster: z.string() }),
  async prepare({ cluster }, { fleet }) {
    const { durability, standbyOf } = await findCluster(cluster, fleet)
    const isSynchronous = durability !== 'async' && standbyOf === undefined
    return { subject: cluster, clusters: [cluster], locks: [clusterLock(cluster)], input: { cluster, isSynchronous } }
  },
})
