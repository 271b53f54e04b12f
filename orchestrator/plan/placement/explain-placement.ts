import type { PlacementExplanation } from '../../../shared/domain/plan.ts'
import type { MemberAllocation } from '../../../shared/domain/snapshot.ts'
import { plural } from '../problems.ts'
import { type Objections, type SoftRule, withObjections } from './objections.ts'
import { RESOURCES } from './resources.ts'
import type { Scene } from './scene.ts'
import type { Seat } from './seats.ts'
import { domainOf } from './spread.ts'

/** Up to this many nodes each one is told of; of a larger fleet only as many, and the others are counted by what is against them. */
const TOLD = 24
/** Kinds of objections that are counted; the rest is one entry. */
const KINDS = 6

/** Kinds of soft objections in words for several nodes. */
const SOFT: Readonly<Record<SoftRule | 'together', string>> = {
  crowding: 'their domain holds more members of the cluster',
  peak: 'could be loaded higher after a failure',
  load: 'would be loaded higher',
  primaries: 'hold more primaries',
  noise: 'have louder neighbours',
  name: 'as good, and later by name',
  together: 'would do as well for this member, but not for all clusters together',
}

/** Why each new member is where it is and not elsewhere, all others being where they are. */
export function explainPlacement(
  scene: Scene,
  members: ReadonlyMap<Seat, MemberAllocation>,
): readonly PlacementExplanation[] {
  return [...members].flatMap(([seat, { instance }]) => {
    const index = scene.ledger.nodeOf(seat)
    if (index === undefined) return []
    const { rivals, rejected } = withObjections(seat, scene, objections => ({
      rivals: objections.soft.length,
      rejected: told(objections, scene),
    }))
    return [
      {
        cluster: seat.cluster.spec.name,
        instance,
        node: scene.ledger.fleet.nodes[index]?.name ?? '',
        because: becauseOf({ seat, index, scene, rivals }),
        rejected,
      },
    ]
  })
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function becauseOf({
  seat,
  index,
  scene,
  rivals,
}: {
  readonly seat: Seat
  readonly index: number
  readonly scene: Scene
  readonly rivals: number
}): string {
  const { ledger } = scene
  const node = ledger.fleet.nodes[index]
  const labelled = seat.cluster.spec.placement.spread.filter(key => node?.labels[key] !== undefined)
  const domain = node === undefined || labelled.length === 0 ? 'no failure-domain labels' : domainOf(node, labelled)
  const [load, peak] = [ledger.load[index] ?? 0, ledger.peak[index] ?? 0]
  const failing = ledger.fleet.lossLevel === undefined ? 'another node' : `another node or ${ledger.fleet.lossLevel}`
  const after = peak - load < 0.005 ? '' : `, ${percent(peak)} should ${failing} fail`
  const choice =
    seat.pinned !== undefined
      ? 'named in the spec'
      : rivals === 0
        ? 'the only node left'
        : `best of ${plural(rivals + 1, 'node')}`
  return `${domain}; loaded to ${percent(load)}${busiestOf(scene, index)}${after}; ${choice}`
}

function busiestOf({ ledger }: Scene, node: number): string {
  const inverse = ledger.fleet.inverse[node]
  const shares = RESOURCES.map((_, resource) => ledger.used(node, resource) * (inverse?.[resource] ?? 0))
  const highest = Math.max(...shares)
  return highest === 0 ? '' : ` (${RESOURCES[shares.indexOf(highest)]})`
}

/** Broken hard rules first, then candidates that came second, both by name. */
function told({ hard, soft, kind, because }: Objections, { ledger }: Scene): PlacementExplanation['rejected'] {
  const all = hard.length + soft.length <= TOLD
  const each = all ? [...hard, ...soft] : soft.slice(0, TOLD)
  const rest = all ? [] : [...soft.slice(TOLD), ...hard]
  return [
    ...each.map(node => ({ node: ledger.fleet.nodes[node]?.name ?? '', because: because(node) })),
    ...counted(rest, kind),
  ]
}

/** How many nodes there are with each kind of objection, the most frequent first. */
function counted(rest: readonly number[], kind: (node: number) => string): PlacementExplanation['rejected'] {
  const counts = new Map<string, number>()
  for (const node of rest) {
    const key = kind(node)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const kinds = [...counts].sort(([one, left], [other, right]) => right - left || (one < other ? -1 : 1))
  const few = kinds
    .slice(0, KINDS)
    .map(([key, count]) => ({ node: plural(count, 'more node'), because: isSoft(key) ? SOFT[key] : key }))
  const others = kinds.slice(KINDS).reduce((sum, [, count]) => sum + count, 0)
  return others === 0 ? few : [...few, { node: plural(others, 'more node'), because: 'for other reasons' }]
}

function isSoft(kind: string): kind is keyof typeof SOFT {
  return Object.hasOwn(SOFT, kind)
}
