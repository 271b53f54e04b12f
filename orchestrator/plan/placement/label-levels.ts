import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'

/**
 * The labels that the clusters of a fleet keep apart over, from wide to narrow: those of `spread` in their order, where
 * clusters differ each beside its neighbours, and a label of `isolation` or `across` alone by how many values it has.
 */
export function labelLevels(spec: FleetSpec, nodes: readonly SnapshotNode[]): readonly string[] {
  const levels: string[] = []
  for (const { placement } of spec.clusters) mergeInto(levels, placement.spread)
  const values = (key: string): number => new Set(nodes.flatMap(({ labels }) => labels[key] ?? [])).size
  const alone = spec.clusters.flatMap(({ placement, synchronous }) => [
    placement.isolation ?? [],
    synchronous.across ?? [],
  ])
  for (const key of alone.flat()) {
    if (levels.includes(key)) continue
    const narrower = levels.findIndex(level => values(level) > values(key))
    levels.splice(narrower < 0 ? levels.length : narrower, 0, key)
  }
  return levels
}

/** A label that is new stands before the next one of its list that is known. */
function mergeInto(levels: string[], list: readonly string[]): void {
  for (const [index, key] of list.entries()) {
    if (levels.includes(key)) continue
    const next = list.slice(index + 1).find(each => levels.includes(each))
    levels.splice(next === undefined ? levels.length : levels.indexOf(next), 0, key)
  }
}
