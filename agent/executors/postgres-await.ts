import { DroverError } from '../../shared/domain/errors.ts'
import { linkedController } from '../../shared/lib/abort.ts'
import type { Exec } from '../host/host.ts'
import type { Executor } from './executor.ts'
import type { PatroniWake } from './patroni-wake.ts'
import { psql } from './postgres/psql.ts'

const INTERVAL_MS = 5

/**
 * Watches one server over one connection, which survives a promotion. Errors: `timeout`, `unavailable`.
 * Each look is a statement of its own: a session reads changed settings only between statements, and whether a standby is
 * synchronous is a matter of settings.
 */
export function createPostgresAwait(parts: {
  readonly exec: Exec
  readonly monotonic: () => number
  readonly wake: PatroniWake
}): Executor<'postgres.await'> {
  return async ({ args, signal }) => {
    const since = parts.monotonic()
    const sql = waitScript(CONDITIONS[args.until], args.timeoutMs)
    using waking = linkedController(signal)
    if (args.wake !== undefined) void parts.wake(args.wake, waking.signal)
    const output = await psql({ ...args, exec: parts.exec, database: 'postgres', sql, signal })
    waking.abort()
    if (output.trim() === 'met') return { tookMs: Math.round(parts.monotonic() - since) }
    throw new DroverError('timeout', `${args.instance} was not ${args.until} within ${args.timeoutMs} ms`)
  }
}

const CONDITIONS = {
  writable: 'NOT pg_is_in_recovery()',
  synchronous:
    "EXISTS (SELECT FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum') AND state = 'streaming')",
}

/** psql knows conditions but no loops. The server's clock ends the waiting, for a look may take longer than the pause after it. */
function waitScript(condition: string, timeoutMs: number): string {
  const look = [
    `SELECT ${condition} AS met, clock_timestamp() > :'deadline' AS late \\gset`,
    '\\if :met',
    '\\echo met',
    '\\quit',
    '\\elif :late',
    '\\quit',
    '\\endif',
    `SELECT FROM pg_sleep(${INTERVAL_MS / 1000}) \\g /dev/null`,
  ].join('\n')
  const looks = Array.from({ length: Math.ceil(timeoutMs / INTERVAL_MS) + 1 }, () => look)
  return [`SELECT clock_timestamp() + interval '${timeoutMs} ms' AS deadline \\gset`, ...looks].join('\n')
}
