import type { PostgresInspection } from '../../shared/domain/command.ts'
import type { Exec } from '../host/host.ts'
import type { Executor } from './executor.ts'
import { psql } from './postgres/psql.ts'

/** Errors: `failed` on a standby, which has no write position; `unavailable`. */
export function createPostgresInspect(host: { readonly exec: Exec }): Executor<'postgres.inspect'> {
  return async ({ args, signal }) =>
    JSON.parse(await psql({ ...args, exec: host.exec, database: 'postgres', sql: SQL, signal })) as PostgresInspection
}

/** Patroni's members call themselves by their names. */
const SQL = `SELECT json_build_object(
  'oldestTransactionMs', coalesce((
    SELECT round(max(extract(epoch FROM clock_timestamp() - xact_start)) * 1000) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()), 0),
  'archiverFails', (SELECT coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) FROM pg_stat_archiver),
  'archiveBacklog', (SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'),
  'standbys', coalesce((
    SELECT json_agg(json_build_object('instance', application_name, 'state', state, 'syncState', sync_state,
      'lagBytes', coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn), 0)) ORDER BY application_name)
    FROM pg_stat_replication), '[]'::json));`
