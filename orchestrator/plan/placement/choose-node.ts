import type { Ledger } from './ledger.ts'
import { noiseOf } from './neighbours.ts'
import { type Scene, STEP } from './scene.ts'
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
  let best: Rank | undefined
  for (let node = 0; node < ledger.fleet.nodes.length; node += 1) {
    if (!rules.allow(seat, node)) continue
    const rank: Rank = { node, crowding: crowding(node), ...expected(ledger, seat, node) }
    if (
      best === undefined ||
      isBetter(rank, best, () => [noiseOf(ledger, seat, node), noiseOf(ledger, seat, best?.node ?? node)])
    )
      best = rank
  }
  return best?.node
}

/**
 * The load of a node if the seat were on it, and the peak if its member were promoted while the worst failure elsewhere
 * has its own effect there; both in steps.
 */
export function expected(ledger: Ledger, seat: Seat, node: number): { readonly peak: number; readonly load: number } {
  const inverse = ledger.fleet.inverse[node]
  const { taken } = seat.cluster.demand
  const calm = taken[seat.group?.role ?? 'standby']
  const busy = taken[seat.group?.role ?? 'primary']
  let peak = 0
  let load = 0
  for (let resource = 0; resource < 4; resource += 1) {
    const share = inverse?.[resource] ?? 0
    peak = Math.max(peak, (ledger.worst(node, resource) + (busy[resource] ?? 0)) * share)
    load = Math.max(load, (ledger.used(node, resource) + (calm[resource] ?? 0)) * share)
  }
  return { peak: inSteps(peak), load: inSteps(load) }
}

export function inSteps(share: number): number {
  return Math.round(share / STEP)
}

interface Rank {
  readonly node: number
  readonly crowding: readonly number[]
  readonly peak: number
  readonly load: number
}

/** The first of two that are equal stays, which is the first by name. */
function isBetter(one: Rank, other: Rank, noises: () => readonly [one: number, other: number]): boolean {
  for (const [index, count] of one.crowding.entries()) {
    const difference = count - (other.crowding[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  if (one.peak !== other.peak) return one.peak < other.peak
  if (one.load !== other.load) return one.load < other.load
  const [own, their] = noises()
  return own < their
}
