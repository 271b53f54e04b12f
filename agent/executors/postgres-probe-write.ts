import type { Exec } from '../host/host.ts'
import type { Executor } from './executor.ts'
import { psql } from './postgres/psql.ts'

/** Makes a table, writes a row, and takes both back: nothing of it is ever visible. Errors: `failed` on a standby, `unavailable`. */
export function createProbeWrite(parts: {
  readonly exec: Exec
  readonly monotonic: () => number
}): Executor<'postgres.probe-write'> {
  return async ({ args, signal }) => {
    const since = parts.monotonic()
    await psql({ ...args, exec: parts.exec, database: 'postgres', sql: SQL, signal })
    return { tookMs: Math.round(parts.monotonic() - since) }
  }
}

const SQL = `BEGIN;
CREATE TABLE public.drover_write_probe (at timestamptz);
INSERT INTO public.drover_write_probe VALUES (clock_timestamp());
ROLLBACK;`
