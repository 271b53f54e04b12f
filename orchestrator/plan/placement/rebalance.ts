import type { Rebalance } from '../../../shared/domain/plan.ts'
import type { Allocations, NodeState, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { dataDiskOf } from '../node-view.ts'
import { chooseNode } from './choose-node.ts'
import { type Exchange, isAllowed, perform, touchedBy } from './exchange.ts'
import { percent } from './explain-placement.ts'
import { exchangesFor, tried } from './relieve.ts'
import { type Scene, sceneOf } from './scene.ts'
import type { Seat } from './seats.ts'
import { domainPhrase } from './spread.ts'

/** A smaller fall of the load is not worth a copy: two hundredths of a node. */
const WORTH = 0.02
const MAX_MOVES = 5

export interface RebalanceInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly allocations: Allocations
  /** Switchovers count too. */
  readonly maxMoves?: number
  /** What may be copied altogether. */
  readonly maxBytes?: number
}

type Move = Rebalance['moves'][number]
type Proposal = { readonly exchange: Exchange; readonly because: string }

/**
 * Moves worth making, in the order in which to make them: what leaves a draining node, then what puts members of one
 * cluster further apart, then what takes load off the fullest node. A switchover copies nothing, so where it is enough it
 * stands instead of a move. A primary with standbys is never moved; it hands over first. Nothing is moved that is
 * pinned, not made yet, or on a node that is silent.
 */
export function proposeRebalance(input: RebalanceInput): Rebalance {
  const { maxMoves = MAX_MOVES, maxBytes = Number.POSITIVE_INFINITY } = input
  const scene = sceneOf(input)
  const { load } = scene.ledger
  const before = highest(load)
  const moves: Move[] = []
  let left = maxBytes
  while (moves.length < maxMoves) {
    const proposal = next(scene, left)
    if (proposal === undefined) break
    const move = describe(proposal, scene)
    left -= move.bytes
    perform(proposal.exchange, scene)
    moves.push(move)
  }
  return { moves, before, after: highest(load) }
}

function next(scene: Scene, maxBytes: number): Proposal | undefined {
  const seats = scene.parties.flatMap(party => party.seats).filter(seat => isMovable(seat, scene))
  const copyable = seats.filter(seat => bytesOf(seat, scene) <= maxBytes)
  return evacuation(copyable, scene) ?? diversification(copyable, scene) ?? relief(copyable, scene)
}

function isMovable(seat: Seat, scene: Scene): boolean {
  const { cluster, pinned } = seat
  return isReachable(seat, scene) && !cluster.gone && cluster.existing?.bootstrapped === true && pinned === undefined
}

function evacuation(seats: readonly Seat[], scene: Scene): Proposal | undefined {
  const { ledger } = scene
  for (const seat of seats) {
    const from = ledger.nodeOf(seat)
    const node = ledger.fleet.nodes[from ?? -1]
    if (from === undefined || node?.state !== 'draining') continue
    const successor = mustHandOver(seat, scene) ? successorOf(seat, scene) : undefined
    if (successor !== undefined)
      return {
        exchange: { kind: 'lead', seat: successor },
        because: `${node.name}, which holds the primary, is draining`,
      }
    if (mustHandOver(seat, scene)) continue
    ledger.take(seat)
    const to = chooseNode(seat, scene)
    ledger.put(seat, from)
    if (to !== undefined) return { exchange: { kind: 'move', seat, to }, because: `${node.name} is draining` }
  }
  return undefined
}

function diversification(seats: readonly Seat[], scene: Scene): Proposal | undefined {
  const { ledger, diversity } = scene
  for (const seat of seats) {
    const from = ledger.nodeOf(seat)
    if (from === undefined || mustHandOver(seat, scene)) continue
    ledger.take(seat)
    const to = chooseNode(seat, scene)
    ledger.put(seat, from)
    if (to === undefined || diversity.compareMove(seat, to) >= 0) continue
    const { spread } = seat.cluster.spec.placement
    const [here, there] = [from, to].map(index => ledger.fleet.nodes[index])
    const key = spread.find(each => here?.labels[each] !== there?.labels[each])
    const place = (node: typeof here): string =>
      key === undefined ? (node?.name ?? 'a node') : domainPhrase(node, key)
    return {
      exchange: { kind: 'move', seat, to },
      because: `${place(there)} holds fewer members of ${seat.cluster.spec.name} than ${place(here)}`,
    }
  }
  return undefined
}

/** The best exchange for the fullest node; a switchover if one is worth it. */
function relief(seats: readonly Seat[], scene: Scene): Proposal | undefined {
  const { ledger } = scene
  const full = ledger.load.indexOf(highest(ledger.load))
  const within = [{ share: ledger.peak, ceiling: highest(ledger.peak) }]
  const freedom = {
    movable: new Set(seats.filter(seat => !mustHandOver(seat, scene))),
    leaderless: new Set(seats.map(seat => seat.cluster)),
  }
  const name = ledger.fleet.nodes[full]?.name ?? ''
  const best = new Map<Exchange['kind'], { readonly exchange: Exchange; readonly result: number }>()
  const now = ledger.load[full] ?? 0
  for (const exchange of [...exchangesFor({ scene, freedom, full, share: ledger.load })].flat()) {
    if (exchange.kind === 'swap' || (exchange.kind === 'lead' && !canLead(exchange.seat, scene))) continue
    const result = tried({ exchange, scene, share: ledger.load, within })
    if (result !== undefined && result < Math.min(now - WORTH, best.get(exchange.kind)?.result ?? now))
      best.set(exchange.kind, { exchange, result })
  }
  const chosen = best.get('lead') ?? best.get('move')
  if (chosen === undefined) return undefined
  return { exchange: chosen.exchange, because: `${name} is loaded to ${percent(now)}, the most of all nodes` }
}

function describe({ exchange, because }: Proposal, scene: Scene): Move {
  const { ledger } = scene
  const { seat } = exchange
  const leader = ledger.primaryOf(seat.cluster)
  const from = exchange.kind === 'lead' && leader !== undefined ? ledger.nodeOf(leader) : ledger.nodeOf(seat)
  const to = exchange.kind === 'move' ? exchange.to : ledger.nodeOf(seat)
  const nodes = touchedBy(exchange, scene)
  const fullest = (): number => Math.max(...nodes.map(node => ledger.load[node] ?? 0))
  const now = fullest()
  const undo = perform(exchange, scene)
  const gain = now - fullest()
  undo()
  const name = (node: number | undefined): string => ledger.fleet.nodes[node ?? -1]?.name ?? ''
  return {
    kind: exchange.kind === 'lead' ? 'switchover' : 'move',
    cluster: seat.cluster.spec.name,
    instance: seat.exists?.instance ?? '',
    from: name(from),
    to: name(to),
    bytes: exchange.kind === 'lead' ? 0 : bytesOf(seat, scene),
    gain,
    because,
  }
}

/** A primary with other full members: another one takes over before it goes. */
function mustHandOver(seat: Seat, { ledger }: Scene): boolean {
  return (
    ledger.primaryOf(seat.cluster) === seat &&
    seat.cluster.seats.some(each => each !== seat && each.group === undefined)
  )
}

/** The member after which the fullest node that is touched is loaded least. */
function successorOf(primary: Seat, scene: Scene): Seat | undefined {
  const { ledger } = scene
  const ranked = primary.cluster.seats.flatMap(seat => {
    if (seat === primary || !canLead(seat, scene)) return []
    const result = tried({ exchange: { kind: 'lead', seat }, scene, share: ledger.load, within: [] })
    return result === undefined ? [] : [{ seat, result }]
  })
  return ranked.toSorted((left, right) => left.result - right.result || left.seat.id - right.seat.id)[0]?.seat
}

/** A switchover needs the primary as well as the one that takes over. */
function canLead(seat: Seat, scene: Scene): boolean {
  const { ledger } = scene
  const leader = ledger.primaryOf(seat.cluster)
  return (
    isAllowed({ kind: 'lead', seat }, scene) &&
    stateOf(seat, scene) === 'ready' &&
    leader !== undefined &&
    isReachable(leader, scene)
  )
}

function isReachable(seat: Seat, scene: Scene): boolean {
  const state = stateOf(seat, scene)
  return state === 'ready' || state === 'draining'
}

function stateOf(seat: Seat, { ledger }: Scene): NodeState | undefined {
  return ledger.fleet.nodes[ledger.nodeOf(seat) ?? -1]?.state
}

/** An equal part of what is taken of the file system below its data; 0 while that is not known. */
function bytesOf(seat: Seat, { ledger }: Scene): number {
  const index = ledger.nodeOf(seat) ?? -1
  const node = ledger.fleet.nodes[index]
  const disk = node === undefined ? undefined : dataDiskOf(node)
  if (disk === undefined) return 0
  return Math.round((disk.sizeBytes - disk.availableBytes) / Math.max(1, ledger.seatsOn(index).length))
}

function highest(share: Float64Array): number {
  return Math.max(0, ...share)
}
