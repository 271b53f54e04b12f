import type { PlacementExplanation } from '../../../shared/domain/plan.ts'
import type { MemberAllocation } from '../../../shared/domain/snapshot.ts'
import { plural } from '../problems.ts'
import { type Objection, objections } from './objections.ts'
import { RESOURCES } from './resources.ts'
import type { Scene } from './scene.ts'
import type { Seat } from './seats.ts'
import { domainOf } from './spread.ts'

/** Up to this many nodes each one is told of; of a larger fleet only as many, and the others are counted by what is against them. */
const TOLD = 24
/** Kinds of objections that are counted; the rest is one entry. */
const KINDS = 6

/** Why each new member is where it is and not elsewhere, all others being where they are. */
export function explainPlacement(
  scene: Scene,
  members: ReadonlyMap<Seat, MemberAllocation>,
): readonly PlacementExplanation[] {
  return [...members].flatMap(([seat, { instance }]) => {
    const index = scene.ledger.nodeOf(seat)
    if (index === undefined) return []
    const against = objections(seat, scene)
    const rivals = against.filter(({ hard }) => !hard).length
    return [
      {
        cluster: seat.cluster.spec.name,
        instance,
        node: scene.ledger.fleet.nodes[index]?.name ?? '',
        because: becauseOf({ seat, index, scene, rivals }),
        rejected: told(against, scene),
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
function told(against: readonly Objection[], { ledger }: Scene): PlacementExplanation['rejected'] {
  const sorted = [...against.filter(({ hard }) => hard), ...against.filter(({ hard }) => !hard)]
  const each = sorted.length <= TOLD ? sorted : sorted.filter(({ hard }) => !hard).slice(0, TOLD)
  const rest =
    sorted.length <= TOLD
      ? []
      : sorted.filter(({ hard }) => hard).concat(sorted.filter(({ hard }) => !hard).slice(TOLD))
  return [
    ...each.map(({ node, because }) => ({ node: ledger.fleet.nodes[node]?.name ?? '', because: because() })),
    ...counted(rest),
  ]
}

function counted(rest: readonly Objection[]): PlacementExplanation['rejected'] {
  const kinds = [...Map.groupBy(rest, ({ kind }) => kind)].sort(
    ([one, left], [other, right]) => right.length - left.length || (one < other ? -1 : 1),
  )
  const few = kinds
    .slice(0, KINDS)
    .map(([kind, { length }]) => ({ node: plural(length, 'more node'), because: kind }))
  const others = kinds.slice(KINDS).reduce((sum, [, { length }]) => sum + length, 0)
  return others === 0 ? few : [...few, { node: plural(others, 'more node'), because: 'for other reasons' }]
}
