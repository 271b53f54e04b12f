import { setTimeout as delay } from 'node:timers/promises'
import type { PostgresAwaitArgs, PostgresAwaited } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Converse } from '../host/host.ts'
import type { Executor } from './executor.ts'
import type { PatroniWake } from './patroni-wake.ts'
import { openPsqlSession, type PsqlSession } from './postgres/psql-session.ts'

const LOOK_EVERY_MS = 2
const WAKE_EVERY_MS = 100

interface Parts {
  readonly converse: Converse
  readonly monotonic: () => number
  readonly wakeOnce: PatroniWake
}

/** Watches one server over one connection, which survives a promotion. Errors: `timeout`, `unavailable`. */
export function createPostgresAwait(parts: Parts): Executor<'postgres.await'> {
  return async ({ args, signal }) => {
    const since = parts.monotonic()
    const passed = (): number => Math.round(parts.monotonic() - since)
    const session = await openPsqlSession(parts.converse, { ...args, user: 'postgres', database: 'postgres' })
    try {
      await session.ask(QUIETLY, signal)
      const look = { parts, args, session, signal }
      if (!(await comes({ ...look, until: args.until, end: since + args.timeoutMs })))
        throw new DroverError('timeout', `${args.instance} was not ${args.until} within ${args.timeoutMs} ms`)
      const awaited: PostgresAwaited = { tookMs: passed() }
      if (args.synchronousWithinMs === undefined) return awaited
      const end = parts.monotonic() + args.synchronousWithinMs
      return (await comes({ ...look, until: 'synchronous', end })) ? { ...awaited, synchronousMs: passed() } : awaited
    } finally {
      session.close()
    }
  }
}

interface Look {
  readonly parts: Parts
  readonly args: PostgresAwaitArgs
  readonly session: PsqlSession
  readonly until: PostgresAwaitArgs['until']
  /** On the monotonic clock. */
  readonly end: number
  readonly signal: AbortSignal
}

/** True when it has become so, false when the time is over. */
async function comes({ parts, args, session, until, end, signal }: Look): Promise<boolean> {
  let seen = ''
  let wokenAt = parts.monotonic()
  for (;;) {
    const state = await session.ask(STATE, signal)
    if (state === 'synchronous' || (until === 'writable' && state !== 'in-recovery')) return true
    const now = parts.monotonic()
    if (now >= end) return false
    // At once when a standby has come, since this is what Patroni has to see; not before, or it may just be busy with nothing then.
    const hasCome = state === 'streaming' && seen !== 'streaming'
    if (args.wake !== undefined && state !== 'in-recovery' && (hasCome || now - wokenAt >= WAKE_EVERY_MS)) {
      wokenAt = now
      void parts.wakeOnce(args.wake, signal)
    }
    seen = state
    await delay(LOOK_EVERY_MS, undefined, { signal })
  }
}

/** Hundreds of looks are nothing that a log or the statistics of statements should be full of. */
const QUIETLY = [
  "SET log_statement = 'none'",
  'SET log_min_duration_statement = -1',
  'SET log_min_duration_sample = -1',
  'SET log_transaction_sample_rate = 0',
  "SET pg_stat_statements.track = 'none'",
  "SET pgaudit.log = 'none'",
].join('; ')

/** Each look is a statement of its own: a session reads changed settings only between statements, and whether a standby is synchronous is a matter of settings. */
const STATE = [
  "SELECT CASE WHEN pg_is_in_recovery() THEN 'in-recovery'",
  "WHEN bool_or(state = 'streaming' AND sync_state IN ('sync', 'quorum')) THEN 'synchronous'",
  "WHEN bool_or(state = 'streaming') THEN 'streaming' ELSE 'alone' END AS answer FROM pg_stat_replication",
].join(' ')
