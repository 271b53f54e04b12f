import type { Ledger } from './ledger.ts'
import type { Seat } from './seats.ts'

/**
 * How much the members of a node disturb each other: long scans beside commits that must be quick count 2, two of a
 * kind that both take what they can get count 1.
 */
export function noiseOn(ledger: Ledger, node: number): number {
  const seats = ledger.seatsOn(node)
  return pairs(seats.filter(isLoud).length, seats.filter(isTender).length)
}

/** The noise that a further member would bring. */
export function noiseOf(ledger: Ledger, seat: Seat, node: number): number {
  const [loud, tender] = [isLoud(seat), isTender(seat)]
  if (!loud && !tender) return 0
  const others = ledger.seatsOn(node).filter(other => other !== seat)
  const [louds, tenders] = [others.filter(isLoud).length, others.filter(isTender).length]
  return loud ? louds + 2 * tenders : tenders + 2 * louds
}

function pairs(loud: number, tender: number): number {
  return (loud * (loud - 1)) / 2 + (tender * (tender - 1)) / 2 + 2 * loud * tender
}

/** Analysis and exports: long scans. */
function isLoud({ cluster, group }: Seat): boolean {
  return cluster.spec.workload === 'olap' || group?.role === 'offline'
}

/** Payments and the like: every commit waits for the disk. */
function isTender({ cluster, group }: Seat): boolean {
  return cluster.spec.workload === 'crit' && group?.role !== 'offline'
}
