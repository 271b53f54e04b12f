import { DroverError } from '../../shared/domain/errors.ts'
import type { ExtensionUpdates, UpdateExtensionsArgs } from '../../shared/domain/extension-update.ts'
import type { Exec } from '../host/host.ts'
import type { Executor } from './executor.ts'
import { psql } from './postgres/psql.ts'
import { quoteIdentifier, quoteLiteral } from './postgres/quote.ts'

/**
 * Takes extensions to the version that the server's packages have. Each is a transaction of its own; one that cannot be updated is told,
 * and the rest goes on. Killed half-way, the next run does the rest. Errors: `conflict` on a standby, `unavailable`.
 */
export function createUpdateExtensions({ exec }: { readonly exec: Exec }): Executor<'postgres.update-extensions'> {
  return async ({ args, signal, progress }) => {
    const ask = (database: string, sql: string): Promise<string> => psql({ ...args, exec, database, sql, signal })
    if ((await ask('postgres', 'SELECT pg_is_in_recovery();')).trim() === 't')
      throw new DroverError('conflict', `${args.instance} is a standby now: extensions are updated on the primary`, {
        retryable: true,
        hint: 'The step is sent again to whichever member is the primary.',
      })
    const updated: ExtensionUpdates['updated'][number][] = []
    const refused: ExtensionUpdates['refused'][number][] = []
    for (const [database, names] of byDatabase(args)) {
      const old = JSON.parse(await ask(database, outdatedSql(names))) as readonly Outdated[]
      for (const { name, version, to } of old) {
        const extension = { database, name, version, to }
        try {
          await ask(database, `${LIMITS}ALTER EXTENSION ${quoteIdentifier(name)} UPDATE;`)
          progress(`${name} in ${database}: ${version} to ${to}`)
          updated.push(extension)
        } catch (error) {
          signal.throwIfAborted()
          const { code, message } = DroverError.from(error)
          if (code === 'unavailable') throw error
          refused.push({ ...extension, because: message })
        }
      }
    }
    return { updated, refused }
  }
}

interface Outdated {
  readonly name: string
  readonly version: string
  readonly to: string
}

/** Nobody waits long behind an update that waits for a lock itself. */
const LIMITS = "SET lock_timeout = '5s'; SET statement_timeout = '10min';\n"

function byDatabase({ extensions }: UpdateExtensionsArgs): ReadonlyMap<string, readonly string[]> {
  const groups = Map.groupBy(extensions, ({ database }) => database)
  return new Map([...groups].map(([database, all]) => [database, all.map(({ name }) => name)]))
}

function outdatedSql(names: readonly string[]): string {
  return `SELECT coalesce(json_agg(json_build_object('name', name, 'version', installed_version, 'to', default_version) ORDER BY name), '[]')
FROM pg_available_extensions
WHERE installed_version <> default_version AND name = ANY (ARRAY[${names.map(quoteLiteral).join(', ')}]::text[]);`
}
