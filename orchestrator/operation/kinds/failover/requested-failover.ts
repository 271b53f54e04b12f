import { z } from 'zod'
import { clusterLock } from '../../journal.ts'
import { findCluster } from '../find-cluster.ts'
import { onRequest } from '../requested-kind.ts'
import { failover } from './failover.ts'

/** `drover cluster failover`. */
export const requestedFailover = onRequest({
  kind: failover,
  request: z.strictObject({
    cluster: z.string(),
    to: z.string().optional(),
    acceptDataLoss: z.string().optional(),
  }),
  async prepare({ cluster, to, acceptDataLoss }, { fleet }) {
    const { durability } = await findCluster(cluster, fleet)
    return {
      subject: to === undefined ? cluster : `${cluster} to ${to}`,
      clusters: [cluster],
      locks: [clusterLock(cluster)],
      input: {
        cluster,
        ...(to === undefined ? {} : { to }),
        ...(acceptDataLoss === undefined ? {} : { acceptDataLoss }),
        isSynchronous: durability !== 'async',
      },
    }
  },
})
