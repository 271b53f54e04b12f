import type { Allocations, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { Diversity } from './diversity.ts'
import { fleetNodes } from './fleet-nodes.ts'
import { HardRules } from './hard-rules.ts'
import { Ledger } from './ledger.ts'
import { type Party, partiesOf } from './seats.ts'

/** Differences of a share of a node below this one are none: estimates of load are not better than that. */
export const STEP = 0.01

/** Everything that placement looks at. */
export interface Scene {
  readonly parties: readonly Party[]
  readonly ledger: Ledger
  readonly rules: HardRules
  readonly diversity: Diversity
}

/** The fleet with what exists where it is. */
export function sceneOf({
  spec,
  snapshot,
  allocations,
}: {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly allocations: Allocations
}): Scene {
  const ledger = new Ledger(fleetNodes(spec, snapshot))
  const rules = new HardRules(ledger, snapshot)
  const parties = partiesOf({ spec, snapshot, allocations })
  for (const party of parties) {
    for (const seat of party.seats) {
      const node = seat.exists === undefined ? undefined : ledger.fleet.indexOf.get(seat.exists.nodeId)
      if (node === undefined) continue
      ledger.put(seat, node)
      if (ledger.fleet.nodes[node]?.facts !== undefined && rules.platformOf(party) === undefined)
        rules.settle(party, ledger.fleet.platform[node])
    }
    if (party.primary !== undefined) ledger.promote(party.primary)
  }
  return { parties, ledger, rules, diversity: new Diversity(ledger) }
}
