import { leads } from '../../../shared/domain/observation.ts'
import type { Allocations, ClusterAllocation, MemberAllocation, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec, ReplicaGroupSpec } from '../../../shared/domain/spec.ts'
import { type Demand, demandOf, diskOnly } from './demand.ts'

/** One member of a cluster, that exists or is to be made. */
export interface Seat {
  readonly id: number
  readonly cluster: Party
  /** Absent: a full member, which may become primary. */
  readonly group?: ReplicaGroupSpec
  /** Absent: it is to be made. */
  readonly exists?: MemberAllocation
  /** It is about to leave, and still runs. */
  readonly leaving?: true
  /** Node names or addresses of which it takes one, in order; absent: Drover chooses. */
  readonly pinned?: readonly string[]
}

/** A cluster as placement sees it. */
export interface Party {
  readonly id: number
  readonly spec: ClusterSpec
  readonly demand: Demand
  readonly existing?: ClusterAllocation
  /** Full members first, then the groups in the order of the spec; in each those that exist first. */
  readonly seats: readonly Seat[]
  /** The member that is primary or is seen to be; absent while it has not been chosen. */
  readonly primary?: Seat
  /** Nobody is waiting for its members: it left the spec, and what it holds only counts. */
  readonly gone: boolean
}

/**
 * Every cluster of the spec with the seats that it has and those that it lacks, then what left the spec but still holds
 * nodes. Numbers follow the names: searches go by them, and the order of a file must not matter.
 */
export function partiesOf({
  spec,
  snapshot,
  allocations,
}: {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly allocations: Allocations
}): readonly Party[] {
  const counter = { seats: 0 }
  const leaders = leadersSeen(snapshot)
  const byName = spec.clusters
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .map((cluster, id) =>
      partyOf({ id, spec: cluster, existing: allocations.clusters[cluster.name], leaders, counter, gone: false }),
    )
  const wanted = spec.clusters.flatMap(cluster => byName.find(party => party.spec === cluster) ?? [])
  const gone = Object.entries(allocations.clusters)
    .filter(([name]) => !spec.clusters.some(cluster => cluster.name === name))
    .flatMap(([name, existing], index) => {
      const last = snapshot.appliedSpec?.clusters.find(cluster => cluster.name === name)
      if (last === undefined) return []
      return [partyOf({ id: wanted.length + index, spec: last, existing, leaders, counter, gone: true })]
    })
  return [...wanted, ...gone, ...ghostsOf({ snapshot, allocations, first: wanted.length + gone.length, counter })]
}

/** What departed members still take: disk and ports. */
function ghostsOf({
  snapshot,
  allocations: { departed = [], removed = {} },
  first,
  counter,
}: {
  readonly snapshot: Snapshot
  readonly allocations: Allocations
  readonly first: number
  readonly counter: { seats: number }
}): readonly Party[] {
  return departed.flatMap((exists, index) => {
    const spec =
      removed[exists.cluster]?.spec ?? snapshot.appliedSpec?.clusters.find(({ name }) => name === exists.cluster)
    if (spec === undefined) return []
    const seats: Seat[] = []
    const existing = { ...NOT_RUNNING, portBlock: exists.portBlock, members: [exists] }
    const party = { id: first + index, spec, demand: diskOnly(demandOf(spec)), seats, existing, gone: true }
    seats.push({
      id: counter.seats,
      cluster: party,
      exists,
      ...(exists.stopped === undefined ? { leaving: true } : {}),
    })
    counter.seats += 1
    return [party]
  })
}

const NOT_RUNNING = { postgresVersion: 0, nextNumber: 0, bootstrapped: false }

/** The one that is seen to lead each cluster: its primary, or the leader of a standby cluster. */
export function leadersSeen(snapshot: Snapshot): ReadonlyMap<string, string> {
  const seen = snapshot.nodes.flatMap(node => node.observation?.instances ?? [])
  return new Map(
    seen.flatMap(({ cluster, instance, role, state }) =>
      leads(role) && state === 'running' ? [[cluster, instance] as const] : [],
    ),
  )
}

/** What the member is called in sentences about several. */
export function seatName(seat: Seat): string {
  if (seat.exists !== undefined) return seat.exists.instance
  return seat.group === undefined
    ? `a member of ${seat.cluster.spec.name}`
    : `one of ${seat.group.name} of ${seat.cluster.spec.name}`
}

function partyOf({
  id,
  spec,
  existing,
  leaders,
  counter,
  gone,
}: {
  readonly id: number
  readonly spec: ClusterSpec
  readonly existing: ClusterAllocation | undefined
  readonly leaders: ReadonlyMap<string, string>
  readonly counter: { seats: number }
  readonly gone: boolean
}): Party {
  const seats: Seat[] = []
  const held = existing?.members ?? []
  const leader = existing === undefined ? undefined : (leaders.get(spec.name) ?? held[0]?.instance)
  const party = { id, spec, demand: demandOf(spec), seats, gone, ...(existing === undefined ? {} : { existing }) }
  const groups = [undefined, ...spec.replicas]
  for (const group of groups) {
    const own = held.filter(member => member.group === group?.name)
    const missing = gone ? 0 : Math.max(0, (group ?? spec).members - own.length)
    const pinned = group === undefined ? spec.placement.nodes : group.nodes
    for (const exists of [...own, ...Array.from({ length: missing }, () => undefined)]) {
      seats.push({
        id: counter.seats,
        cluster: party,
        ...(group === undefined ? {} : { group }),
        ...(exists === undefined ? {} : { exists }),
        ...(pinned === undefined ? {} : { pinned }),
      })
      counter.seats += 1
    }
  }
  const primary = seats.find(seat => seat.exists !== undefined && seat.exists.instance === leader)
  return primary === undefined ? party : Object.assign(party, { primary })
}
