import type { ClusterName, InstanceName, NodeId } from '../../../../shared/domain/ids.ts'
import { leads } from '../../../../shared/domain/observation.ts'
import type { Allocations, Snapshot, SnapshotNode } from '../../../../shared/domain/snapshot.ts'
import { foundersOf } from '../../../plan/voters/decide-voters.ts'

/** What will be so by the time a plan is carried out. */
export interface Supposition {
  /** Takes nothing new, and gives up its voter. */
  readonly drained?: NodeId
  /** Will never come back. */
  readonly gone?: NodeId
  /** Who has been handed the lead by then, by cluster. */
  readonly led: Readonly<Record<ClusterName, InstanceName>>
}

/** The snapshot as it will be; pure. */
export function supposing(snapshot: Snapshot, { drained, gone, led }: Supposition): Snapshot {
  return {
    ...snapshot,
    allocations: gone === undefined ? snapshot.allocations : withFounders(snapshot, gone),
    nodes: snapshot.nodes
      .filter(({ id }) => id !== gone)
      .map(node => (node.id === drained ? { ...node, state: 'draining' as const } : node))
      .map(node => withLeaders(node, led)),
  }
}

/** What voters began with is kept while the addresses of all are still known. */
function withFounders(snapshot: Snapshot, gone: NodeId): Allocations {
  const { etcd } = snapshot.allocations
  if (etcd === null || !etcd.members.some(({ nodeId }) => nodeId === gone)) return snapshot.allocations
  return { ...snapshot.allocations, etcd: { ...etcd, founders: foundersOf(etcd, snapshot) } }
}

function withLeaders(node: SnapshotNode, led: Supposition['led']): SnapshotNode {
  if (node.observation === undefined) return node
  const instances = node.observation.instances.map(each => {
    const leader = led[each.cluster]
    if (leader === undefined) return each
    if (each.instance === leader) return { ...each, role: 'primary' as const, state: 'running' }
    return leads(each.role) ? { ...each, role: 'replica' as const } : each
  })
  return { ...node, observation: { ...node.observation, instances } }
}
