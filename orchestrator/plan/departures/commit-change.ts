import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { ClusterWork, WorkInput } from '../cluster-work.ts'
import { clusterPlace, failure } from '../problems.ts'
import { fullMembers, topologyOf } from '../topology/cluster-topology.ts'
import { observedSync, ruleOf } from '../topology/observed-sync.ts'
import { syncChangeBlocker, type WantedSync } from '../topology/sync-change.ts'
import type { SyncState } from '../topology/sync-state.ts'

export interface CommitChange {
  readonly observed: SyncState
  readonly wanted: WantedSync
  /** Reachable members that stay or take somebody's place. */
  readonly stay: readonly InstanceName[]
}

/**
 * From who confirms commits now to who confirms them when the leavers are gone; newcomers count as there, since they are
 * waited for before. Undefined when no full member leaves, or nothing is seen of the cluster.
 */
export function commitChange({ cluster, newInstances }: ClusterWork, input: WorkInput): CommitChange | undefined {
  const { snapshot, allocations, leaving } = input
  const allocation = allocations.clusters[cluster.name]
  const leaves = leaving.members.some(member => member.cluster === cluster.name && member.group === undefined)
  if (allocation === undefined || !leaves) return undefined
  const applied = snapshot.appliedSpec?.clusters.find(({ name }) => name === cluster.name) ?? cluster
  const before = { snapshot, allocations: leaving.allocations }
  const isStandby = cluster.standbyOf !== undefined
  const rule = isStandby ? { durability: 'async' as const, standbys: 1 } : ruleOf(applied, before)
  const seen = observedSync(cluster, rule, before)
  if (seen === undefined) return undefined
  const stay = fullMembers(topologyOf(cluster, allocation)).map(({ instance }) => instance)
  const reachable = [...new Set([...seen.reachable, ...stay.filter(each => newInstances.includes(each))])].sort()
  const observed = { ...seen, reachable, holders: rule.durability === 'async' ? reachable : seen.holders }
  return {
    observed,
    wanted: { rule: isStandby ? rule : ruleOf(cluster, input), admitted: [...stay].sort() },
    stay: stay.filter(each => reachable.includes(each)),
  }
}

/** What would lose acknowledged commits or stop all writes, were the leavers to go as things are. */
export function checkFarewell(work: ClusterWork, input: WorkInput): readonly Problem[] {
  const change = commitChange(work, input)
  const blocker = change === undefined ? undefined : syncChangeBlocker(change.observed, change.wanted)
  if (blocker === undefined) return []
  return [
    failure({
      code: 'removal-blocked',
      message: `nobody can leave cluster ${work.cluster.name} now: ${blocker}`,
      hint: 'Bring its other members back first: `drover status` shows them.',
      ...clusterPlace(input.spec, work.cluster, 'members'),
    }),
  ]
}
