import { improve } from './improve.ts'
import type { Scene } from './scene.ts'
import { seatCluster, unseat } from './seat-cluster.ts'
import type { Party } from './seats.ts'
import type { Shortage } from './shortage.ts'

/** How often a cluster that found no room may go first instead. */
const ROUNDS = 8

/**
 * Gives every member that is missing a node: all clusters together, the largest first, then by name; a cluster that finds no
 * room because of those before it goes first, and all begin anew. Then the whole is improved. Returns what is impossible.
 */
export function arrange(scene: Scene): readonly Shortage[] {
  let order = inOrder(scene.parties.filter(isIncomplete), scene)
  let shortages: ReadonlyMap<Party, Shortage> = new Map()
  const pushes = new Set<Party>()
  for (let round = 0; round < ROUNDS; round += 1) {
    shortages = seatInOrder(order, scene)
    const pushed = [...shortages.keys()].find(party => party !== order[0] && !pushes.has(party))
    if (pushed === undefined || round === ROUNDS - 1) break
    pushes.add(pushed)
    for (const party of order) unseat(party, scene)
    order = [pushed, ...order.filter(party => party !== pushed)]
  }
  const seated = order.filter(party => !shortages.has(party))
  improve(scene, {
    movable: new Set(
      seated.flatMap(party => party.seats.filter(seat => seat.exists === undefined && seat.pinned === undefined)),
    ),
    leaderless: new Set(
      seated.filter(party => party.existing === undefined && party.spec.placement.nodes === undefined),
    ),
  })
  return [...shortages.values()]
}

function seatInOrder(order: readonly Party[], scene: Scene): ReadonlyMap<Party, Shortage> {
  const shortages = new Map<Party, Shortage>()
  for (const party of order) {
    const shortage = seatCluster(party, scene)
    if (shortage !== undefined) shortages.set(party, shortage)
  }
  return shortages
}

function isIncomplete(party: Party): boolean {
  return party.seats.some(seat => seat.exists === undefined)
}

/** Pinned ones first, since they have no choice. */
function inOrder(parties: readonly Party[], { ledger }: Scene): readonly Party[] {
  const { inverse } = ledger.fleet
  const usual = [0, 1, 2, 3].map(
    resource => inverse.reduce((sum, each) => sum + (each[resource] ?? 0), 0) / Math.max(1, inverse.length),
  )
  const size = ({ demand }: Party): number =>
    Math.max(...demand.taken.primary.map((amount, resource) => amount * (usual[resource] ?? 0)))
  return parties
    .map(party => ({ party, pinned: Number(party.seats.some(seat => seat.pinned !== undefined)), size: size(party) }))
    .sort(
      (left, right) =>
        right.pinned - left.pinned || right.size - left.size || (left.party.spec.name < right.party.spec.name ? -1 : 1),
    )
    .map(({ party }) => party)
}
