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
    return (
      this.whyNever(seat, node) === undefined &&
      this.#isOfItsPlatform(seat, node) &&
      !this.#holdsSibling(seat, node) &&
      this.#lacking(seat, node, without) === undefined &&
      !this.#sharesDomain(seat)(node) &&
      this.#portRival(seat, node, without) === undefined
    )
  }

  /** The same for many nodes, as long as nobody moves. */
  allowing(seat: Seat): (node: number) => boolean {
    const never = this.#neverFor(seat)
    const sharesDomain = this.#sharesDomain(seat)
    return node =>
      never[node] === undefined &&
      !sharesDomain(node) &&
      this.#isOfItsPlatform(seat, node) &&
      !this.#holdsSibling(seat, node) &&
      this.#lacking(seat, node) === undefined &&
      this.#portRival(seat, node) === undefined
  }

  /** Why the node can hold no such member whatever else is placed. */
  whyNever(seat: Seat, node: number): string | undefined {
    return this.#neverFor(seat)[node]
  }

  /** Why the seat may not be on a node, the others being where they are; undefined when it may. For many nodes, as long as nobody moves. */
  objecting(seat: Seat): (node: number) => Objection | undefined {
    const never = this.#neverFor(seat)
    const sharesDomain = this.#sharesDomain(seat)
    const { spec } = seat.cluster
    const shares = said(`shares its ${spec.placement.isolation} with another member`)
    return node => {
      const why = never[node]
      if (why !== undefined) return said(why)
      if (this.#holdsSibling(seat, node)) return said(`holds a member of ${spec.name} already`)
      if (!this.#isOfItsPlatform(seat, node))
        return { kind: 'is of another platform', because: () => this.#otherPlatform(seat, node) }
      const lacking = this.#lacking(seat, node)
      if (lacking !== undefined)
        return {
          kind: `has too little ${RESOURCES[lacking]} left`,
          because: () => this.#tooLittle(seat, node, lacking),
        }
      if (sharesDomain(node)) return shares
      const clash = this.#portRival(seat, node)
      return clash === undefined ? undefined : said(clash)
    }
  }

  #isOfItsPlatform(seat: Seat, node: number): boolean {
    const platform = this.#platforms.get(seat.cluster)
    return platform === undefined || this.#ledger.fleet.platform[node] === platform
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

  #otherPlatform(seat: Seat, node: number): string {
    const { nodes, platform: platforms } = this.#ledger.fleet
    const [own, theirs] = [nodes[node], nodes[platforms.indexOf(this.#platforms.get(seat.cluster) ?? -1)]]
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

  /** Whether another full member is in the same domain of the isolation level. */
  #sharesDomain(seat: Seat): (node: number) => boolean {
    const key = seat.cluster.spec.placement.isolation
    if (key === undefined || seat.group !== undefined) return () => false
    const domains = this.#domainsOf(key)
    const taken: number[] = []
    for (const other of seat.cluster.seats) {
      const there = other === seat || other.group !== undefined ? undefined : this.#ledger.nodeOf(other)
      if (there !== undefined) taken.push(domains[there] ?? -1)
    }
    return node => taken.includes(domains[node] ?? -1)
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
