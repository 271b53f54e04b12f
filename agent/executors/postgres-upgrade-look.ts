import { DroverError } from '../../shared/domain/errors.ts'
import type { InstalledExtension, UpgradeLook, UpgradeLookArgs } from '../../shared/domain/upgrade-look.ts'
import type { Exec } from '../host/host.ts'
import type { Executor } from './executor.ts'
import { COLLATIONS_SQL } from './postgres/collations-sql.ts'
import { psql } from './postgres/psql.ts'

/** Changes nothing. Errors: `unavailable`, `failed`. */
export function createUpgradeLook(host: { readonly exec: Exec }): Executor<'postgres.upgrade-look'> {
  return async ({ args, signal }) => {
    const ask = async (database: string, sql: string): Promise<unknown> =>
      JSON.parse(await psql({ ...args, exec: host.exec, database, sql, signal }))
    const { databases, ...look } = (await ask('postgres', lookSql(args))) as Omit<UpgradeLook, 'extensions'> & {
      readonly databases: readonly string[]
    }
    const extensions: InstalledExtension[] = []
    for (const database of databases) {
      const found = (await ask(database, EXTENSIONS_SQL)) as Readonly<Record<string, string>>
      extensions.push(...Object.entries(found).map(([name, version]) => ({ database, name, version })))
    }
    return { ...look, extensions }
  }
}

/** So many groups are told; who has more has a cluster that nobody reads the list of. */
const MOST_GROUPS = 100

/** Patroni is no client. Replication is one unless a member does it. */
function lookSql({ pooled, minAgeMs, members }: UpgradeLookArgs): string {
  return `SET statement_timeout = '10s';
SELECT json_strip_nulls(json_build_object(
  'clients', (SELECT coalesce(json_agg(grouped ORDER BY grouped.count DESC, grouped."user", grouped.application), '[]'::json) FROM (
    SELECT coalesce(usename, '') AS "user", coalesce(datname, '') AS database, application_name AS application,
      coalesce(host(client_addr), 'socket') AS address, count(*)::int AS count
    FROM pg_stat_activity
    WHERE backend_type IN ('client backend', 'walsender') AND pid <> pg_backend_pid()
      AND application_name NOT LIKE 'Patroni%'
      AND NOT (backend_type = 'walsender' AND application_name = ANY (ARRAY[${members.map(text).join(', ')}]::text[]))
      AND pid <> ALL (ARRAY[${pooled.map(number).join(', ')}]::int[])
      AND backend_start < clock_timestamp() - ${number(minAgeMs)} * interval '1 millisecond'
    GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC LIMIT ${MOST_GROUPS}) grouped),
  'oldestTransaction', (SELECT json_build_object('ageMs', round(extract(epoch FROM clock_timestamp() - xact_start) * 1000),
      'user', usename, 'database', datname, 'application', application_name, 'state', state)
    FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
    ORDER BY xact_start LIMIT 1),
  'replayLagMs', CASE WHEN NOT pg_is_in_recovery() THEN NULL
    WHEN pg_last_wal_receive_lsn() IS NOT DISTINCT FROM pg_last_wal_replay_lsn() THEN 0
    ELSE round(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000) END,
  'archive', (SELECT json_build_object('failing', coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false),
      'waitingFiles', (SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'),
      'oldestWaitingSeconds', (SELECT round(extract(epoch FROM clock_timestamp() - min(modification)))
        FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'))
    FROM pg_stat_archiver WHERE current_setting('archive_mode') = 'always'
      OR (current_setting('archive_mode') = 'on' AND NOT pg_is_in_recovery())),
  'collations', ${COLLATIONS_SQL},
  'outputPlugins', (SELECT coalesce(json_agg(DISTINCT plugin), '[]'::json) FROM pg_replication_slots WHERE plugin IS NOT NULL),
  'databases', (SELECT coalesce(json_agg(datname ORDER BY datname), '[]'::json) FROM pg_database
    WHERE datallowconn AND datname <> 'template0' AND NOT pg_is_in_recovery())));`
}

const EXTENSIONS_SQL = `SELECT coalesce(json_object_agg(extname, extversion), '{}') FROM pg_extension WHERE extname <> 'plpgsql';`

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

function number(value: number): string {
  if (Number.isInteger(value) && value >= 0) return String(value)
  throw new DroverError('invalid', `${value} is no whole number`)
}
