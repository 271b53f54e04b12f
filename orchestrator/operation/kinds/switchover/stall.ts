import type { PostgresAwaited } from '../../../../shared/domain/command.ts'

/** What the stall was spent on, in milliseconds; together they are it. */
export interface StallParts {
  /** Until running transactions had ended. */
  readonly drain: number
  /** Until the candidate was writable: Patroni and PostgreSQL. */
  readonly handOver: number
  /** From then until a standby was synchronous. */
  readonly synchronous: number
  /** Journals, signatures, the network between orchestrator and agents, and poolers that were held before the last one was. */
  readonly orders: number
}

/** Pure. `stallMs`: the longest that any pooler held its clients. */
export function stallOf({
  stallMs,
  drainedMs,
  awaited,
}: {
  readonly stallMs: number
  readonly drainedMs: number
  readonly awaited: PostgresAwaited
}): StallParts {
  const drain = Math.min(drainedMs, stallMs)
  const handOver = Math.min(awaited.tookMs, stallMs - drain)
  const waited = (awaited.synchronousMs ?? awaited.tookMs) - awaited.tookMs
  const synchronous = Math.min(waited, stallMs - drain - handOver)
  return { drain, handOver, synchronous, orders: stallMs - drain - handOver - synchronous }
}

/** For the timeline. */
export function tellStall(stallMs: number, { drain, handOver, synchronous, orders }: StallParts): string {
  const share = (ms: number): string => (stallMs === 0 ? `${ms} ms` : `${ms} ms, ${Math.round((ms / stallMs) * 100)} %`)
  return [
    `${stallMs} ms: transactions end (${share(drain)})`,
    `Patroni hands over (${share(handOver)})`,
    `a standby confirms (${share(synchronous)})`,
    `orders (${share(orders)})`,
  ].join('; ')
}
