import type { ClusterAllocation } from '../../../shared/domain/snapshot.ts'
import { MAX_PORT_BLOCK } from '../render/ports.ts'

/** The lowest block that no cluster on any of these nodes uses; undefined when all are taken. */
export function freePortBlock(nodeIds: readonly string[], others: readonly ClusterAllocation[]): number | undefined {
  const neighbours = others.filter(other => other.members.some(member => nodeIds.includes(member.nodeId)))
  const used = new Set(neighbours.map(neighbour => neighbour.portBlock))
  for (let block = 0; block <= MAX_PORT_BLOCK; block += 1) {
    if (!used.has(block)) return block
  }
  return undefined
}

/** True when a cluster that grows onto these nodes would meet another one on its ports. */
export function portsClash(block: number, nodeIds: readonly string[], others: readonly ClusterAllocation[]): boolean {
  return others.some(
    other => other.portBlock === block && other.members.some(member => nodeIds.includes(member.nodeId)),
  )
}
