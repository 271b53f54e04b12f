import type { PatroniTarget, ServerSettings } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Exec } from '../host/host.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Executor } from './executor.ts'
import { psql } from './postgres/psql.ts'

const TIMEOUT_MS = 5_000

/** Three words on every setting that is written somewhere: Patroni's, the files', the running server's. Errors: `unavailable`, `failed`. */
export function createPostgresSettings(parts: {
  readonly exec: Exec
  readonly client: TlsClient
}): Executor<'postgres.settings'> {
  return async ({ args, signal }) => {
    const wanted = await wantedParameters(args.patroni, parts.client, signal)
    const names = JSON.stringify(Object.keys(wanted).map(name => name.toLowerCase()))
    const sql = `\\set names '${names.replaceAll("'", "''")}'\n${SQL}`
    const text = await psql({ ...args, exec: parts.exec, database: 'postgres', sql, signal })
    return { ...(JSON.parse(text) as Omit<ServerSettings, 'wanted'>), wanted }
  }
}

async function wantedParameters(
  target: PatroniTarget,
  client: TlsClient,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const url = `${target.patroniUrl}/config`
  const answer = await client.request({ url, tls: target, timeoutMs: TIMEOUT_MS, signal })
  if (answer.status !== 200)
    throw new DroverError('unavailable', `Patroni of ${target.instance} answered ${answer.status} to GET /config`)
  const config = JSON.parse(answer.text) as { postgresql?: { parameters?: Readonly<Record<string, unknown>> } }
  return Object.fromEntries(
    Object.entries(config.postgresql?.parameters ?? {}).map(([name, value]) => [name, textOf(value)]),
  )
}

/** JSON may say true where PostgreSQL says on. */
function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return String(value)
}

/** What a session has set for itself counts as what it would reset it to. PostgreSQL takes the last line that names a setting. Of a line that only waits for a restart it says "could not be applied" as well. */
const SQL = `WITH file AS (
  SELECT DISTINCT ON (lower(name)) lower(name) AS name, setting, error FROM pg_file_settings
  WHERE name IS NOT NULL ORDER BY lower(name), seqno DESC
), known AS (
  SELECT s.*, lower(s.name) AS key FROM pg_settings s
), every AS (
  SELECT name FROM file UNION SELECT json_array_elements_text(:'names'::json) UNION SELECT key FROM known WHERE pending_restart
)
SELECT json_build_object(
  'startedAt', round(extract(epoch FROM pg_postmaster_start_time()) * 1000),
  'inRecovery', pg_is_in_recovery(),
  'settings', (
    SELECT json_agg(json_strip_nulls(json_build_object(
      'name', every.name, 'running', known.reset_val,
      'shown', CASE WHEN known.setting = known.reset_val THEN current_setting(known.name) ELSE known.reset_val END, 'unit', known.unit,
      'type', known.vartype, 'file', file.setting, 'pending', coalesce(known.pending_restart, false),
      'refused', CASE WHEN NOT coalesce(known.pending_restart, false) THEN file.error END)) ORDER BY every.name)
    FROM every LEFT JOIN file USING (name) LEFT JOIN known ON known.key = every.name
    WHERE every.name <> 'primary_conninfo'));`
