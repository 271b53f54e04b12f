import { z } from 'zod'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { clusterOf, readApplied } from './applied.ts'
import { plannedKind } from './planned-kind.ts'

/** `drover cluster start`: whoever was primary first, then the others. */
export const startCluster = plannedKind({
  kind: 'start-cluster',
  request: z.strictObject({ cluster: z.string() }),
  async ask({ cluster }, { fleet }) {
    const applied = await readApplied(fleet)
    const { hibernated, members } = clusterOf(applied, cluster)
    if (hibernated === undefined)
      throw new DroverError('conflict', `cluster ${cluster} is not stopped`, {
        retryable: false,
        hint: `drover status ${cluster}`,
      })
    return {
      clusters: [cluster],
      subject: cluster,
      spec: applied.spec,
      intent: { start: cluster },
      output: { cluster, instances: members.map(({ instance }) => instance) },
    }
  },
})
