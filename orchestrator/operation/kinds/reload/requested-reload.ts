import { z } from 'zod'
import { clusterLock } from '../../journal.ts'
import { findCluster } from '../find-cluster.ts'
import { ownSettings } from '../own-settings.ts'
import { onRequest } from '../requested-kind.ts'
import { reload } from './reload.ts'

/** `drover cluster reload`. */
export const requestedReload = onRequest({
  kind: reload,
  request: z.strictObject({ cluster: z.string() }),
  async prepare({ cluster }, { fleet }) {
    await findCluster(cluster, fleet)
    return {
      subject: cluster,
      clusters: [cluster],
      locks: [clusterLock(cluster)],
      input: { cluster, own: await ownSettings(cluster, fleet) },
    }
  },
})
