import type { Exec } from '../host/host.ts'
import type { Executor } from './executor.ts'
import { psql } from './postgres/psql.ts'

/** Writes out what is dirty: a checkpoint on a primary, a restartpoint on a standby. Errors: `unavailable`, `failed`. */
export function createPostgresCheckpoint(parts: {
  readonly exec: Exec
  readonly monotonic: () => number
}): Executor<'postgres.checkpoint'> {
  return async ({ args, signal }) => {
    const since = parts.monotonic()
    await psql({ ...args, exec: parts.exec, database: 'postgres', sql: 'CHECKPOINT;', signal })
    return { tookMs: Math.round(parts.monotonic() - since) }
  }
}
