import type { SequenceUse, ServerHealth } from '../../../shared/domain/instance-health.ts'
import { type PsqlCall, psql } from '../../executors/postgres/psql.ts'

export type ServerQuestion = Pick<PsqlCall, 'exec' | 'socketDirectory' | 'port' | 'signal'>

/** What a server says about itself, in one question to one database. Errors: `unavailable`, `failed`. */
export async function serverHealth(question: ServerQuestion): Promise<ServerHealth> {
  return JSON.parse(await psql({ ...question, database: 'postgres', sql: SERVER_SQL })) as ServerHealth
}

/**
 * Sequences that have used at least half of their numbers, most used first. A connection to each database, so it is asked seldom, and
 * only of the server that leads.
 */
export async function sequencesInUse(question: ServerQuestion): Promise<readonly SequenceUse[]> {
  const names = JSON.parse(await psql({ ...question, database: 'postgres', sql: DATABASES_SQL })) as readonly string[]
  const found: SequenceUse[] = []
  for (const database of names)
    found.push(...(JSON.parse(await psql({ ...question, database, sql: SEQUENCES_SQL })) as readonly SequenceUse[]))
  return found.toSorted((left, right) => right.used - left.used).slice(0, MOST_SEQUENCES)
}

const MOST_SEQUENCES = 10

/** Rounded, so that what is told does not move with every transaction. A server from before PostgreSQL 15 keeps no version of its databases. */
const SERVER_SQL = `SET statement_timeout = '5s';
SELECT current_setting('server_version_num')::int >= 150000 AS keeps_versions \\gset
\\if :keeps_versions
SELECT coalesce(json_agg(json_build_object('database', datname, 'recorded', datcollversion,
    'actual', pg_database_collation_actual_version(oid)) ORDER BY datname), '[]'::json)::text AS collations FROM pg_database
  WHERE datcollversion IS NOT NULL AND datcollversion <> pg_database_collation_actual_version(oid) \\gset
\\else
\\set collations '[]'
\\endif
SELECT json_strip_nulls(json_build_object(
  'transactionAge', (SELECT json_build_object('database', datname, 'age', age(datfrozenxid) / 100000 * 100000)
    FROM pg_database ORDER BY age(datfrozenxid) DESC LIMIT 1),
  'multixactAge', (SELECT json_build_object('database', datname, 'age', mxid_age(datminmxid) / 100000 * 100000)
    FROM pg_database ORDER BY mxid_age(datminmxid) DESC LIMIT 1),
  'inactiveSlots', coalesce((
    SELECT json_agg(json_build_object('name', slot_name, 'walStatus', wal_status, 'retainedBytes', retained) ORDER BY slot_name)
    FROM (SELECT slot_name, wal_status, greatest(0, coalesce(pg_wal_lsn_diff(
        CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, restart_lsn), 0))
        ::bigint / 1048576 * 1048576 AS retained
      FROM pg_replication_slots WHERE NOT active AND NOT temporary) slots), '[]'::json),
  'archiver', (SELECT json_build_object('failing', coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false),
      'failed', failed_count, 'waitingFiles', (SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'))
    FROM pg_stat_archiver
    WHERE current_setting('archive_mode') = 'always' OR (current_setting('archive_mode') = 'on' AND NOT pg_is_in_recovery())),
  'prepared', (SELECT json_build_object('count', count(*),
      'oldestSeconds', coalesce(floor(extract(epoch FROM max(clock_timestamp() - prepared)) / 60) * 60, 0)) FROM pg_prepared_xacts),
  'collations', :'collations'::json));`

const DATABASES_SQL = `SELECT coalesce(json_agg(datname ORDER BY datname), '[]'::json) FROM pg_database
  WHERE datallowconn AND NOT datistemplate;`

/** Both directions; one that may start again from its beginning never ends. */
const SEQUENCES_SQL = `SET statement_timeout = '15s';
SELECT coalesce(json_agg(json_build_object('database', current_database(), 'name', name, 'used', used) ORDER BY used DESC), '[]'::json)
FROM (
  SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename) AS name, round(CASE WHEN increment_by > 0
      THEN (last_value::numeric - min_value) / greatest(1, max_value::numeric - min_value)
      ELSE (max_value::numeric - last_value) / greatest(1, max_value::numeric - min_value) END, 3) AS used
  FROM pg_sequences WHERE last_value IS NOT NULL AND NOT cycle
) sequences WHERE used >= 0.5;`
