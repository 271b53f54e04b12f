import { entriesOf, textOf } from '../values.ts'
import { type ClusterContext, clusterSetting, type Item } from './cluster-context.ts'

type PrivilegeDraft = Item<'privileges'>
type Verb = PrivilegeDraft['grant'][number]

const STATEMENT = /^GRANT\s+([\w,\s]+?)\s+ON\s+(SCHEMAS|TABLES|SEQUENCES|FUNCTIONS|TYPES)\s+TO\s+"?([\w-]+)"?$/i

/**
 * ALTER DEFAULT PRIVILEGES, once for what the owners of databases and the superuser make (`for` empty), once for what the admin user
 * and `dbrole_admin` make, as Pigsty has it.
 */
export function importPrivileges(context: ClusterContext): void {
  const makers = makersOf(context)
  const privileges: PrivilegeDraft[] = []
  const setting = clusterSetting(context, 'pg_default_privileges')
  for (const { path, value } of setting === undefined ? [] : entriesOf(setting)) {
    const [, verbs, on, to] = STATEMENT.exec(textOf(value)?.replaceAll(/\s+/g, ' ') ?? '') ?? []
    if (verbs === undefined || on === undefined || to === undefined) {
      context.ledger.lost(path, { reason: 'not of the form `GRANT … ON TABLES TO role`', instead: 'it is left out' })
      continue
    }
    for (const by of makers) {
      const privilege = entryFor({ privileges, by, to, on: on.toLowerCase() as PrivilegeDraft['on'] })
      privilege.grant = [
        ...new Set([...privilege.grant, ...verbs.split(',').map(verb => verb.trim().toUpperCase() as Verb)]),
      ]
      context.ledger.kept({ path, to: 'clusters[].privileges[].grant', into: privilege })
    }
  }
  if (privileges.length > 0) context.draft.privileges = privileges
}

function makersOf(context: ClusterContext): readonly (readonly string[])[] {
  const admin = textOf(clusterSetting(context, 'pg_admin_username')?.value)
  const users = new Set(context.draft.users?.map(user => user.name))
  const owners = new Set(context.draft.databases?.flatMap(database => database.owner ?? []))
  const others = [admin, 'dbrole_admin'].filter(name => name !== undefined && users.has(name) && !owners.has(name))
  return others.length === 0 ? [[]] : [[], others.flatMap(name => name ?? [])]
}

function entryFor({
  privileges,
  by,
  to,
  on,
}: {
  readonly privileges: PrivilegeDraft[]
  readonly by: readonly string[]
  readonly to: string
  readonly on: PrivilegeDraft['on']
}): PrivilegeDraft {
  const makers = by.join()
  const found = privileges.find(each => each.to === to && each.on === on && (each.for ?? []).join() === makers)
  if (found !== undefined) return found
  const made: PrivilegeDraft = { ...(by.length === 0 ? {} : { for: [...by] }), to, on, grant: [] }
  privileges.push(made)
  return made
}
