import { assertNever, DroverError } from '../../../shared/domain/errors.ts'
import type { RetireItem } from '../../../shared/domain/retire.ts'
import { dependantsOfExtension, dependantsOfSchema, type RoleUse, roleUseSql } from './dependants.ts'
import { hiddenNameOf, namesOf } from './hide-items.ts'
import { quoteIdentifier, quoteLiteral } from './quote.ts'
import type { Server } from './server.ts'

/** Drops what was hidden. Answers what stands against it; undefined when it is gone. */
export async function dropItem(item: RetireItem, server: Server): Promise<string | undefined> {
  const { kind } = item
  switch (kind) {
    case 'database':
      return refusalOf(() => dropDatabase(item, server))
    case 'schema':
      return dropSchema(item, server)
    case 'user':
      return dropUser(item, server)
    case 'extension':
      return dropExtension(item, server)
    default:
      return assertNever(kind)
  }
}

async function dropDatabase(item: RetireItem, server: Server): Promise<void> {
  if ((await namesOf(item, server)) !== 'hidden') return
  const name = quoteIdentifier(hiddenNameOf(item))
  await server.apply('postgres', [
    { sql: `ALTER DATABASE ${name} IS_TEMPLATE false;` },
    { sql: `DROP DATABASE ${name} WITH (FORCE);`, summary: `drop database ${item.name}` },
  ])
}

async function dropSchema(item: RetireItem, server: Server): Promise<string | undefined> {
  const { database = '', name } = item
  if ((await namesOf(item, server)) !== 'hidden') return undefined
  const hidden = hiddenNameOf(item)
  const others = await server.read<readonly string[]>(database, dependantsOfSchema(hidden))
  if (others.length > 0) return `${others.join(', ')} ${others.length === 1 ? 'needs' : 'need'} what is in it`
  const sql = `DROP SCHEMA ${quoteIdentifier(hidden)} CASCADE;`
  return refusalOf(() => server.apply(database, [{ sql, summary: `drop schema ${name} in ${database}` }]))
}

async function dropExtension({ database = '', name }: RetireItem, server: Server): Promise<string | undefined> {
  const others = await server.read<readonly string[]>(database, dependantsOfExtension(name))
  if (others.length > 0) return `${others.join(', ')} ${others.length === 1 ? 'needs' : 'need'} it`
  const sql = `DROP EXTENSION IF EXISTS ${quoteIdentifier(name)};`
  return refusalOf(() => server.apply(database, [{ sql, summary: `drop extension ${name} in ${database}` }]))
}

/** Only privileges are taken from a role before it goes; what it owns is somebody's data. */
async function dropUser({ name }: RetireItem, server: Server): Promise<string | undefined> {
  const use = await server.read<RoleUse | null>('postgres', roleUseSql(name))
  if (use === null) return undefined
  if (use.login) return 'it may log in again: somebody has changed it'
  if (use.owns.length > 0) return `it owns ${use.owns.join(', ')}`
  const closed = use.databases.find(({ open }) => !open)
  if (closed !== undefined) return `it has privileges in database ${closed.name}, which takes no connections`
  const role = quoteIdentifier(name)
  return refusalOf(async () => {
    for (const database of new Set(['postgres', ...use.databases.map(each => each.name)]))
      await server.apply(database, [{ sql: dropPrivileges(name) }])
    await server.apply('postgres', [{ sql: `DROP ROLE IF EXISTS ${role};`, summary: `drop role ${name}` }])
  })
}

/** DROP OWNED also drops objects: looked at again in its own transaction. */
function dropPrivileges(name: string): string {
  const body = `BEGIN
  IF EXISTS (SELECT FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND deptype = 'o' AND classid <> 'pg_default_acl'::regclass
      AND refobjid = (SELECT oid FROM pg_roles WHERE rolname = ${quoteLiteral(name)})) THEN
    RAISE EXCEPTION 'it owns something';
  END IF;
  EXECUTE format('DROP OWNED BY %I', ${quoteLiteral(name)});
END`
  return `DO ${quoteLiteral(body)};`
}

/** PostgreSQL's own words for why not. Whatever else goes wrong is thrown. */
async function refusalOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof DroverError && error.code === 'failed') return error.message
    throw error
  }
}
