import { assertNever } from '../../../shared/domain/errors.ts'
import type { Scene } from './scene.ts'
import type { Seat } from './seats.ts'

/** One step of a search: a member goes elsewhere, two of different clusters change places, or another member leads. */
export type Exchange =
  | { readonly kind: 'move'; readonly seat: Seat; readonly to: number }
  | { readonly kind: 'swap'; readonly seat: Seat; readonly other: Seat }
  | { readonly kind: 'lead'; readonly seat: Seat }

/** Does it and returns what undoes it. It must be allowed. */
export function perform(exchange: Exchange, { ledger }: Scene): () => void {
  const { kind, seat } = exchange
  switch (kind) {
    case 'move': {
      const from = ledger.nodeOf(seat)
      ledger.move(seat, exchange.to)
      return () => from !== undefined && ledger.move(seat, from)
    }
    case 'swap': {
      ledger.swap(seat, exchange.other)
      return () => ledger.swap(seat, exchange.other)
    }
    case 'lead': {
      const before = ledger.primaryOf(seat.cluster)
      ledger.promote(seat)
      return () => before !== undefined && ledger.promote(before)
    }
    default:
      return assertNever(kind)
  }
}

/** Whether no hard rule breaks and no cluster lies less evenly over its domains. */
export function isAllowed(exchange: Exchange, { ledger, rules, diversity }: Scene): boolean {
  const { kind, seat } = exchange
  switch (kind) {
    case 'move':
      return rules.allow(seat, exchange.to) && diversity.compareMove(seat, exchange.to) <= 0
    case 'swap': {
      const { other } = exchange
      const [here, there] = [ledger.nodeOf(seat), ledger.nodeOf(other)]
      return (
        here !== undefined &&
        there !== undefined &&
        rules.allow(seat, there, other) &&
        rules.allow(other, here, seat) &&
        diversity.compareMove(seat, there) <= 0 &&
        diversity.compareMove(other, here) <= 0
      )
    }
    case 'lead':
      return seat.group === undefined
    default:
      return assertNever(kind)
  }
}

/** The nodes whose load or peak an exchange changes: those of its members, and of their clusters where a primary is among them. */
export function touchedBy(exchange: Exchange, { ledger }: Scene): readonly number[] {
  const seats = exchange.kind === 'swap' ? [exchange.seat, exchange.other] : [exchange.seat]
  const around = seats.flatMap(seat =>
    exchange.kind === 'lead' || ledger.primaryOf(seat.cluster) === seat ? seat.cluster.seats : [seat],
  )
  const nodes = around.flatMap(seat => ledger.nodeOf(seat) ?? [])
  return [...new Set(exchange.kind === 'move' ? [...nodes, exchange.to] : nodes)]
}
