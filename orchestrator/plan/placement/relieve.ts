import { type Exchange, isAllowed, perform, touchedBy } from './exchange.ts'
import type { Bound, Freedom, Stage } from './improve.ts'
import type { Scene } from './scene.ts'

/** Nodes that are looked at as places for what a full node sheds, the emptiest first. */
const PLACES = 48
/** Exchanges that one call may try. Bounds the time, and unlike a clock it is the same every time. */
const TRIALS = 40_000
/** Nodes from which nothing could be taken before the search ends. */
const STUCK = 16
/** A smaller gain is rounding. */
const LEAST_GAIN = 1e-6

/**
 * Takes the best exchange off the node with the highest share, again and again, until no exchange lowers that share without
 * raising another node as high. Nodes for which there is none are passed over, so that one full node does not end it.
 */
export function relieve({ scene, freedom, share, within }: Stage & { readonly share: Float64Array }): void {
  const stuck = new Set<number>()
  let trials = TRIALS
  for (
    let full = fullest(share, stuck);
    full !== undefined && trials > 0 && stuck.size < STUCK;
    full = fullest(share, stuck)
  ) {
    let aim = (share[full] ?? 0) - LEAST_GAIN
    let best: Exchange | undefined
    for (const exchange of exchangesFor({ scene, freedom, full, share })) {
      if (trials === 0) break
      trials -= 1
      const result = tried({ exchange, scene, share, within: [...within, { share, ceiling: aim }] })
      if (result === undefined) continue
      best = exchange
      aim = result - LEAST_GAIN
    }
    if (best === undefined) stuck.add(full)
    else perform(best, scene)
  }
}

/** The highest share among the nodes that an exchange touches; undefined when it is not allowed or breaks a bound. */
export function tried({
  exchange,
  scene,
  share,
  within,
}: {
  readonly exchange: Exchange
  readonly scene: Scene
  readonly share: Float64Array
  readonly within: readonly Bound[]
}): number | undefined {
  if (!isAllowed(exchange, scene)) return undefined
  const nodes = touchedBy(exchange, scene)
  const undo = perform(exchange, scene)
  const kept = nodes.every(node => within.every(bound => (bound.share[node] ?? 0) <= bound.ceiling))
  const result = kept ? Math.max(...nodes.map(node => share[node] ?? 0)) : undefined
  undo()
  return result
}

/** What could take something off a node: another primary of its clusters, a member sent elsewhere, two that change places. */
export function* exchangesFor({
  scene,
  freedom,
  full,
  share,
}: {
  readonly scene: Scene
  readonly freedom: Freedom
  readonly full: number
  readonly share: Float64Array
}): Generator<Exchange> {
  const { ledger } = scene
  const seats = ledger.seatsOn(full).toSorted((left, right) => left.id - right.id)
  for (const { cluster } of seats) {
    if (!freedom.leaderless.has(cluster)) continue
    for (const seat of cluster.seats)
      if (seat.group === undefined && seat !== ledger.primaryOf(cluster)) yield { kind: 'lead', seat }
  }
  const movable = seats.filter(seat => freedom.movable.has(seat))
  if (movable.length === 0) return
  const places = emptiest(share, full)
  for (const seat of movable) for (const to of places) yield { kind: 'move', seat, to }
  for (const seat of movable) {
    for (const place of places) {
      const others = ledger.seatsOn(place).toSorted((left, right) => left.id - right.id)
      for (const other of others)
        if (freedom.movable.has(other) && other.cluster !== seat.cluster) yield { kind: 'swap', seat, other }
    }
  }
}

function fullest(share: Float64Array, without: ReadonlySet<number>): number | undefined {
  let full: number | undefined
  for (const [node, value] of share.entries())
    if (value > (full === undefined ? 0 : (share[full] ?? 0)) && !without.has(node)) full = node
  return full
}

/** The emptiest nodes, in order; a selection, since sorting all of a large fleet each time would take longest. */
function emptiest(share: Float64Array, without: number): readonly number[] {
  const places: number[] = []
  for (const [node, value] of share.entries()) {
    if (node === without) continue
    const last = places[PLACES - 1]
    if (last !== undefined && value >= (share[last] ?? 0)) continue
    let index = Math.min(places.length, PLACES - 1)
    for (; index > 0 && value < (share[places[index - 1] ?? 0] ?? 0); index -= 1) places[index] = places[index - 1] ?? 0
    places[index] = node
  }
  return places
}
