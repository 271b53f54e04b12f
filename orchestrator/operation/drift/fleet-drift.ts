import type { ClusterDrift } from '../../../shared/domain/cluster-drift.ts'
import type { ClusterName, NodeId } from '../../../shared/domain/ids.ts'
import type { Snapshot } from '../../../shared/domain/snapshot.ts'
import type { CompareHosts, Comparison } from '../compare-hosts.ts'
import type { CompareClusters } from './compare-clusters.ts'

/** What is and what was applied. */
export interface FleetDrift {
  readonly compareHosts: CompareHosts
  readonly compareClusters: CompareClusters
  readonly snapshot: () => Promise<Snapshot>
}

/** Hosts first: agents look at their servers with the same question. */
export async function lookAtFleet(
  { compareHosts, compareClusters, snapshot }: FleetDrift,
  request: {
    readonly nodeIds: readonly NodeId[]
    readonly clusters: readonly ClusterName[]
    readonly withinMs: number
    readonly signal: AbortSignal
  },
): Promise<{
  readonly hosts: ReadonlyMap<NodeId, Comparison>
  readonly clusters: ReadonlyMap<ClusterName, ClusterDrift>
}> {
  const { clusters, ...question } = request
  const hosts = await compareHosts(question)
  if (clusters.length === 0) return { hosts, clusters: new Map() }
  return { hosts, clusters: await compareClusters({ ...question, clusters, snapshot: await snapshot() }) }
}
