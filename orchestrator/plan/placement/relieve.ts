import { type Exchange, isAllowed, perform, touchedBy } from './exchange.ts'
import type { Bound, Freedom, Stage } from './improve.ts'
import type { Ledger } from './ledger.ts'
import type { Scene } from './scene.ts'

/** Nodes that are looked at together as places for what a full node sheds; the next ones only when none of these helps. */
const PLACES = 16
/** Nodes from which nothing could be taken before the search ends. */
const STUCK = 16
/** Exchanges that one call may try. Bounds the time, and unlike a clock it is the same every time. */
const TRIALS = 50_000
/** A gain below a hundredth of a percent is none. */
const LEAST_GAIN = 1e-4

export type Relief = Stage & { readonly share: Float64Array }

/**
 * Takes the best exchange off the node with the highest share, again and again, until no exchange lowers that share without
 * raising another node as high. Nodes for which there is none are passed over, so that one full node does not end it.
 */
export function relieve({ scene, freedom, share, within }: Relief): void {
  const stuck = new Set<number>()
  let trials = TRIALS
  for (let full = fullest(share, stuck); full !== undefined && trials > 0; full = fullest(share, stuck)) {
    let aim = (share[full] ?? 0) - LEAST_GAIN
    let best: Exchange | undefined
    for (const exchanges of exchangesFor({ scene, freedom, full, share })) {
      for (const exchange of exchanges) {
        if (trials === 0) break
        if (!couldFit({ exchange, full, aim, ledger: scene.ledger })) continue
        trials -= 1
        const result = tried({ exchange, scene, share, within: [...within, { share, ceiling: aim }] })
        if (result === undefined) continue
        best = exchange
        aim = result - LEAST_GAIN
      }
      if (best !== undefined || trials === 0) break
    }
    if (best === undefined) stuck.add(full)
    else perform(best, scene)
    if (stuck.size === STUCK) return
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

/**
 * What could take something off a node, the most promising first: another primary of its clusters; members sent to, or
 * changing places with those of, the emptiest nodes; then the less empty ones.
 */
export function* exchangesFor({
  scene: { ledger },
  freedom,
  full,
  share,
}: {
  readonly scene: Scene
  readonly freedom: Freedom
  readonly full: number
  readonly share: Float64Array
}): Generator<readonly Exchange[]> {
  const seats = ledger.seatsOn(full)
  const leads = seats.flatMap(({ cluster }) =>
    freedom.leaderless.has(cluster)
      ? cluster.seats.filter(seat => seat.group === undefined && seat !== ledger.primaryOf(cluster))
      : [],
  )
  const movable = seats.filter(seat => freedom.movable.has(seat))
  const places = movable.length === 0 ? [] : emptiestFirst(share, full)
  for (let start = 0; start === 0 || start < places.length; start += PLACES) {
    const some = places.slice(start, start + PLACES)
    yield [
      ...(start === 0 ? leads.map((seat): Exchange => ({ kind: 'lead', seat })) : []),
      ...movable.flatMap(seat => some.map((to): Exchange => ({ kind: 'move', seat, to }))),
      ...movable.flatMap(seat =>
        some.flatMap(place =>
          ledger
            .seatsOn(place)
            .flatMap((other): readonly Exchange[] =>
              freedom.movable.has(other) && other.cluster !== seat.cluster ? [{ kind: 'swap', seat, other }] : [],
            ),
        ),
      ),
    ]
  }
}

/** A quick look before an exchange is tried: whether the two nodes come below the aim at all, promotions left aside. */
function couldFit({
  exchange,
  full,
  aim,
  ledger,
}: {
  readonly exchange: Exchange
  readonly full: number
  readonly aim: number
  readonly ledger: Ledger
}): boolean {
  if (exchange.kind === 'lead') return true
  const place = exchange.kind === 'move' ? exchange.to : ledger.nodeOf(exchange.other)
  if (place === undefined) return false
  const gone = exchange.seat.cluster.demand.taken[ledger.purposeOf(exchange.seat)]
  const come =
    exchange.kind === 'swap' ? exchange.other.cluster.demand.taken[ledger.purposeOf(exchange.other)] : undefined
  for (let resource = 0; resource < 4; resource += 1) {
    const change = (gone[resource] ?? 0) - (come?.[resource] ?? 0)
    const [here, there] = [ledger.fleet.inverse[full]?.[resource] ?? 0, ledger.fleet.inverse[place]?.[resource] ?? 0]
    if ((ledger.used(full, resource) - change) * here > aim) return false
    if ((ledger.used(place, resource) + change) * there > aim) return false
  }
  return true
}

function fullest(share: Float64Array, without: ReadonlySet<number>): number | undefined {
  let full: number | undefined
  for (const [node, value] of share.entries())
    if (value > (full === undefined ? 0 : (share[full] ?? 0)) && !without.has(node)) full = node
  return full
}

function emptiestFirst(share: Float64Array, without: number): readonly number[] {
  return [...share.keys()]
    .filter(node => node !== without)
    .sort((left, right) => (share[left] ?? 0) - (share[right] ?? 0) || left - right)
}
