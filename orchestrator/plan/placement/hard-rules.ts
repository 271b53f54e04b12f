import type { Snapshot } from '../../../shared/domain/snapshot.ts'
import { platformOf } from '../node-view.ts'
import { demandsKey, type Offer, offerOf, whyNever } from './eligibility.ts'
import { numbered } from './failure-domains.ts'
import type { Ledger } from './ledger.ts'
import { whyPortsClash } from './ports.ts'
import { RESOURCES, showAmount } from './resources.ts'
import type { Party, Seat } from './seats.ts'

/** Sums of demands such as 0.1 + 0.2 cores are not exact. */
const ROUNDING = 1e-9

/** What is against a node, as half a sentence, and what it has in common with what is against others. */
export interface Objection {
  readonly kind: string
  readonly because: () => string
}

/** What no placement may break. Asked often, so the part that does not depend on who sits where is answered once for each kind of seat. */
export class HardRules {
  readonly #ledger: Ledger
  readonly #offer: Offer
  readonly #never = new Map<string, readonly (string | undefined)[]>()
  readonly #ofSeat = new Map<Seat, readonly (string | undefined)[]>()
  readonly #domains = new Map<string, Int32Array>()
  readonly #platforms = new Map<Party, number>()

  constructor(ledger: Ledger, snapshot: Snapshot) {
    this.#ledger = ledger
    this.#offer = offerOf(snapshot)
  }

  /** From here on all members of the cluster are of this platform (S7). */
  settle(party: Party, platform: number | undefined): void {
    if (platform === undefined) this.#platforms.delete(party)
    else this.#platforms.set(party, platform)
  }

  platformOf(party: Party): number | undefined {
    return this.#platforms.get(party)
  }

  /** Whether the seat may be on the node, the others being where they are; `without` is about to leave it. */
  allow(seat: Seat, node: number, without?: Seat): boolean {
    return this.allowing(seat, without)(node)
  }

  /** The same for many nodes. */
  allowing(seat: Seat, without?: Seat): (node: number) => boolean {
    const never = this.#neverFor(seat)
    const platform = this.#platforms.get(seat.cluster)
    const platforms = this.#ledger.fleet.platform
    return node =>
      never[node] === undefined &&
      (platform === undefined || platforms[node] === platform) &&
      !this.#holdsSibling(seat, node) &&
      this.#lacking(seat, node, without) === undefined &&
      this.#isolationRival(seat, node) === undefined &&
      this.#portRival(seat, node, without) === undefined
  }

  /** Why the node can hold no such member whatever else is placed. */
  whyNever(seat: Seat, node: number): string | undefined {
    return this.#neverFor(seat)[node]
  }

  /** Why the seat may not be on the node, the others being where they are; undefined when it may. */
  objection(seat: Seat, node: number): Objection | undefined {
    const never = this.whyNever(seat, node)
    if (never !== undefined) return said(never)
    const { spec } = seat.cluster
    if (this.#holdsSibling(seat, node)) return said(`holds a member of ${spec.name} already`)
    const platform = this.#platforms.get(seat.cluster)
    if (platform !== undefined && this.#ledger.fleet.platform[node] !== platform)
      return { kind: 'is of another platform', because: () => this.#otherPlatform(platform, node) }
    const lacking = this.#lacking(seat, node)
    if (lacking !== undefined)
      return { kind: `has too little ${RESOURCES[lacking]} left`, because: () => this.#tooLittle(seat, node, lacking) }
    const rival = this.#isolationRival(seat, node)
    if (rival !== undefined) return said(`shares its ${spec.placement.isolation} with another member`)
    const clash = this.#portRival(seat, node)
    return clash === undefined ? undefined : said(clash)
  }

  #neverFor(seat: Seat): readonly (string | undefined)[] {
    return this.#ofSeat.get(seat) ?? this.#judge(seat)
  }

  #judge(seat: Seat): readonly (string | undefined)[] {
    const key = demandsKey(seat)
    const judged = this.#never.get(key) ?? this.#judgeAll(seat)
    this.#never.set(key, judged)
    this.#ofSeat.set(seat, judged)
    return judged
  }

  #judgeAll(seat: Seat): readonly (string | undefined)[] {
    const { nodes, capacities } = this.#ledger.fleet
    const systems = [...new Set(nodes.flatMap(({ os }) => os ?? []))]
    const lacking = new Map(systems.map(os => [os, this.#offer(seat, os)]))
    return nodes.map((node, index) =>
      whyNever({ node, capacity: capacities[index] ?? {}, seat, lacks: os => lacking.get(os) }),
    )
  }

  #otherPlatform(platform: number, node: number): string {
    const { nodes, platform: platforms } = this.#ledger.fleet
    const [own, theirs] = [nodes[node], nodes[platforms.indexOf(platform)]]
    return own === undefined || theirs === undefined
      ? 'is of another platform'
      : `is ${platformOf(own)}, while the members are ${platformOf(theirs)}`
  }

  #holdsSibling(seat: Seat, node: number): boolean {
    for (const other of this.#ledger.seatsOn(node))
      if (other !== seat && (other.cluster === seat.cluster || isOnItsWayOut(other, seat))) return true
    return false
  }

  /** The resource of which the node has too little left. */
  #lacking(seat: Seat, node: number, without?: Seat): number | undefined {
    const { declared } = seat.cluster.demand
    const ceilings = this.#ledger.fleet.ceilings[node]
    for (let resource = 0; resource < 3; resource += 1) {
      const wanted = declared[resource] ?? 0
      if (wanted === 0) continue
      const ceiling = ceilings?.[resource] ?? 0
      const leaving = without?.cluster.demand.declared[resource] ?? 0
      const taken = this.#ledger.promised(node, resource) - leaving
      if (taken + wanted > ceiling * (1 + ROUNDING)) return resource
    }
    return undefined
  }

  #tooLittle(seat: Seat, node: number, resource: number): string {
    const name = RESOURCES[resource] ?? 'cores'
    const left = (this.#ledger.fleet.ceilings[node]?.[resource] ?? 0) - this.#ledger.promised(node, resource)
    return `has ${showAmount(name, Math.max(0, left))} left to give, ${showAmount(name, seat.cluster.demand.declared[resource] ?? 0)} is demanded`
  }

  /** A full member in the same domain of the isolation level. */
  #isolationRival(seat: Seat, node: number): Seat | undefined {
    const key = seat.cluster.spec.placement.isolation
    if (key === undefined || seat.group !== undefined) return undefined
    const domains = this.#domainsOf(key)
    return seat.cluster.seats.find(other => {
      const there = other === seat || other.group !== undefined ? undefined : this.#ledger.nodeOf(other)
      return there !== undefined && domains[there] === domains[node]
    })
  }

  #domainsOf(key: string): Int32Array {
    const domains = this.#domains.get(key) ?? numbered(this.#ledger.fleet.nodes.map(node => node.labels[key] ?? ''))
    this.#domains.set(key, domains)
    return domains
  }

  #portRival(seat: Seat, node: number, without?: Seat): string | undefined {
    for (const other of this.#ledger.seatsOn(node)) {
      if (other === without || other.cluster === seat.cluster || !mayClash(seat.cluster, other.cluster)) continue
      const clash = whyPortsClash(seat.cluster, other.cluster)
      if (clash !== undefined) return clash
    }
    return undefined
  }
}

/** A member that leaves is there until the one that takes its place streams, on the same ports. */
function isOnItsWayOut(other: Seat, seat: Seat): boolean {
  return other.leaving === true && other.cluster.spec.name === seat.cluster.spec.name
}

function said(sentence: string): Objection {
  return { kind: sentence, because: () => sentence }
}

/** Two clusters without ports of their own, one of which has no block yet, never clash: most are such, and this is asked often. */
function mayClash(one: Party, other: Party): boolean {
  return (
    one.spec.services.length > 0 ||
    other.spec.services.length > 0 ||
    (one.existing !== undefined && other.existing !== undefined)
  )
}
