import { quieten } from './quieten.ts'
import { type Relief, relieve } from './relieve.ts'
import { type Scene, STEP } from './scene.ts'
import { searchBelow } from './search-below.ts'
import type { Party, Seat } from './seats.ts'
import { spreadPrimaries } from './spread-primaries.ts'

/** What a later stage may take back, as a part of what was reached: in a fleet with much room a STEP would be a lot. */
const SLACK = 0.01

/** What a search may change; everything else stays. */
export interface Freedom {
  /** Members that may go to another node. */
  readonly movable: ReadonlySet<Seat>
  /** Clusters in which another member may lead. */
  readonly leaderless: ReadonlySet<Party>
}

/** A share of a node that must not pass the ceiling. */
export interface Bound {
  readonly share: Float64Array
  readonly ceiling: number
}

export interface Stage {
  readonly scene: Scene
  readonly freedom: Freedom
  readonly within: readonly Bound[]
}

/**
 * Improves a placement in the order of the soft rules, each stage within what the ones before have reached: the peak after
 * a failure, the load, the spread of primaries, the noise among neighbours. No stage makes a cluster less diverse.
 */
export function improve(scene: Scene, freedom: Freedom): void {
  const { peak, load } = scene.ledger
  lower({ scene, freedom, share: peak, within: [] })
  const peaks = reached(peak)
  lower({ scene, freedom, share: load, within: [peaks] })
  const within = [peaks, reached(load)]
  spreadPrimaries({ scene, freedom, within })
  quieten({ scene, freedom, within })
}

function lower(relief: Relief): void {
  do relieve(relief)
  while (searchBelow(relief))
}

function reached(share: Float64Array): Bound {
  const highest = Math.max(...share)
  return { share, ceiling: highest + Math.min(STEP, highest * SLACK) }
}
