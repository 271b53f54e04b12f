import type { Ledger } from './ledger.ts'
import { STEP } from './scene.ts'
import type { Seat } from './seats.ts'

/** The load that a node would have with a member on it that is not there, in steps. */
export function expectedLoad(ledger: Ledger, seat: Seat, node: number): number {
  const taken = seat.cluster.demand.taken[seat.group?.role ?? 'standby']
  const inverse = ledger.fleet.inverse[node]
  let load = 0
  for (let resource = 0; resource < 4; resource += 1)
    load = Math.max(load, (ledger.used(node, resource) + (taken[resource] ?? 0)) * (inverse?.[resource] ?? 0))
  return inSteps(load)
}

/**
 * The load that a node would have with a member on it that is not there, were it promoted while the worst failure elsewhere
 * has its effect on the node, in steps. A bound from above: the two need not come from one failure.
 */
export function expectedPeak(ledger: Ledger, seat: Seat, node: number): number {
  const taken = seat.cluster.demand.taken[seat.group?.role ?? 'primary']
  const inverse = ledger.fleet.inverse[node]
  let peak = 0
  for (let resource = 0; resource < 4; resource += 1)
    peak = Math.max(peak, (ledger.worst(node, resource) + (taken[resource] ?? 0)) * (inverse?.[resource] ?? 0))
  return inSteps(peak)
}

export function inSteps(share: number): number {
  return Math.round(share / STEP)
}
