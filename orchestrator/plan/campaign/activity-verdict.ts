import type { ActivityWindow } from '../../../shared/domain/activity.ts'

/** A shorter time says nothing. */
const LEAST_MS = 60_000
const LEAST_BEFORE_MS = 5 * 60_000
/** A cluster with fewer transactions in the time is quiet: it is not judged by them. */
const LEAST_TRANSACTIONS = 200

/** Lines of ERROR and FATAL: so many times as often as before, and so many more a minute. */
const ERRORS = { times: 3, more: 10 }
/** Of all transactions: so many times the share from before, and one in a hundred more. */
const ROLLED_BACK = { times: 2, more: 0.01 }
/** From a client's query to its answer. Caches are cold after a restart: much slower is bad, slower is not. */
const LATENCY = { times: 5, moreMs: 20 }
/** A cluster that had ten transactions a second and now has none is not reached by its clients. */
const BUSY_PER_MINUTE = 600
/** A pause of work is not that long. */
const STANDSTILL_MS = 3 * 60_000

/**
 * Why what goes through a cluster since it was upgraded is not well, with figures, beside the hour before; null: nothing is known against
 * it. Without that hour only a PANIC counts. Pure.
 */
export function whyUnwell(now: ActivityWindow, before: ActivityWindow | undefined): string | null {
  const panics = now.log?.panics ?? 0
  if (panics > 0) return `its log has ${panics} PANIC`
  if (before === undefined || now.ms < LEAST_MS || before.ms < LEAST_BEFORE_MS) return null
  return errors(now, before) ?? rolledBack(now, before) ?? latency(now, before) ?? standstill(now, before)
}

function errors(now: ActivityWindow, before: ActivityWindow): string | null {
  if (now.log === undefined || before.log === undefined) return null
  const [rate, was] = [
    perMinute(now.log.errors + now.log.fatals, now.ms),
    perMinute(before.log.errors + before.log.fatals, before.ms),
  ]
  if (rate < was * ERRORS.times || rate - was < ERRORS.more) return null
  return `its log has ${rounded(rate)} errors a minute, ${rounded(was)} in the hour before`
}

function rolledBack(now: ActivityWindow, before: ActivityWindow): string | null {
  const [share, was] = [rollbackShare(now), rollbackShare(before)]
  if (share === undefined || was === undefined) return null
  if (share < was * ROLLED_BACK.times || share - was < ROLLED_BACK.more) return null
  return `${percent(share)} of its transactions are rolled back, ${percent(was)} in the hour before`
}

function rollbackShare({ server }: ActivityWindow): number | undefined {
  const all = (server?.commits ?? 0) + (server?.rollbacks ?? 0)
  return server === undefined || all < LEAST_TRANSACTIONS ? undefined : server.rollbacks / all
}

function latency(now: ActivityWindow, before: ActivityWindow): string | null {
  const [ms, was] = [meanMs(now), meanMs(before)]
  if (ms === undefined || was === undefined) return null
  if (ms < was * LATENCY.times || ms - was < LATENCY.moreMs) return null
  return `a transaction takes ${rounded(ms)} ms, ${rounded(was)} ms in the hour before`
}

/** With the wait for a server: what clients see. */
function meanMs({ poolers }: ActivityWindow): number | undefined {
  if (poolers === undefined || poolers.transactions < LEAST_TRANSACTIONS) return undefined
  return (poolers.transactionMs + poolers.waitMs) / poolers.transactions
}

function standstill(now: ActivityWindow, before: ActivityWindow): string | null {
  if (now.poolers?.transactions !== 0 || now.ms < STANDSTILL_MS || before.poolers === undefined) return null
  const was = perMinute(before.poolers.transactions, before.ms)
  if (was < BUSY_PER_MINUTE) return null
  return `no transaction has gone through its poolers for ${Math.round(now.ms / 1000)} s, ${rounded(was)} a minute in the hour before`
}

function perMinute(count: number, ms: number): number {
  return (count * 60_000) / ms
}

function rounded(value: number): string {
  return String(value < 10 ? Math.round(value * 10) / 10 : Math.round(value))
}

function percent(share: number): string {
  return `${rounded(share * 100)} %`
}
