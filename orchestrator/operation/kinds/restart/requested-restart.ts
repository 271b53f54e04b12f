import { z } from 'zod'
import { clusterLock } from '../../journal.ts'
import { findCluster } from '../find-cluster.ts'
import { ownSettings } from '../own-settings.ts'
import { onRequest } from '../requested-kind.ts'
import { restart } from './restart.ts'

/** `drover cluster restart`. */
export const requestedRestart = onRequest({
  kind: restart,
  request: z.strictObject({ cluster: z.string(), instance: z.string().optional(), pending: z.boolean().optional() }),
  async prepare({ cluster, instance, pending }, { fleet }) {
    const { durability, standbyOf } = await findCluster(cluster, fleet)
    return {
      subject: instance ?? cluster,
      clusters: [cluster],
      locks: [clusterLock(cluster)],
      input: {
        cluster,
        who: instance === undefined ? (pending === true ? 'pending' : 'all') : { instance },
        awaitSynchronous: durability !== 'async' && standbyOf === undefined,
        own: await ownSettings(cluster, fleet),
      },
    }
  },
})
