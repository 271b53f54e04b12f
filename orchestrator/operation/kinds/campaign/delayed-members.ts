import type { InstanceName } from '../../../../shared/domain/ids.ts'
import type { Snapshot } from '../../../../shared/domain/snapshot.ts'

/** Members that stay behind on purpose. Pure. */
export function delayedMembers({
  appliedSpec,
  allocations,
}: Pick<Snapshot, 'appliedSpec' | 'allocations'>): readonly InstanceName[] {
  return (appliedSpec?.clusters ?? []).flatMap(({ name, replicas, standbyOf }) => {
    const groups = replicas.filter(({ role }) => role === 'delayed').map(group => group.name)
    const isDelayed = (standbyOf?.delaySeconds ?? 0) > 0
    return (allocations.clusters[name]?.members ?? [])
      .filter(({ group }) => isDelayed || (group !== undefined && groups.includes(group)))
      .map(({ instance }) => instance)
  })
}
