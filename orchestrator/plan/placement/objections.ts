import { assertNever } from '../../../shared/domain/errors.ts'
import { plural } from '../problems.ts'
import type { Crowding } from './diversity.ts'
import { expectedLoad, expectedPeak } from './expected.ts'
import { noiseOf } from './neighbours.ts'
import { type Scene, STEP } from './scene.ts'
import type { Seat } from './seats.ts'
import { domainPhrase } from './spread.ts'

/** The soft rules for a single member, in their order. */
export type SoftRule = 'crowding' | 'peak' | 'load' | 'primaries' | 'noise' | 'name'

/** What is against the nodes of a fleet for one member. */
export interface Objections {
  /** Nodes that break a hard rule, and nodes that came second; in order. Those of siblings that are made now are in neither. */
  readonly hard: readonly number[]
  readonly soft: readonly number[]
  /** The same for all nodes that may be counted together. */
  readonly kind: (node: number) => string
  /** The second half of a sentence about the node. */
  readonly because: (node: number) => string
}

/** Hands to `use` what is against every other node, all other members being where they are. */
export function withObjections<T>(seat: Seat, scene: Scene, use: (objections: Objections) => T): T {
  const { ledger, rules, diversity } = scene
  const chosen = ledger.nodeOf(seat) ?? 0
  const siblings = seat.cluster.seats.flatMap(other => (other.exists === undefined ? (ledger.nodeOf(other) ?? []) : []))
  // For a moment it is nowhere, so that each node, its own too, is judged by what it would come to with the member.
  ledger.take(seat)
  const hard: number[] = []
  const soft: number[] = []
  const allowed = rules.allowing(seat)
  for (let node = 0; node < ledger.fleet.nodes.length; node += 1) {
    if (siblings.includes(node)) continue
    if (allowed(node)) soft.push(node)
    else hard.push(node)
  }
  const comparison = comparisonWith({ seat, scene, crowding: diversity.crowding(seat), chosen })
  const objects = rules.objecting(seat)
  const used = use({
    hard,
    soft,
    kind: node => objects(node)?.kind ?? comparison.rule(node),
    because: node => objects(node)?.because() ?? comparison.sentence(node),
  })
  ledger.put(seat, chosen)
  return used
}

const TOGETHER = 'would do as well for this member, but not for all clusters together'

/** By which soft rule a node came second to the chosen one. */
function comparisonWith({
  seat,
  scene: { ledger },
  crowding,
  chosen,
}: {
  readonly seat: Seat
  readonly scene: Scene
  readonly crowding: Crowding
  readonly chosen: number
}): { readonly rule: (node: number) => SoftRule | 'together'; readonly sentence: (node: number) => string } {
  const name = ledger.fleet.nodes[chosen]?.name ?? ''
  const ranks = Array.from({ length: crowding.ranks }, (_, rank) => crowding.at(chosen, rank))
  const own = {
    peak: expectedPeak(ledger, seat, chosen),
    load: expectedLoad(ledger, seat, chosen),
    primaries: ledger.primariesOn(chosen),
    noise: noiseOf(ledger, seat, chosen),
  }
  const leads = ledger.primaryOf(seat.cluster) === seat
  const differing = (node: number): number => {
    for (let rank = 0; rank < ranks.length; rank += 1) if (crowding.at(node, rank) !== ranks[rank]) return rank
    return -1
  }
  const rule = (node: number): SoftRule | 'together' => {
    const rank = differing(node)
    if (rank >= 0) return crowding.at(node, rank) > (ranks[rank] ?? 0) ? 'crowding' : 'together'
    const peak = expectedPeak(ledger, seat, node) - own.peak
    if (peak !== 0) return peak > 0 ? 'peak' : 'together'
    const load = expectedLoad(ledger, seat, node) - own.load
    if (load !== 0) return load > 0 ? 'load' : 'together'
    if (leads && ledger.primariesOn(node) > own.primaries) return 'primaries'
    const noise = noiseOf(ledger, seat, node) - own.noise
    if (noise !== 0) return noise > 0 ? 'noise' : 'together'
    return node > chosen ? 'name' : 'together'
  }
  const sentence = (node: number): string => {
    const why = rule(node)
    switch (why) {
      case 'crowding': {
        const rank = differing(node)
        const { spread } = seat.cluster.spec.placement
        const key = spread[rank % spread.length] ?? ''
        return `${domainPhrase(ledger.fleet.nodes[node], key)} holds ${plural(crowding.at(node, rank), 'member')} already, that of ${name} ${ranks[rank] ?? 0}`
      }
      case 'peak':
        return `could be loaded to ${percentOf(expectedPeak(ledger, seat, node))} after a failure, ${name} to ${percentOf(own.peak)}`
      case 'load':
        return `would be loaded to ${percentOf(expectedLoad(ledger, seat, node))}, ${name} to ${percentOf(own.load)}`
      case 'primaries':
        return `holds more primaries than ${name}`
      case 'noise':
        return `has louder neighbours than ${name}`
      case 'name':
        return `as good as ${name}, which comes first by name`
      case 'together':
        return TOGETHER
      default:
        return assertNever(why)
    }
  }
  return { rule, sentence }
}

function percentOf(steps: number): string {
  return `${Math.round(steps * STEP * 100)} %`
}
