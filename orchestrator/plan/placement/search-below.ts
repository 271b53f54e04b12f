import { assertNever } from '../../../shared/domain/errors.ts'
import { type Exchange, isAllowed, perform, touchedBy } from './exchange.ts'
import type { Bound } from './improve.ts'
import { exchangesFor, type Relief } from './relieve.ts'
import type { Scene } from './scene.ts'

/** How far below the highest share the search aims, as a part of it. */
const GAIN = 0.005
/** Steps that bring the aim no nearer before it gives up. Bounds the time, and unlike a clock it is the same every time. */
const PATIENCE = 24
/** Free members above which it is not begun: in large fleets single exchanges find what there is, and a step costs more. */
const MEMBERS = 400
/** An excess below it is none: sums of shares are not exact. */
const ROUNDING = 1e-9

/**
 * Leaves a placement that no single exchange improves, by tabu search (Glover 1989): takes the exchange after which least
 * is above the aim, even if that is more than before, and lets nobody return to where they were. The bounds of the stages
 * before may be exceeded on the way but not at the end. True: the highest share is lower by GAIN; false: all is as it was.
 */
export function searchBelow(relief: Relief): boolean {
  const { scene, freedom, share, within } = relief
  const highest = Math.max(0, ...share)
  if (highest === 0 || freedom.movable.size > MEMBERS) return false
  const bounds = [...within, { share, ceiling: highest * (1 - GAIN) }]
  const nodes = [...scene.ledger.fleet.nodes.keys()]
  const restore = remember(scene)
  const left = new Set<string>()
  let least = excessOf(nodes, bounds)
  for (let [step, idle] = [0, 0]; idle < PATIENCE; step += 1, idle += 1) {
    const over = nodes.filter(node => excessOf([node], bounds) > 0)
    const full = over[step % Math.max(1, over.length)]
    if (full === undefined) return true
    const nearer = least - excessOf(over, bounds)
    const exchange = bestFor({ relief, full, bounds, left, nearer })
    if (exchange === undefined) continue
    for (const position of departures(exchange, scene)) left.add(position)
    perform(exchange, scene)
    const excess = excessOf(nodes, bounds)
    if (excess < least - ROUNDING) idle = -1
    least = Math.min(least, excess)
  }
  restore()
  return false
}

/** The exchange off a node that adds the least excess: none that returns, unless it comes nearer to the aim than anything did. */
function bestFor({
  relief: { scene, freedom, share },
  full,
  bounds,
  left,
  nearer,
}: {
  readonly relief: Relief
  readonly full: number
  readonly bounds: readonly Bound[]
  /** Positions that somebody was in. */
  readonly left: ReadonlySet<string>
  /** A change below this one comes nearer than anything did. */
  readonly nearer: number
}): Exchange | undefined {
  let best: Exchange | undefined
  let least = Number.POSITIVE_INFINITY
  for (const exchanges of exchangesFor({ scene, freedom, full, share })) {
    for (const exchange of exchanges) {
      if (!isAllowed(exchange, scene)) continue
      const change = changeBy(exchange, scene, bounds)
      if (change >= least) continue
      if (change >= nearer - ROUNDING && arrivals(exchange, scene).some(position => left.has(position))) continue
      least = change
      best = exchange
    }
  }
  return best
}

function changeBy(exchange: Exchange, scene: Scene, bounds: readonly Bound[]): number {
  const nodes = touchedBy(exchange, scene)
  const before = excessOf(nodes, bounds)
  const undo = perform(exchange, scene)
  const after = excessOf(nodes, bounds)
  undo()
  return after - before
}

/** By how much nodes are above their bounds, all together. */
function excessOf(nodes: readonly number[], bounds: readonly Bound[]): number {
  let sum = 0
  for (const { share, ceiling } of bounds) {
    for (const node of nodes) {
      const above = (share[node] ?? 0) - ceiling
      if (above > ROUNDING) sum += above
    }
  }
  return sum
}

/** The positions that an exchange ends: a member on a node, or in the lead. */
function departures(exchange: Exchange, { ledger }: Scene): readonly string[] {
  const { kind, seat } = exchange
  switch (kind) {
    case 'move':
      return [`${seat.id} on ${ledger.nodeOf(seat)}`]
    case 'swap':
      return [seat, exchange.other].map(each => `${each.id} on ${ledger.nodeOf(each)}`)
    case 'lead':
      return [`${ledger.primaryOf(seat.cluster)?.id} leads`]
    default:
      return assertNever(kind)
  }
}

/** The positions that an exchange begins. */
function arrivals(exchange: Exchange, { ledger }: Scene): readonly string[] {
  const { kind, seat } = exchange
  switch (kind) {
    case 'move':
      return [`${seat.id} on ${exchange.to}`]
    case 'swap':
      return [`${seat.id} on ${ledger.nodeOf(exchange.other)}`, `${exchange.other.id} on ${ledger.nodeOf(seat)}`]
    case 'lead':
      return [`${seat.id} leads`]
    default:
      return assertNever(kind)
  }
}

/** What brings everything back to where it is now. */
function remember({ ledger, parties }: Scene): () => void {
  const places = parties.flatMap(({ seats }) => seats.map(seat => ({ seat, node: ledger.nodeOf(seat) })))
  const leaders = parties.flatMap(party => ledger.primaryOf(party) ?? [])
  return () => {
    for (const { seat, node } of places) if (node !== undefined && ledger.nodeOf(seat) !== node) ledger.move(seat, node)
    for (const seat of leaders) if (ledger.primaryOf(seat.cluster) !== seat) ledger.promote(seat)
  }
}
