import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { throughDoors } from '../../test/support/database-url.ts'
import type { SqlClient } from '../../test/support/sql-client.ts'

export interface HealthyInput {
  readonly sql: SqlClient
  /** Addresses of the members' hosts. */
  readonly addresses: readonly string[]
  /** `postgres://app:...@any/app`; its user may read pg_stat_replication. */
  readonly url: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Told of each condition as it is met. */
  readonly report: (line: string) => void
}

const replication =
  "select count(*) filter (where state = 'streaming')::int as streaming, count(*) filter (where sync_state = 'sync')::int as sync from pg_stat_replication"

/**
 * Waits for the finish line, which is the same for both sides: a leader with two streaming members, one of them
 * synchronous, and on every host a primary service that leads to the leader and a replica service that leads to a standby.
 */
export async function waitUntilHealthy({
  sql,
  addresses,
  url,
  timeoutMs,
  signal,
  report,
}: HealthyInput): Promise<void> {
  const conditions = [
    ...addresses.map(host => ({ host, port: 5433, statement: replication, wanted: { streaming: 2, sync: 1 } })),
    ...addresses.map(host => ({
      host,
      port: 5434,
      statement: 'select pg_is_in_recovery() as standby',
      wanted: { standby: true },
    })),
  ]
  const started = performance.now()
  for (const { host, port, statement, wanted } of conditions) {
    let latest = 'no answer yet'
    await waitUntil({
      what: `${host}:${port} to answer ${JSON.stringify(wanted)}`,
      timeoutMs,
      intervalMs: 100,
      signal,
      check: async () => {
        latest = await sql
          .query(throughDoors(url, [{ host, port }]), statement, 2000)
          .then(rows => JSON.stringify(rows[0]), String)
        return latest === JSON.stringify(wanted)
      },
      explain: async () => `last answer: ${latest}`,
    })
    report(`  +${((performance.now() - started) / 1000).toFixed(2)} s ${host}:${port} ${latest}`)
  }
}
