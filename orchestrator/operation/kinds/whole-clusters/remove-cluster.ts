import { z } from 'zod'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { KEEP_MS } from '../../../../shared/domain/plan.ts'
import { clusterOf, readApplied, refuseUnconfirmed, refuseWithoutBackup } from './applied.ts'
import { plannedKind } from './planned-kind.ts'

export interface RemoveClusterOutput {
  readonly cluster: string
  readonly keptMs: number
  readonly instances: readonly string[]
}

/** `drover cluster remove`: everything of it stops, its data stay until their tombstone is over. */
export const removeCluster = plannedKind({
  kind: 'remove-cluster',
  request: z.strictObject({
    cluster: z.string(),
    confirm: z.string().optional(),
    keepMs: z.number().int().positive().optional(),
    withoutBackup: z.boolean().optional(),
  }),
  async ask({ cluster, confirm, keepMs = KEEP_MS, withoutBackup = false }, { fleet }) {
    const applied = await readApplied(fleet)
    const { members } = clusterOf(applied, cluster)
    refuseUnconfirmed(cluster, confirm, `removing cluster ${cluster}`)
    refuseWithoutBackup(cluster, withoutBackup)
    const follower = applied.spec.clusters.find(({ standbyOf }) => standbyOf?.cluster === cluster)
    if (follower !== undefined)
      throw new DroverError('conflict', `cluster ${follower.name} is a standby cluster of ${cluster}`, {
        retryable: false,
        hint: `remove it first: drover cluster remove ${follower.name}`,
      })
    const clusters = applied.spec.clusters.filter(({ name }) => name !== cluster)
    const output: RemoveClusterOutput = {
      cluster,
      keptMs: keepMs,
      instances: members.map(({ instance }) => instance),
    }
    return {
      clusters: [cluster],
      subject: cluster,
      spec: { ...applied.spec, clusters },
      intent: { remove: [cluster], keepMs },
      output,
    }
  },
})
