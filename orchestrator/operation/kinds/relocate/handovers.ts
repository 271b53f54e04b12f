import { DroverError } from '../../../../shared/domain/errors.ts'
import type { InstanceName } from '../../../../shared/domain/ids.ts'
import type { InstanceObservation } from '../../../../shared/domain/observation.ts'
import type { Snapshot } from '../../../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../../../shared/domain/spec.ts'
import { observedPrimary } from '../../../plan/cluster-work.ts'
import type { SwitchoverInput } from '../switchover/switchover.ts'

/**
 * The switchovers that members have to be spared before they leave: a primary hands over to a member that stays, where commits wait
 * for a standby to one that confirms them, since Patroni hands over to no other. Pure. Errors: `conflict` when nobody is seen that
 * could take over: an orchestrator that has just been started has not been told of everybody.
 */
export function handoversFor(
  leaving: readonly InstanceName[],
  spec: FleetSpec,
  snapshot: Snapshot,
): readonly (SwitchoverInput & { readonly to: InstanceName })[] {
  return spec.clusters.flatMap(cluster => {
    const primary = observedPrimary(cluster.name, snapshot)
    if (primary === undefined || !leaving.includes(primary)) return []
    if (cluster.standbyOf !== undefined)
      throw refusal(primary, 'it leads a standby cluster, which this version cannot hand over by itself')
    return [
      {
        cluster: cluster.name,
        to: heirOf(cluster, primary, leaving, snapshot),
        awaitSynchronous: cluster.durability !== 'async',
      },
    ]
  })
}

function heirOf(
  cluster: ClusterSpec,
  primary: InstanceName,
  leaving: readonly InstanceName[],
  snapshot: Snapshot,
): InstanceName {
  const full = snapshot.allocations.clusters[cluster.name]?.members.filter(({ group }) => group === undefined) ?? []
  const candidates = full
    .filter(({ instance }) => !leaving.includes(instance))
    .flatMap(({ instance, nodeId }) => {
      const node = snapshot.nodes.find(({ id }) => id === nodeId)
      const seen = node?.observation?.instances.find(each => each.instance === instance)
      return seen !== undefined && node?.state !== 'silent' && streams(seen) ? [seen] : []
    })
    .toSorted(
      (left, right) =>
        Number(right.role === 'sync-standby') - Number(left.role === 'sync-standby') ||
        (left.instance < right.instance ? -1 : 1),
    )
  const [heir] = candidates
  if (full.length < 2)
    throw refusal(primary, `it is the only member of ${cluster.name}: set \`members: 2\` and apply, then try again`)
  if (heir === undefined)
    throw refusal(primary, `it is the primary and no other member of ${cluster.name} is seen to stream`)
  if (cluster.durability !== 'async' && heir.role !== 'sync-standby')
    throw refusal(primary, `it is the primary and no member of ${cluster.name} that stays is seen to confirm commits`)
  return heir.instance
}

function streams({ state }: InstanceObservation): boolean {
  return state === 'running' || state === 'streaming'
}

function refusal(instance: InstanceName, why: string): DroverError {
  return new DroverError('conflict', `${instance} cannot leave its node: ${why}`, { retryable: false })
}
