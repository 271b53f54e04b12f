import { plural } from '../problems.ts'
import { expected } from './choose-node.ts'
import { noiseOf } from './neighbours.ts'
import { type Scene, STEP } from './scene.ts'
import type { Seat } from './seats.ts'
import { domainOf } from './spread.ts'

/** What is against a node for a member. */
export interface Objection {
  readonly node: number
  /** A hard rule: the node was no candidate. */
  readonly hard: boolean
  /** The same for all objections that are counted together. */
  readonly kind: string
  /** A sentence's second half. */
  readonly because: () => string
}

/** What is against every other node, all other members being where they are. Nodes of siblings that are made now are left out. */
export function objections(seat: Seat, scene: Scene): readonly Objection[] {
  const { ledger, rules } = scene
  const chosen = ledger.nodeOf(seat)
  if (chosen === undefined) return []
  const siblings = new Set(
    seat.cluster.seats.flatMap(other => (other.exists === undefined ? (ledger.nodeOf(other) ?? []) : [])),
  )
  // For a moment it is nowhere, so that each node, its own too, is judged by what it would come to with the member.
  ledger.take(seat)
  const judge = judgeOf(seat, scene)
  const own = judge(chosen)
  const against = [...ledger.fleet.nodes.keys()].flatMap((node): readonly Objection[] => {
    if (siblings.has(node)) return []
    const hard = rules.objection(seat, node)
    return hard === undefined ? [second({ seat, scene, own, other: judge(node) })] : [{ node, hard: true, ...hard }]
  })
  ledger.put(seat, chosen)
  return against
}

interface Verdict {
  readonly node: number
  readonly crowding: readonly number[]
  readonly peak: number
  readonly load: number
  readonly primaries: number
  readonly noise: number
}

function judgeOf(seat: Seat, { ledger, diversity }: Scene): (node: number) => Verdict {
  const crowding = diversity.crowding(seat)
  const leads = ledger.primaryOf(seat.cluster) === seat
  return node => ({
    node,
    crowding: crowding(node),
    ...expected(ledger, seat, node),
    primaries: leads ? ledger.primariesOn(node) : 0,
    noise: noiseOf(ledger, seat, node),
  })
}

/** Why a node that was possible came second: the first soft rule in which the two differ. */
function second({
  seat,
  scene,
  own,
  other,
}: {
  readonly seat: Seat
  readonly scene: Scene
  readonly own: Verdict
  readonly other: Verdict
}): Objection {
  const { nodes } = scene.ledger.fleet
  const { node } = other
  const [chosen, passed] = [nodes[own.node], nodes[node]]
  const soft = (kind: string, because: () => string): Objection => ({ node, hard: false, kind, because })
  const together = soft(
    'would do as well for this member, but not for all clusters together',
    () => `would do as well for this member, but not for all clusters together`,
  )
  for (const [index, count] of other.crowding.entries()) {
    const less = own.crowding[index] ?? 0
    if (count < less) return together
    if (count === less) continue
    const { spread } = seat.cluster.spec.placement
    const key = spread[index % spread.length] ?? ''
    return soft(`their ${key} holds more members of ${seat.cluster.spec.name}`, () => {
      const domain = passed === undefined ? key : domainOf(passed, [key])
      return `${domain} holds ${plural(count, 'member')} already, that of ${chosen?.name} ${less}`
    })
  }
  const shares = [
    { what: 'could be loaded', kind: 'could be loaded higher after a failure', own: own.peak, other: other.peak },
    { what: 'would be loaded', kind: 'would be loaded higher', own: own.load, other: other.load },
  ]
  for (const { what, kind, own: mine, other: their } of shares) {
    if (their < mine) return together
    if (their > mine)
      return soft(
        kind,
        () =>
          `${what} to ${inPercent(their)}${what === 'could be loaded' ? ' after a failure' : ''}, ${chosen?.name} to ${inPercent(mine)}`,
      )
  }
  if (other.primaries > own.primaries)
    return soft(
      'hold more primaries',
      () =>
        `holds ${other.primaries} ${other.primaries === 1 ? 'primary' : 'primaries'}, ${chosen?.name} ${own.primaries}`,
    )
  if (other.noise > own.noise) return soft('have louder neighbours', () => `has louder neighbours than ${chosen?.name}`)
  return node > own.node && other.primaries === own.primaries && other.noise === own.noise
    ? soft('as good, and later by name', () => `as good as ${chosen?.name}, which comes first by name`)
    : together
}

function inPercent(steps: number): string {
  return `${Math.round(steps * STEP * 100)} %`
}
