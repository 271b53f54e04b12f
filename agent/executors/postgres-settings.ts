import type { ServerSettings } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { PatroniTarget } from '../../shared/domain/patroni-target.ts'
import type { Exec } from '../host/host.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Executor } from './executor.ts'
import { psql } from './postgres/psql.ts'
import { SETTINGS_SQL, wantedNames } from './postgres/settings-query.ts'

const TIMEOUT_MS = 5_000

/** Three words on every setting that is written somewhere: Patroni's, the files', the running server's. Errors: `unavailable`, `failed`. */
export function createPostgresSettings(parts: {
  readonly exec: Exec
  readonly client: TlsClient
}): Executor<'postgres.settings'> {
  return async ({ args, signal }) => {
    const wanted = await wantedParameters(args.patroni, parts.client, signal)
    const sql = `${wantedNames(wanted)}${SQL}`
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

const SQL = `SELECT json_build_object(
  'startedAt', round(extract(epoch FROM pg_postmaster_start_time()) * 1000),
  'inRecovery', pg_is_in_recovery(),
  'settings', ${SETTINGS_SQL});`
