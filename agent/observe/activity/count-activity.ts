import type { LogCounters, PoolerCounters, ServerCounters } from '../../../shared/domain/activity.ts'
import type { PoolerTarget } from '../../../shared/domain/command.ts'
import { poolerShow } from '../../executors/pooler/show.ts'
import { type PsqlCall, psql } from '../../executors/postgres/psql.ts'
import type { Exec } from '../../host/host.ts'

const LOG_TIMEOUT_MS = 10_000
/** A log that says more in a minute says enough. */
const MOST_LINES = 5_000

/** Errors: `unavailable`, `failed`. */
export async function countServer(
  question: Pick<PsqlCall, 'exec' | 'socketDirectory' | 'port' | 'signal'>,
): Promise<ServerCounters> {
  return JSON.parse(await psql({ ...question, database: 'postgres', sql: SQL })) as ServerCounters
}

/** Errors: `unavailable`, `failed`, `timeout`. */
export async function countPoolers(
  exec: Exec,
  targets: readonly PoolerTarget[],
  signal: AbortSignal,
): Promise<PoolerCounters> {
  const shown = await Promise.all(targets.map(target => poolerShow({ exec, target, command: 'SHOW STATS', signal })))
  const rows = shown.flat().filter(row => row['database'] !== 'pgbouncer')
  const sum = (column: string): number => rows.reduce((total, row) => total + Number(row[column] ?? 0), 0)
  return {
    transactions: sum('total_xact_count'),
    transactionMs: Math.round(sum('total_xact_time') / 1000),
    waitMs: Math.round(sum('total_wait_time') / 1000),
  }
}

/** PostgreSQL writes to its Patroni's standard error, and that to the journal. `since` and `until` are Unix milliseconds. */
export async function countLog(
  exec: Exec,
  given: { readonly unit: string; readonly since: number; readonly until: number; readonly signal: AbortSignal },
): Promise<LogCounters> {
  const { unit, since, until, signal } = given
  const range = [`--since=@${(since / 1000).toFixed(3)}`, `--until=@${(until / 1000).toFixed(3)}`]
  const shape = ['--no-pager', '--quiet', '--output=cat', `--lines=${MOST_LINES}`]
  const { stdout } = await exec({
    argv: ['journalctl', ...shape, ...range, `--grep=${SEVERITY.source}`, `--unit=${unit}`],
    timeoutMs: LOG_TIMEOUT_MS,
    maxOutputBytes: 4 * 1024 * 1024,
    signal,
  })
  return severitiesIn(stdout)
}

/** Pure. */
export function severitiesIn(text: string): LogCounters {
  const found = text.split('\n').flatMap(line => SEVERITY.exec(line)?.[1] ?? [])
  const count = (severity: string): number => found.filter(each => each === severity).length
  return { panics: count('PANIC'), fatals: count('FATAL'), errors: count('ERROR') }
}

/** Two blanks follow a severity of PostgreSQL, one a level of Patroni. */
const SEVERITY = /\b(PANIC|FATAL|ERROR): {2}/

/** A column that the server's version does not have counts nothing. */
const SQL = `SET statement_timeout = '5s';
SELECT json_build_object('commits', coalesce(sum(xact_commit), 0), 'rollbacks', coalesce(sum(xact_rollback), 0),
  'killed', coalesce(sum((to_jsonb(d) ->> 'sessions_killed')::bigint), 0))
FROM pg_stat_database d WHERE datname <> 'postgres' AND datname NOT LIKE 'template_';`
