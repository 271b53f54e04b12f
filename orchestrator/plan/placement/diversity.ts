import { domainLevels } from './failure-domains.ts'
import type { Ledger } from './ledger.ts'
import type { Party, Seat } from './seats.ts'

/** How many members of one cluster are around each node, in the order of importance: the widest domain first. */
export interface Crowding {
  readonly ranks: number
  at(node: number, rank: number): number
}

/** How evenly the members of a cluster lie over its spread labels, the widest first. Full members count before all members together. */
export class Diversity {
  readonly #ledger: Ledger
  readonly #levels = new Map<string, readonly Int32Array[]>()

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  /** The domain of each node at each level. */
  levelsOf({ spec }: Party): readonly Int32Array[] {
    const { spread } = spec.placement
    const key = JSON.stringify(spread)
    const levels = this.#levels.get(key) ?? domainLevels(this.#ledger.fleet.nodes, spread)
    this.#levels.set(key, levels)
    return levels
  }

  /** For a seat that is placed nowhere yet. */
  crowding(seat: Seat): Crowding {
    const levels = this.levelsOf(seat.cluster)
    const tallies = populations(seat).flatMap(seats =>
      levels.map(level => ({ level, counts: this.#tally(seats, level) })),
    )
    return {
      ranks: tallies.length,
      at: (node, rank) => {
        const tally = tallies[rank]
        return tally?.counts[tally.level[node] ?? 0] ?? 0
      },
    }
  }

  /** Below 0: the cluster would lie more evenly if the seat were on `node`; 0: as evenly; above 0: less. */
  compareMove(seat: Seat, node: number): number {
    const from = this.#ledger.nodeOf(seat)
    if (from === undefined) return 0
    const levels = this.levelsOf(seat.cluster)
    for (const seats of populations(seat)) {
      for (const level of levels) {
        const [here, there] = [level[from], level[node]]
        if (here === there) continue
        const difference =
          this.#count({ seats, level, domain: there }) + 1 - this.#count({ seats, level, domain: here })
        if (difference !== 0) return difference
      }
    }
    return 0
  }

  /** Members in each domain. */
  #tally(seats: readonly Seat[], level: Int32Array): Int32Array {
    const counts = new Int32Array(level.length)
    for (const seat of seats) {
      const node = this.#ledger.nodeOf(seat)
      const domain = node === undefined ? undefined : level[node]
      if (domain !== undefined) counts[domain] = (counts[domain] ?? 0) + 1
    }
    return counts
  }

  #count({
    seats,
    level,
    domain,
  }: {
    readonly seats: readonly Seat[]
    readonly level: Int32Array
    readonly domain: number | undefined
  }): number {
    let count = 0
    for (const seat of seats) {
      const node = this.#ledger.nodeOf(seat)
      if (node !== undefined && level[node] === domain) count += 1
    }
    return count
  }
}

function populations({ cluster, group }: Seat): readonly (readonly Seat[])[] {
  if (group !== undefined || cluster.spec.replicas.length === 0) return [cluster.seats]
  return [cluster.seats.filter(seat => seat.group === undefined), cluster.seats]
}
