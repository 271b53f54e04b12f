import { platformOf } from '../node-view.ts'
import { majorOn } from '../operating-systems.ts'
import { chooseNode } from './choose-node.ts'
import { choosePrimary } from './choose-primary.ts'
import type { Scene } from './scene.ts'
import type { Party, Seat } from './seats.ts'
import { type Shortage, shortageOf } from './shortage.ts'

/**
 * Gives every missing member of a cluster a node, and a new cluster its first primary. Returns why not when a seat finds
 * none; then nothing of the cluster that is to be made has a node.
 */
export function seatCluster(party: Party, scene: Scene): Shortage | undefined {
  const { rules } = scene
  const missing = party.seats.filter(seat => seat.exists === undefined)
  if (rules.platformOf(party) !== undefined) return seatAll(missing, scene)
  let first: Shortage | undefined
  for (const platform of platformsFor(party, missing, scene)) {
    rules.settle(party, platform)
    const shortage = seatAll(missing, scene)
    if (shortage === undefined) {
      choosePrimary(party, scene)
      return undefined
    }
    first ??= shortage
    rules.settle(party, undefined)
  }
  return first ?? shortageOf(missing, scene)
}

/** Takes a new cluster, or what a grown one gets in addition, off its nodes again. */
export function unseat(party: Party, { ledger, rules }: Scene): void {
  const missing = party.seats.filter(seat => seat.exists === undefined)
  for (const seat of missing) ledger.take(seat)
  if (party.existing !== undefined) return
  ledger.demote(party)
  rules.settle(party, undefined)
}

function seatAll(seats: readonly Seat[], scene: Scene): Shortage | undefined {
  for (const seat of seats) {
    const node = chooseNode(seat, scene)
    if (node !== undefined) scene.ledger.put(seat, node)
    else if (!makeRoom(seat, seats, scene)) {
      const shortage = shortageOf(seats, scene)
      for (const placed of seats) scene.ledger.take(placed)
      return shortage
    }
  }
  return undefined
}

/** Lets a seat that finds nothing have the node of a sibling for which there is another one. */
function makeRoom(seat: Seat, siblings: readonly Seat[], scene: Scene): boolean {
  const { ledger, rules } = scene
  for (const sibling of siblings) {
    const node = ledger.nodeOf(sibling)
    if (node === undefined) continue
    ledger.take(sibling)
    if (rules.allow(seat, node)) {
      ledger.put(seat, node)
      const other = chooseNode(sibling, scene)
      if (other !== undefined) {
        ledger.put(sibling, other)
        return true
      }
      ledger.take(seat)
    }
    ledger.put(sibling, node)
  }
  return false
}

/**
 * The platforms (S7) on which there is any room, the best first: the one with room for the most members, then the newest
 * PostgreSQL, then the most nodes, then the name.
 */
function platformsFor(party: Party, missing: readonly Seat[], { ledger, rules }: Scene): readonly number[] {
  const { nodes, platform } = ledger.fleet
  const [only, ...several] = new Set(platform)
  if (only !== undefined && several.length === 0) return [only]
  const kinds = [...Map.groupBy(missing, seat => seat.group).values()]
  const ranked = [...new Set(platform)].flatMap(number => {
    const here = [...nodes.keys()].filter(index => platform[index] === number)
    const room = kinds.map(seats => {
      const [first] = seats
      if (first === undefined) return 0
      return Math.min(
        seats.length,
        domains(
          first,
          here.filter(node => rules.allow(first, node)),
          nodes,
        ),
      )
    })
    const sum = room.reduce((left, right) => left + right, 0)
    const node = nodes[here[0] ?? 0]
    if (sum === 0 || node === undefined) return []
    const major = majorOn(node.os ?? '', party.spec.postgresVersion)
    return [{ number, sum, major, count: here.length, name: platformOf(node) }]
  })
  return ranked
    .sort(
      (left, right) =>
        right.sum - left.sum ||
        right.major - left.major ||
        right.count - left.count ||
        (left.name < right.name ? -1 : 1),
    )
    .map(({ number }) => number)
}

/** How many of the nodes members may have at the same time. */
function domains(
  { cluster, group }: Seat,
  indices: readonly number[],
  nodes: Scene['ledger']['fleet']['nodes'],
): number {
  const key = group === undefined ? cluster.spec.placement.isolation : undefined
  return key === undefined ? indices.length : new Set(indices.map(index => nodes[index]?.labels[key])).size
}
