import type { Crowding } from './diversity.ts'
import { expectedLoad, expectedPeak } from './expected.ts'
import type { Ledger } from './ledger.ts'
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
  let best: Standing | undefined
  for (let node = 0; node < ledger.fleet.nodes.length; node += 1) {
    // What is not better need not be allowed, and asking that costs more.
    if (best !== undefined && !isBetter({ seat, ledger, crowding, node, best })) continue
    if (allowed(node)) best = standingOf({ seat, ledger, crowding, node })
  }
  return best?.node
}

/** What a node would come to with the seat, kept for the best one so far. */
interface Standing {
  readonly node: number
  readonly crowding: readonly number[]
  readonly peak: number
  readonly load: number
  readonly noise: number
}

interface Candidate {
  readonly seat: Seat
  readonly ledger: Ledger
  readonly crowding: Crowding
  readonly node: number
}

function standingOf({ seat, ledger, crowding, node }: Candidate): Standing {
  return {
    node,
    crowding: Array.from({ length: crowding.ranks }, (_, rank) => crowding.at(node, rank)),
    peak: expectedPeak(ledger, seat, node),
    load: expectedLoad(ledger, seat, node),
    noise: noiseOf(ledger, seat, node),
  }
}

function isBetter({ seat, ledger, crowding, node, best }: Candidate & { readonly best: Standing }): boolean {
  for (let rank = 0; rank < crowding.ranks; rank += 1) {
    const difference = crowding.at(node, rank) - (best.crowding[rank] ?? 0)
    if (difference !== 0) return difference < 0
  }
  const peak = expectedPeak(ledger, seat, node)
  if (peak !== best.peak) return peak < best.peak
  const load = expectedLoad(ledger, seat, node)
  if (load !== best.load) return load < best.load
  return noiseOf(ledger, seat, node) < best.noise
}
