import { OBJECT_RULE } from '../../names.ts'
import { Fields } from '../fields.ts'
import { notApplicable } from '../treatment.ts'
import { entriesOf, flagOf, isTable, type Setting, type Table, textOf } from '../values.ts'
import { type ClusterContext, clusterSetting, type Item, itemsOf } from './cluster-context.ts'
import { importPassword } from './password.ts'
import { importValidity } from './validity.ts'

type UserDraft = Item<'users'>
type Membership = Exclude<NonNullable<UserDraft['memberOf']>[number], string>

const USER = 'clusters[].users[]'

export const POOL_MODES = { transaction: 'transaction', session: 'session', statement: 'statement' } as const

/** Pigsty's system roles, then the business users; a business user with the name of a system role replaces it. */
export function importUsers(context: ClusterContext): void {
  const business = itemsOf(clusterSetting(context, 'pg_users'), context.ledger)
  const names = new Set(business.map(({ value }) => textOf(value['name'])))
  for (const setting of itemsOf(clusterSetting(context, 'pg_default_roles'), context.ledger)) {
    if (names.has(textOf(setting.value['name']))) {
      context.ledger.note(setting.path, notApplicable('pg_users declares this role again'))
    } else importUser(context, setting)
  }
  for (const setting of business) importUser(context, setting)
}

function importUser(context: ClusterContext, setting: Setting & { readonly value: Table }): void {
  const { ledger, draft } = context
  const name = textOf(setting.value['name']) ?? ''
  const refusal = refusalOf(context, setting, name)
  if (refusal !== undefined) {
    if (refusal.applies) ledger.lost(setting.path, { reason: refusal.reason, instead: 'the user is left out' })
    else ledger.note(setting.path, notApplicable(refusal.reason))
    return
  }
  const user: UserDraft = { name }
  const fields = new Fields({ setting, ledger, to: USER, into: user })
  fields.kept('name', { to: 'name' })
  fields.kept('state', { to: 'name', note: 'users of the file are created' })
  Object.assign(user, defined(attributes(fields)), defined(pooling(fields)))
  const memberOf = importMemberships(context, fields)
  if (memberOf.length > 0) user.memberOf = [...memberOf]
  importParameters(fields, user)
  importValidity(context, fields, user)
  importPassword(context, fields, user)
  fields.finish()
  draft.users = [...(draft.users ?? []), user]
}

/** Why a role is not in the fleet file; `applies` is false where nothing is missing because of it. */
function refusalOf(
  context: ClusterContext,
  { value }: Setting & { readonly value: Table },
  name: string,
): { readonly reason: string; readonly applies: boolean } | undefined {
  const system = (parameter: string): string | undefined => textOf(clusterSetting(context, parameter)?.value)
  if (name === system('pg_dbsu') || name === 'postgres') {
    return { reason: "PostgreSQL's superuser: Drover keeps it to itself, over the local socket only", applies: false }
  }
  if (name === system('pg_replication_username') || name === 'replicator') {
    return { reason: 'Drover replicates as a role of its own, `drover_replicator`', applies: false }
  }
  if (textOf(value['state']) === 'absent') return { reason: 'an apply never removes a user', applies: true }
  if (OBJECT_RULE.pattern.test(name)) return undefined
  return { reason: `Drover's names are ${OBJECT_RULE.words}`, applies: true }
}

function attributes(fields: Fields): Partial<UserDraft> {
  return {
    login: fields.flag('login', 'login'),
    superuser: fields.flag('superuser', 'superuser'),
    createdb: fields.flag('createdb', 'createdb'),
    createrole: fields.flag('createrole', 'createrole'),
    inherit: fields.flag('inherit', 'inherit'),
    replication: fields.flag('replication', 'replication'),
    bypassrls: fields.flag('bypassrls', 'bypassrls'),
    connectionLimit: fields.count('connlimit', 'connectionLimit'),
    comment: fields.text('comment', 'comment'),
  } as Partial<UserDraft>
}

/** In Pigsty a user reaches the pooler only when it says so. */
function pooling(fields: Fields): Partial<UserDraft> {
  return {
    pooled: fields.flag('pgbouncer', 'pooled') ?? false,
    poolMode: fields.choice('pool_mode', { to: 'poolMode', choices: POOL_MODES }),
    poolConnections: fields.count('pool_connlimit', 'poolConnections'),
  } as Partial<UserDraft>
}

function importMemberships(context: ClusterContext, fields: Fields): readonly Membership[] {
  const roles = fields.raw('roles')
  return roles === undefined ? [] : entriesOf(roles).flatMap(entry => importMembership(context, entry))
}

function importMembership(context: ClusterContext, { path, value }: Setting): readonly Membership[] {
  const { ledger, major } = context
  const table: Table = isTable(value) ? value : { name: value }
  const name = textOf(table['name'])
  if (name === undefined) {
    ledger.lost(path, { reason: 'the role has no name', instead: 'the membership is left out' })
    return []
  }
  const to = `${USER}.memberOf[]`
  if (!isTable(value)) {
    const plain: Membership = { role: name }
    ledger.kept({ path, to: `${to}.role`, into: plain })
    return [plain]
  }
  if (['revoke', 'absent'].includes(textOf(table['state']) ?? '')) {
    ledger.kept({ path, to: `${USER}.memberOf`, note: 'a membership that is not in the list is not granted' })
    return []
  }
  const membership: { -readonly [K in keyof Membership]: Membership[K] } = { role: name }
  const options = new Fields({ setting: { path, value: table }, ledger, to, into: membership })
  options.kept('name', { to: 'role' })
  options.kept('state', { to: 'role' })
  const admin = options.flag('admin', 'admin')
  if (admin !== undefined) membership.admin = admin
  for (const option of ['inherit', 'set'] as const) {
    if (major < 16) options.lost(option, { reason: 'an option of PostgreSQL 16 and later', instead: 'it is left out' })
    else {
      const flag = options.flag(option, option)
      if (flag !== undefined) membership[option] = flag
    }
  }
  options.finish()
  return [membership]
}

/** `ALTER ROLE … SET`; the word DEFAULT resets, which is what leaving it out means for a role that Drover makes. */
export function importParameters(
  fields: Fields,
  into: { parameters?: Record<string, string | number | boolean> | undefined },
): void {
  const setting = fields.raw('parameters')
  if (setting === undefined) return
  fields.kept('parameters', { to: 'parameters' })
  if (!isTable(setting.value)) return
  const entries = Object.entries(setting.value).flatMap(
    ([name, value]): readonly [string, string | number | boolean][] => {
      if (typeof value === 'number' || typeof value === 'boolean') return [[name, value]]
      const text = textOf(value)
      return text === undefined || text === 'DEFAULT' ? [] : [[name, text]]
    },
  )
  if (entries.length > 0) into.parameters = Object.fromEntries(entries)
}

export function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}

export function isOff(value: unknown): boolean {
  return flagOf(value) === false
}
