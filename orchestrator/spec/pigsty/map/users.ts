import { OBJECT_RULE } from '../../names.ts'
import { Fields } from '../fields.ts'
import { notApplicable } from '../treatment.ts'
import { type Setting, type Table, textOf } from '../values.ts'
import { type ClusterContext, clusterSetting, type Item, itemsOf } from './cluster-context.ts'
import { defined } from './defined.ts'
import { importMemberships } from './memberships.ts'
import { importObjectParameters } from './object-parameters.ts'
import { importPassword } from './password.ts'
import { POOL_MODES } from './pool-modes.ts'
import { importValidity } from './validity.ts'

type UserDraft = Item<'users'>

const USER = 'clusters[].users[]'

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
  importObjectParameters(fields, user)
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
