import type { InstanceName } from '../../../shared/domain/ids.ts'
import { type InstanceObservation, leads } from '../../../shared/domain/observation.ts'
import type { Allocations, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { fullMembers, topologyOf } from './cluster-topology.ts'
import { confirmingStandbys, domainsOf } from './confirming-standbys.ts'
import type { CommitRule, SyncState } from './sync-state.ts'

interface Fleet {
  readonly snapshot: Snapshot
  readonly allocations: Allocations
}

/** The rule that a cluster's spec asks for, on the nodes that it has. */
export function ruleOf(cluster: ClusterSpec, fleet: Fleet): CommitRule {
  return { durability: cluster.durability, standbys: confirmingStandbys(cluster, domainsOf(cluster, fleet)) }
}

/**
 * What is seen of a cluster under a rule that is taken for the one in force; undefined while no primary is seen. A standby
 * that streams without having to confirm is taken to have what the primary had when the rule was looser.
 */
export function observedSync(cluster: ClusterSpec, rule: CommitRule, fleet: Fleet): SyncState | undefined {
  const allocation = fleet.allocations.clusters[cluster.name]
  if (allocation === undefined) return undefined
  const admitted = fullMembers(topologyOf(cluster, allocation))
    .map(({ instance }) => instance)
    .sort()
  const seen = new Map(
    fleet.snapshot.nodes.flatMap(node =>
      node.state === 'silent' ? [] : (node.observation?.instances ?? []).map(each => [each.instance, each] as const),
    ),
  )
  const reachable = admitted.filter(instance => streams(seen.get(instance)))
  const primary = reachable.find(instance => leads(seen.get(instance)?.role ?? 'unknown'))
  if (primary === undefined) return undefined
  const confirming = reachable.filter(instance => seen.get(instance)?.role === 'sync-standby')
  const isAsync = rule.durability === 'async'
  return {
    primary,
    rule,
    admitted,
    reachable,
    confirming: isAsync ? [] : confirming,
    holders: isAsync ? reachable : sorted([primary, ...confirming]),
  }
}

function streams(instance: InstanceObservation | undefined): boolean {
  return instance?.state === 'running' || instance?.state === 'streaming'
}

function sorted(names: readonly InstanceName[]): readonly InstanceName[] {
  return [...names].sort()
}
