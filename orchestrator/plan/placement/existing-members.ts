import type { Problem } from '../../../shared/domain/problem.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { clusterPlace, failure, warning, wordList } from '../problems.ts'
import { labelsOf, whyNotLabelled, whyTooSlow } from './eligibility.ts'
import { platformDifference } from './platform-difference.ts'
import { RESOURCES, showAmount } from './resources.ts'
import type { Scene } from './scene.ts'
import { type Party, type Seat, seatName } from './seats.ts'

/**
 * Members stay where they are, so a hard rule that one of them breaks is a problem and no move: which member, which rule,
 * what to do. A measured latency that got worse is only a warning, since it comes and goes.
 */
export function checkExisting(spec: FleetSpec, scene: Scene): readonly Problem[] {
  const parties = scene.parties.filter(party => !party.gone && party.existing !== undefined)
  return [
    ...parties.flatMap(party => [
      ...platformMismatch(spec, party, scene),
      ...isolationBroken(spec, party, scene),
      ...labelsBroken(spec, party, scene),
      ...latencyBroken(spec, party, scene),
    ]),
    ...headroomBroken(scene),
  ]
}

interface Held {
  readonly seat: Seat
  readonly index: number
}

function held({ seats }: Party, { ledger }: Scene): readonly Held[] {
  return seats.flatMap(seat => {
    const index = seat.exists === undefined ? undefined : ledger.nodeOf(seat)
    return index === undefined ? [] : [{ seat, index }]
  })
}

/** S7: an index that was built under one collation version is not to be read under another one. */
function platformMismatch(spec: FleetSpec, party: Party, scene: Scene): readonly Problem[] {
  const { nodes } = scene.ledger.fleet
  const [first, ...others] = held(party, scene)
  const one = nodes[first?.index ?? -1]
  if (first === undefined || one === undefined) return []
  return others.flatMap(({ seat, index }) => {
    const other = nodes[index]
    const difference = other === undefined ? undefined : platformDifference(one, other)
    if (other === undefined || difference === undefined) return []
    return [
      failure({
        code: 'platform-mismatch',
        message: `members of cluster ${party.spec.name} are on different platforms: ${seatName(first.seat)} on ${one.name} has ${difference.left}, ${seatName(seat)} on ${other.name} has ${difference.right}; indexes over text that one of them built, the other one may read wrongly`,
        hint: `Bring ${one.name} and ${other.name} to the same OS release; after a change of glibc or ICU rebuild the indexes over text before anything else.`,
        ...clusterPlace(spec, party.spec),
      }),
    ]
  })
}

function isolationBroken(spec: FleetSpec, party: Party, scene: Scene): readonly Problem[] {
  const key = party.spec.placement.isolation
  if (key === undefined) return []
  const full = held(party, scene).filter(({ seat }) => seat.group === undefined)
  const groups = Map.groupBy(full, ({ index }) => scene.ledger.fleet.nodes[index]?.labels[key])
  return [...groups].flatMap(([value, sharing]) => {
    if (sharing.length === 1 && value !== undefined) return []
    const names = wordList(sharing.map(({ seat }) => seatName(seat)))
    return [
      failure({
        code: 'isolation-broken',
        message:
          value === undefined
            ? `${names} of cluster ${party.spec.name} must be isolated over ${key}, and the node has no label ${key}`
            : `${names} of cluster ${party.spec.name} share ${key} ${value}; its members must be isolated over ${key}`,
        hint: 'Set `isolation: prefer`, or correct the labels of the nodes (`drover node label`); an apply never moves a member.',
        ...clusterPlace(spec, party.spec, 'placement.isolation'),
      }),
    ]
  })
}

function labelsBroken(spec: FleetSpec, party: Party, scene: Scene): readonly Problem[] {
  return held(party, scene).flatMap(({ seat, index }) => {
    const node = scene.ledger.fleet.nodes[index]
    if (node === undefined || seat.pinned !== undefined) return []
    const why = whyNotLabelled(node, labelsOf(seat))
    if (why === undefined) return []
    return [
      failure({
        code: 'labels-broken',
        message: `${seatName(seat)} is on ${node.name}, which ${why}`,
        hint: `Change the label (\`drover node label ${node.name}\`) or the spec; an apply never moves a member.`,
        ...clusterPlace(spec, party.spec, 'placement.labels'),
      }),
    ]
  })
}

function latencyBroken(spec: FleetSpec, party: Party, scene: Scene): readonly Problem[] {
  return held(party, scene).flatMap(({ seat, index }) => {
    const node = scene.ledger.fleet.nodes[index]
    const why = node?.facts === undefined ? undefined : whyTooSlow(node, seat)
    if (node === undefined || why === undefined) return []
    return [
      warning({
        code: 'fsync-class-broken',
        message: `${seatName(seat)} is on ${node.name}, which ${why}`,
        hint: 'Give the node a faster disk, or raise `resources.fsync`; new members would not be put there.',
        ...clusterPlace(spec, party.spec, 'resources.fsync'),
      }),
    ]
  })
}

/** A node that lost memory, a demand that was raised, a limit that was lowered. */
function headroomBroken({ ledger }: Scene): readonly Problem[] {
  const { nodes, ceilings, capacities } = ledger.fleet
  return nodes.flatMap((node, index) =>
    RESOURCES.flatMap((resource, number) => {
      const [promised, ceiling] = [ledger.promised(index, number), ceilings[index]?.[number] ?? 0]
      const demanding = ledger
        .seatsOn(index)
        .filter(({ exists, cluster }) => exists !== undefined && (cluster.demand.declared[number] ?? 0) > 0)
      if (promised <= ceiling * (1 + 1e-9) || demanding.length === 0) return []
      return [
        failure({
          code: 'headroom-broken',
          message: `${node.name} can give its members ${showAmount(resource, ceiling)} of its ${showAmount(resource, capacities[index]?.[resource] ?? 0)}, and ${wordList(demanding.map(seatName))} ${demanding.length === 1 ? 'demands' : 'demand'} ${showAmount(resource, promised)}`,
          hint: `Lower \`resources.${resource}\` of ${demanding.length === 1 ? 'the cluster' : 'one of the clusters'}, or raise \`fleet.limits.${resource}\`; an apply never moves a member.`,
        }),
      ]
    }),
  )
}
