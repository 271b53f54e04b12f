import { assertNever, DroverError } from '../../../shared/domain/errors.ts'
import { HIDDEN_PREFIX, type RetireItem } from '../../../shared/domain/retire.ts'
import { connectionStatement } from './database-statements.ts'
import { quoteIdentifier, quoteLiteral } from './quote.ts'
import type { Server } from './server.ts'
import type { Statement } from './statement.ts'

/** How long a session may take to end. */
const END_WITHIN_MS = 5000

/** Nobody reaches it any more, and all of it stays. An extension stays as it is: without it, what it made would be gone. */
export async function hideItem(item: RetireItem, server: Server): Promise<void> {
  const { kind, name } = item
  switch (kind) {
    case 'database': {
      const names = await namesOf(item, server)
      if (names === 'hidden' || names === 'none') return
      return server.apply('postgres', [
        connectionStatement(name, false),
        endSessions('datname', name),
        rename('DATABASE', name, hiddenNameOf(item)),
      ])
    }
    case 'schema':
      if ((await namesOf(item, server)) === 'open')
        await server.apply(item.database ?? '', [rename('SCHEMA', name, hiddenNameOf(item))])
      return
    case 'user': {
      const [login] = await server.read<readonly boolean[]>(
        'postgres',
        `SELECT coalesce(json_agg(rolcanlogin), '[]') FROM pg_roles WHERE rolname = ${quoteLiteral(name)};`,
      )
      if (login !== true) return
      const sql = `ALTER ROLE ${quoteIdentifier(name)} NOLOGIN;`
      return server.apply('postgres', [{ sql, summary: `alter role ${name} (no login)` }, endSessions('usename', name)])
    }
    case 'extension':
      return
    default:
      return assertNever(kind)
  }
}

/** Back under its name; a database is open, and a user without login until it is led back to what the spec says of it. */
export async function restoreItem(item: RetireItem, server: Server): Promise<void> {
  const { kind, name } = item
  if (kind !== 'database' && kind !== 'schema') return
  if ((await namesOf(item, server)) !== 'hidden') return
  const hidden = hiddenNameOf(item)
  if (kind === 'schema') return server.apply(item.database ?? '', [rename('SCHEMA', hidden, name)])
  await server.apply('postgres', [rename('DATABASE', hidden, name), connectionStatement(name, true)])
}

/** Under which of its two names it is there. Errors: `conflict` when both are taken: somebody has made another one since. */
export async function namesOf(item: RetireItem, server: Server): Promise<'open' | 'hidden' | 'none'> {
  const { kind, name } = item
  const hidden = hiddenNameOf(item)
  const [table, column, where] =
    kind === 'database'
      ? (['pg_database', 'datname', 'postgres'] as const)
      : (['pg_namespace', 'nspname', item.database ?? ''] as const)
  const found = await server.read<readonly string[]>(
    where,
    `SELECT coalesce(json_agg(${column}), '[]') FROM ${table} WHERE ${column} IN (${quoteLiteral(name)}, ${quoteLiteral(hidden)});`,
  )
  if (found.length > 1)
    throw new DroverError('conflict', `there is a ${kind} ${name} again, and the removed one is kept as ${hidden}`, {
      retryable: false,
      hint: `Rename or drop one of the two by hand.`,
    })
  if (found.length === 0) return 'none'
  return found[0] === hidden ? 'hidden' : 'open'
}

/** Errors: `invalid` for a name that Drover does not give. */
export function hiddenNameOf({ kind, name, hiddenAs }: RetireItem): string {
  if (hiddenAs?.startsWith(HIDDEN_PREFIX) === true) return hiddenAs
  throw new DroverError('invalid', `${kind} ${name} has no name to be kept under`)
}

function rename(what: 'DATABASE' | 'SCHEMA', from: string, to: string): Statement {
  return {
    sql: `ALTER ${what} ${quoteIdentifier(from)} RENAME TO ${quoteIdentifier(to)};`,
    summary: `rename ${what.toLowerCase()} ${from} to ${to}`,
  }
}

function endSessions(column: 'datname' | 'usename', name: string): Statement {
  return {
    sql: `SELECT count(pg_terminate_backend(pid, ${END_WITHIN_MS})) FROM pg_stat_activity WHERE ${column} = ${quoteLiteral(name)} AND pid <> pg_backend_pid();`,
  }
}
