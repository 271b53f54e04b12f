import { z } from 'zod'
import { clusterLock } from '../../journal.ts'
import { declaredExtensions } from '../extensions/declared-extensions.ts'
import { findCluster } from '../find-cluster.ts'
import { ownSettings } from '../own-settings.ts'
import { onRequest } from '../requested-kind.ts'
import { upgradeCluster } from './upgrade-cluster.ts'

/** Long enough to see a server that ends soon after its start. */
const WATCH_MS = 10_000

/** `drover cluster upgrade`. */
export const requestedUpgradeCluster = onRequest({
  kind: upgradeCluster,
  request: z.strictObject({
    cluster: z.string(),
    to: z.string().optional(),
    allowHeld: z.array(z.string()).optional(),
    back: z.string().nullable().optional(),
    runtime: z.string().nullable().optional(),
    watchSeconds: z.number().min(0).optional(),
    updateExtensions: z.boolean().optional(),
  }),
  async prepare({ cluster, to, allowHeld, back, runtime, watchSeconds, updateExtensions }, { fleet }) {
    const spec = await findCluster(cluster, fleet)
    const { durability, standbyOf } = spec
    const mayUpdate = back === undefined && (updateExtensions ?? spec.updateExtensions ?? false)
    const extensions = mayUpdate ? declaredExtensions(spec) : []
    return {
      subject: to === undefined ? cluster : `${cluster} to ${to}`,
      clusters: [cluster],
      locks: [clusterLock(cluster)],
      input: {
        cluster,
        ...(to === undefined ? {} : { to }),
        ...(allowHeld === undefined ? {} : { allowHeld }),
        ...(back === undefined ? {} : { back }),
        ...(runtime === undefined ? {} : { runtime }),
        awaitSynchronous: durability !== 'async' && standbyOf === undefined,
        ...(extensions.length === 0 ? {} : { extensions }),
        own: await ownSettings(cluster, fleet),
        watchMs: watchSeconds === undefined ? WATCH_MS : watchSeconds * 1000,
      },
    }
  },
})
