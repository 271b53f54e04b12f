import { inSteps } from './expected.ts'
import type { Scene } from './scene.ts'
import type { Party, Seat } from './seats.ts'

/**
 * Which member of a new cluster is made first and leads: the one with which the cluster's nodes have the lowest peak, then
 * the lowest load; then the one whose node, and whose loss domain, has the fewest primaries; then the first seat.
 * The first of a pinned list leads.
 */
export function choosePrimary(party: Party, scene: Scene): void {
  const { ledger } = scene
  const [first, ...others] = party.seats.filter(seat => seat.group === undefined)
  if (first === undefined) return
  ledger.promote(first)
  if (first.pinned !== undefined) return
  const around = primaries(scene, party)
  let best = { seat: first, rank: rankOf(first, scene, around) }
  for (const seat of others) {
    ledger.promote(seat)
    const rank = rankOf(seat, scene, around)
    if (compareRanks(rank, best.rank) < 0) best = { seat, rank }
  }
  ledger.promote(best.seat)
}

/** Primaries on each node and in each loss domain, without those of one cluster. */
export function primaries(scene: Scene, without: Party): (node: number) => readonly [onNode: number, inDomain: number] {
  const { ledger, parties } = scene
  const { lossDomain } = ledger.fleet
  const onNode = new Map<number, number>()
  const inDomain = new Map<number, number>()
  for (const party of parties) {
    const seat = party === without ? undefined : ledger.primaryOf(party)
    const node = seat === undefined ? undefined : ledger.nodeOf(seat)
    if (node === undefined) continue
    const domain = lossDomain[node] ?? 0
    onNode.set(node, (onNode.get(node) ?? 0) + 1)
    inDomain.set(domain, (inDomain.get(domain) ?? 0) + 1)
  }
  return node => [onNode.get(node) ?? 0, inDomain.get(lossDomain[node] ?? 0) ?? 0]
}

function rankOf(primary: Seat, { ledger }: Scene, around: ReturnType<typeof primaries>): readonly number[] {
  const nodes = primary.cluster.seats.flatMap(seat => ledger.nodeOf(seat) ?? [])
  const highest = (shares: Float64Array): number => inSteps(Math.max(...nodes.map(node => shares[node] ?? 0)))
  return [highest(ledger.peak), highest(ledger.load), ...around(ledger.nodeOf(primary) ?? -1)]
}

function compareRanks(left: readonly number[], right: readonly number[]): number {
  for (const [index, value] of left.entries()) {
    const difference = value - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
