import type { Crowding } from './diversity.ts'
import { expectedLoad, expectedPeak } from './expected.ts'
import { noiseOf } from './neighbours.ts'
import type { Scene } from './scene.ts'
import type { Seat } from './seats.ts'

/**
 * The node for one seat, the others being where they are: the domains with the fewest members of its cluster, then the node
 * that is least loaded should its member be promoted and something else fail, then the least loaded, then the quietest,
 * then the first by name. Pinned seats take the first node of their list that is free. Undefined when no node is allowed.
 */
export function chooseNode(seat: Seat, scene: Scene): number | undefined {
  const { ledger, rules, diversity } = scene
  if (seat.pinned !== undefined) {
    const named = seat.pinned.flatMap(name => ledger.fleet.find(name) ?? [])
    return named.find(node => rules.allow(seat, node))
  }
  const crowding = diversity.crowding(seat)
  const allowed = rules.allowing(seat)
  let best: number | undefined
  for (let node = 0; node < ledger.fleet.nodes.length; node += 1) {
    // What is not better need not be allowed, and asking that costs more.
    if (best !== undefined && compareNodes({ seat, scene, crowding, one: node, other: best }) >= 0) continue
    if (allowed(node)) best = node
  }
  return best
}

/** Below 0 when the first of two nodes is better for a seat that is on neither. */
function compareNodes({
  seat,
  scene: { ledger },
  crowding,
  one,
  other,
}: {
  readonly seat: Seat
  readonly scene: Scene
  readonly crowding: Crowding
  readonly one: number
  readonly other: number
}): number {
  for (let rank = 0; rank < crowding.ranks; rank += 1) {
    const difference = crowding.at(one, rank) - crowding.at(other, rank)
    if (difference !== 0) return difference
  }
  return (
    expectedPeak(ledger, seat, one) - expectedPeak(ledger, seat, other) ||
    expectedLoad(ledger, seat, one) - expectedLoad(ledger, seat, other) ||
    noiseOf(ledger, seat, one) - noiseOf(ledger, seat, other)
  )
}
