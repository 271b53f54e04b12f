import { setTimeout as delay } from 'node:timers/promises'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import type { SqlClient } from './sql-client.ts'

/** Somebody who asks a cluster for a report again and again. */
export interface Reports extends AsyncDisposable {
  readonly counted: () => { readonly succeeded: number; readonly failed: number; readonly errors: readonly string[] }
  /** Waits for so many more that succeed. */
  readonly succeed: (more: number) => Promise<void>
}

const EVERY_MS = 250
const SUCCEED_MS = 60_000
/** Sorts more than its memory holds. */
const SQL = `DO $$ BEGIN
  SET LOCAL work_mem = '64kB';
  PERFORM count(*) FROM (SELECT md5(i::text) FROM generate_series(1, 5000) i ORDER BY 1 OFFSET 0) s;
END $$`

export function startReports(sql: SqlClient, url: string): Reports {
  const end = new AbortController()
  const errors = new Set<string>()
  let succeeded = 0
  let failed = 0
  const ended = run()
  return {
    counted: () => ({ succeeded, failed, errors: [...errors] }),
    succeed: async more => {
      const before = succeeded
      await waitUntil({
        what: `${more} more reports`,
        timeoutMs: SUCCEED_MS,
        intervalMs: EVERY_MS,
        check: async () => succeeded >= before + more,
        explain: async () => [...errors].join('; '),
      })
    },
    async [Symbol.asyncDispose]() {
      end.abort()
      await ended
    },
  }

  async function run(): Promise<void> {
    while (!end.signal.aborted) {
      try {
        await sql.query(url, SQL)
        succeeded += 1
      } catch (error) {
        failed += 1
        errors.add(error instanceof Error ? error.message : String(error))
      }
      await delay(EVERY_MS, undefined, { signal: end.signal }).catch(() => undefined)
    }
  }
}
