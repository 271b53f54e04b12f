import { z } from 'zod'
import { clusterLock } from '../../journal.ts'
import { findCluster } from '../find-cluster.ts'
import { onRequest } from '../requested-kind.ts'
import { declaredExtensions } from './declared-extensions.ts'
import { updateExtensions } from './update-extensions.ts'

/** `drover cluster update-extensions`. */
export const requestedUpdateExtensions = onRequest({
  kind: updateExtensions,
  request: z.strictObject({ cluster: z.string() }),
  async prepare({ cluster }, { fleet }) {
    const spec = await findCluster(cluster, fleet)
    return {
      subject: cluster,
      clusters: [cluster],
      locks: [clusterLock(cluster)],
      input: { cluster, extensions: declaredExtensions(spec) },
    }
  },
})
