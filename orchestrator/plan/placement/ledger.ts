import type { Purpose } from './demand.ts'
import type { FleetNodes } from './fleet-nodes.ts'
import type { Amounts } from './resources.ts'
import type { Party, Seat } from './seats.ts'

const NOTHING: Amounts = [0, 0, 0, 0]

/**
 * Who sits where, and what that comes to: the one mutable thing of placement. Nodes are indices into `fleet.nodes`.
 *
 * `used` is what the members of a node take. `worst` is that and, for each resource, the most that is added when one node or
 * one loss domain elsewhere fails: each standby here whose primary fails with it is reckoned promoted, whichever Patroni
 * would choose. `load` and `peak` are the two as a share of what the node has, of the resource where it is highest.
 */
export class Ledger {
  readonly fleet: FleetNodes
  readonly load: Float64Array
  readonly peak: Float64Array
  readonly #used: Float64Array
  readonly #worst: Float64Array
  readonly #promised: Float64Array
  readonly #seats: readonly Seat[][]
  readonly #nodeOf = new Map<Seat, number>()
  readonly #primaryOf = new Map<Party, Seat>()

  constructor(fleet: FleetNodes) {
    const count = fleet.nodes.length
    this.fleet = fleet
    this.load = new Float64Array(count)
    this.peak = new Float64Array(count)
    this.#used = new Float64Array(count * 4)
    this.#worst = new Float64Array(count * 4)
    this.#promised = new Float64Array(count * 4)
    this.#seats = Array.from({ length: count }, () => [])
  }

  nodeOf(seat: Seat): number | undefined {
    return this.#nodeOf.get(seat)
  }

  /** By their numbers, so that sums and searches do not depend on who came first. */
  seatsOn(node: number): readonly Seat[] {
    return this.#seats[node] ?? []
  }

  primaryOf(party: Party): Seat | undefined {
    return this.#primaryOf.get(party)
  }

  purposeOf(seat: Seat): Purpose {
    if (seat.group !== undefined) return seat.group.role
    return this.#primaryOf.get(seat.cluster) === seat ? 'primary' : 'standby'
  }

  used(node: number, resource: number): number {
    return this.#used[node * 4 + resource] ?? 0
  }

  worst(node: number, resource: number): number {
    return this.#worst[node * 4 + resource] ?? 0
  }

  /** What the spec promises members on the node. */
  promised(node: number, resource: number): number {
    return this.#promised[node * 4 + resource] ?? 0
  }

  /** How many primaries the node holds. */
  primariesOn(node: number): number {
    return this.seatsOn(node).filter(seat => this.#primaryOf.get(seat.cluster) === seat).length
  }

  put(seat: Seat, node: number): void {
    this.#enter(seat, node)
    this.#refreshAround(seat, [node])
  }

  take(seat: Seat): void {
    const node = this.#leave(seat)
    if (node !== undefined) this.#refreshAround(seat, [node])
  }

  move(seat: Seat, node: number): void {
    const before = this.#leave(seat)
    this.#enter(seat, node)
    this.#refreshAround(seat, before === undefined ? [node] : [before, node])
  }

  /** Two members of different clusters change places. */
  swap(one: Seat, other: Seat): void {
    const [first, second] = [this.#leave(one), this.#leave(other)]
    if (first === undefined || second === undefined) return
    this.#enter(one, second)
    this.#enter(other, first)
    this.#refreshAround(one, [first, second])
    this.#refreshAround(other, [])
  }

  promote(seat: Seat): void {
    this.#primaryOf.set(seat.cluster, seat)
    this.#refreshSiblings(seat.cluster)
  }

  demote(party: Party): void {
    this.#primaryOf.delete(party)
    this.#refreshSiblings(party)
  }

  #enter(seat: Seat, node: number): void {
    this.#nodeOf.set(seat, node)
    const there = this.#seats[node]
    const after = there?.findIndex(({ id }) => id > seat.id) ?? -1
    there?.splice(after < 0 ? there.length : after, 0, seat)
    this.#promise(seat, node, 1)
  }

  #leave(seat: Seat): number | undefined {
    const node = this.#nodeOf.get(seat)
    if (node === undefined) return undefined
    const there = this.#seats[node]
    there?.splice(there.indexOf(seat), 1)
    this.#nodeOf.delete(seat)
    this.#promise(seat, node, -1)
    return node
  }

  #promise(seat: Seat, node: number, sign: 1 | -1): void {
    const { declared } = seat.cluster.demand
    for (let resource = 0; resource < 4; resource += 1)
      this.#promised[node * 4 + resource] = this.promised(node, resource) + sign * (declared[resource] ?? 0)
  }

  #refreshAround(seat: Seat, nodes: readonly number[]): void {
    for (const node of nodes) this.#refresh(node)
    if (this.#primaryOf.get(seat.cluster) === seat) this.#refreshSiblings(seat.cluster)
  }

  #refreshSiblings(party: Party): void {
    for (const seat of party.seats) {
      const node = this.#nodeOf.get(seat)
      if (node !== undefined) this.#refresh(node)
    }
  }

  #refresh(node: number): void {
    let [cores, memory, disk, writes] = NOTHING
    for (const seat of this.seatsOn(node)) {
      const taken = seat.cluster.demand.taken[this.purposeOf(seat)]
      cores += taken[0]
      memory += taken[1]
      disk += taken[2]
      writes += taken[3]
    }
    const [moreCores, moreWrites] = this.#promotions(node)
    const inverse = this.fleet.inverse[node] ?? NOTHING
    this.#used.set([cores, memory, disk, writes], node * 4)
    this.#worst.set([cores + moreCores, memory, disk, writes + moreWrites], node * 4)
    const held = Math.max(memory * inverse[1], disk * inverse[2])
    this.load[node] = Math.max(held, cores * inverse[0], writes * inverse[3])
    this.peak[node] = Math.max(held, (cores + moreCores) * inverse[0], (writes + moreWrites) * inverse[3])
  }

  /** The most that one failure elsewhere adds, for each of the two resources that a promotion changes. */
  #promotions(node: number): readonly [cores: number, writes: number] {
    const failures: number[] = []
    const cores: number[] = []
    const writes: number[] = []
    for (const seat of this.seatsOn(node)) {
      const primary = this.#primaryOf.get(seat.cluster)
      if (seat.group !== undefined || primary === undefined || primary === seat) continue
      const far = this.#nodeOf.get(primary)
      if (far === undefined) continue
      const failure = this.#failureOf(far, node)
      const found = failures.indexOf(failure)
      const index = found < 0 ? failures.push(failure) - 1 : found
      cores[index] = (cores[index] ?? 0) + seat.cluster.demand.promotion[0]
      writes[index] = (writes[index] ?? 0) + seat.cluster.demand.promotion[3]
    }
    return [Math.max(0, ...cores), Math.max(0, ...writes)]
  }

  /** What fails when `far` does and `node` does not: its whole loss domain, or in the same one only the node. */
  #failureOf(far: number, node: number): number {
    const { lossDomain } = this.fleet
    return lossDomain[far] === lossDomain[node] ? far : -1 - (lossDomain[far] ?? 0)
  }
}
