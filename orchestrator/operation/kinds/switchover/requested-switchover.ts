import { z } from 'zod'
import { clusterLock } from '../../journal.ts'
import { findCluster } from '../find-cluster.ts'
import { onRequest } from '../requested-kind.ts'
import { switchover } from './switchover.ts'

/** `drover cluster switchover`. */
export const requestedSwitchover = onRequest({
  kind: switchover,
  request: z.strictObject({ cluster: z.string(), to: z.string().optional() }),
  async prepare({ cluster, to }, { fleet }) {
    const { durability } = await findCluster(cluster, fleet)
    return {
      subject: to === undefined ? cluster : `${cluster} to ${to}`,
      clusters: [cluster],
      locks: [clusterLock(cluster)],
      input: { cluster, ...(to === undefined ? {} : { to }), awaitSynchronous: durability !== 'async' },
    }
  },
})
