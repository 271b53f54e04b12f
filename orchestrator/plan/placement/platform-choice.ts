import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { platformOf } from '../node-view.ts'
import { majorOn } from '../operating-systems.ts'

export interface PlatformInput {
  readonly candidates: readonly SnapshotNode[]
  readonly cluster: ClusterSpec
  /** Label over which members must be isolated: then distinct values count, not nodes. */
  readonly isolation: string | undefined
}

/**
 * The candidates of one platform (S7): one that has room for all members if there is any, then the newest PostgreSQL,
 * then the most nodes, then the name.
 */
export function choosePlatform({ candidates, cluster, isolation }: PlatformInput): readonly SnapshotNode[] {
  const groups = Map.groupBy(candidates, platformOf)
  const room = (nodes: readonly SnapshotNode[]): number =>
    isolation === undefined ? nodes.length : new Set(nodes.map(node => node.labels[isolation])).size
  const major = (nodes: readonly SnapshotNode[]): number => majorOn(nodes[0]?.os ?? '', cluster.postgresVersion)
  const fits = (nodes: readonly SnapshotNode[]): number => Math.min(room(nodes), cluster.members)
  const ranked = [...groups].sort(
    ([leftName, left], [rightName, right]) =>
      fits(right) - fits(left) ||
      major(right) - major(left) ||
      right.length - left.length ||
      (leftName < rightName ? -1 : 1),
  )
  return ranked[0]?.[1] ?? []
}
