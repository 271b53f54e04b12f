import { z } from 'zod'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { readApplied } from './applied.ts'
import { plannedKind } from './planned-kind.ts'

/** `drover cluster undo-remove`: the same members, data, ports and passwords as before. */
export const undoRemove = plannedKind({
  kind: 'undo-remove',
  request: z.strictObject({ cluster: z.string() }),
  async ask({ cluster }, { fleet }) {
    const { spec, allocations } = await readApplied(fleet)
    const removed = allocations.removed?.[cluster]
    if (removed === undefined)
      throw new DroverError('not-found', `there is no removed cluster ${cluster}`, { hint: 'drover cluster list' })
    const clusters = removed.spec === undefined ? spec.clusters : [...spec.clusters, removed.spec]
    return {
      clusters: [cluster],
      subject: cluster,
      spec: { ...spec, clusters },
      intent: { restore: cluster },
      output: { cluster, instances: removed.allocation.members.map(({ instance }) => instance) },
    }
  },
})
