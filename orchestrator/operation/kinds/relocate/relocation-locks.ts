import type { ClusterName, NodeId } from '../../../../shared/domain/ids.ts'
import type { Manifest } from '../../../../shared/domain/manifest.ts'
import type { Plan, PlanStep } from '../../../../shared/domain/plan.ts'
import { clusterLock, FLEET_LOCK, PLAN_LOCK } from '../../journal.ts'

/** A transaction has few writes, and most are needed for other things. */
const MOST_CLUSTERS = 64

/**
 * What a relocation keeps others away from, for its whole length: a copy may take hours. Nobody else plans meanwhile, since the plan
 * brings hosts to whole manifests that were rendered when it was made, and its allocations and settings count for everybody. And nobody
 * works on a cluster that has a member, before or after, on a host that the plan changes, or that it waits for. All that other clusters
 * can be told by name (a switchover, a restart, a copy, an upgrade) changes neither allocations nor anything of those hosts, so it goes on.
 * When voters of etcd change, hosts of all clusters do, and none is left out. Pure.
 */
export function relocationLocks(
  { phases }: Pick<Plan, 'phases'>,
  manifests: ReadonlyMap<NodeId, Manifest>,
): readonly string[] {
  const touched = new Set(phases.flatMap(({ steps }) => steps).flatMap(step => clustersOf(step, manifests)))
  if (touched.size > MOST_CLUSTERS) return [FLEET_LOCK]
  return [PLAN_LOCK, ...[...touched].sort().map(clusterLock)]
}

function clustersOf(step: PlanStep, manifests: ReadonlyMap<NodeId, Manifest>): readonly ClusterName[] {
  const on = (manifest: Manifest | undefined): readonly ClusterName[] =>
    (manifest?.watches.instances ?? []).map(({ cluster }) => cluster)
  // Where a scope is forgotten is any host that has a voter: nothing of its clusters changes.
  const isElsewhere = step.kind === 'forget-scope'
  const nodes =
    'nodeId' in step && !isElsewhere
      ? [step.nodeId]
      : step.kind === 'await-clients'
        ? step.poolers.map(each => each.nodeId)
        : []
  return [
    ...('cluster' in step ? [step.cluster] : []),
    ...(step.kind === 'await' && 'cluster' in step.condition ? [step.condition.cluster] : []),
    ...(step.kind === 'converge' ? on(step.manifest) : []),
    ...nodes.flatMap(nodeId => on(manifests.get(nodeId))),
  ]
}
