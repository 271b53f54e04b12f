import { instanceName } from '../../../shared/domain/ids.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { ClusterAllocation, MemberAllocation, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { slowestFsync } from '../disk-latency.ts'
import { majorOn } from '../operating-systems.ts'
import { clusterPlace, failure } from '../problems.ts'
import { freePortBlock, type Listener } from './ports.ts'
import type { Scene } from './scene.ts'
import type { Party, Seat } from './seats.ts'

export interface Allocated {
  readonly clusters: Readonly<Record<string, ClusterAllocation>>
  /** The member that each seat became. */
  readonly members: ReadonlyMap<Seat, MemberAllocation>
  readonly problems: readonly Problem[]
}

/**
 * What is decided, to be kept: nodes, numbers, the PostgreSQL version and a block of ports for each cluster, in the order of
 * the spec. The first primary of a new cluster is its number 1.
 */
export function allocate({
  spec,
  scene,
  before,
}: {
  readonly spec: FleetSpec
  readonly scene: Scene
  readonly before: Readonly<Record<string, ClusterAllocation>>
}): Allocated {
  const clusters: Record<string, ClusterAllocation> = { ...before }
  const members = new Map<Seat, MemberAllocation>()
  const problems: Problem[] = []
  for (const party of scene.parties) {
    const seats = newSeats(party, scene)
    if (party.gone || seats.length === 0) continue
    const portBlock = party.existing?.portBlock ?? freePortBlock(neighboursOf(party, scene, clusters))
    if (portBlock === undefined) {
      problems.push(portsTaken(spec, party))
      continue
    }
    const first = party.existing?.nextNumber ?? 1
    for (const [index, { seat, node }] of seats.entries()) members.set(seat, memberOf(seat, first + index, node))
    clusters[party.spec.name] = {
      ...clusterOf(party, seats),
      portBlock,
      nextNumber: first + seats.length,
      members: [...(party.existing?.members ?? []), ...seats.flatMap(({ seat }) => members.get(seat) ?? [])],
    }
  }
  return { clusters, members, problems }
}

interface Seated {
  readonly seat: Seat
  readonly node: SnapshotNode
}

/** Those that got a node, the primary first. */
function newSeats(party: Party, { ledger }: Scene): readonly Seated[] {
  const seats = party.seats.flatMap(seat => {
    const index = seat.exists === undefined ? ledger.nodeOf(seat) : undefined
    const node = index === undefined ? undefined : ledger.fleet.nodes[index]
    return node === undefined ? [] : [{ seat, node }]
  })
  const primary = ledger.primaryOf(party)
  return [...seats.filter(({ seat }) => seat === primary), ...seats.filter(({ seat }) => seat !== primary)]
}

function memberOf({ cluster, group }: Seat, number: number, node: SnapshotNode): MemberAllocation {
  return {
    instance: instanceName(cluster.spec.name, number),
    number,
    nodeId: node.id,
    ...(group === undefined ? {} : { group: group.name }),
  }
}

function clusterOf(
  { existing, spec }: Party,
  seats: readonly Seated[],
): Omit<ClusterAllocation, 'portBlock' | 'nextNumber' | 'members'> {
  if (existing !== undefined) {
    const { portBlock: _block, nextNumber: _next, members: _members, ...kept } = existing
    return kept
  }
  const fsync = slowestFsync(seats.flatMap(({ seat, node }) => (seat.group === undefined ? [node] : [])))
  return {
    postgresVersion: majorOn(seats[0]?.node.os ?? '', spec.postgresVersion),
    bootstrapped: false,
    ...(fsync === undefined ? {} : { fsync }),
  }
}

function neighboursOf(
  party: Party,
  { ledger }: Scene,
  clusters: Readonly<Record<string, ClusterAllocation>>,
): readonly Listener[] {
  const nodes = party.seats.flatMap(seat => ledger.nodeOf(seat) ?? [])
  const others = new Set(nodes.flatMap(node => ledger.seatsOn(node).map(seat => seat.cluster)))
  others.delete(party)
  return [...others].map(({ spec, existing: tombstone }) => {
    const existing = clusters[spec.name] ?? tombstone
    return existing === undefined ? { spec } : { spec, existing }
  })
}

function portsTaken(spec: FleetSpec, party: Party): Problem {
  return failure({
    code: 'ports-taken',
    message: `cluster ${party.spec.name} finds no block of ports that is free on all its nodes`,
    hint: 'Choose other nodes for it with `placement.nodes` or labels.',
    ...clusterPlace(spec, party.spec, 'placement'),
  })
}
