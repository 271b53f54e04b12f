import { Fields } from '../fields.ts'
import { entriesOf, isTable, type Setting, type Table, textOf } from '../values.ts'
import type { ClusterContext, Item } from './cluster-context.ts'

type Membership = Exclude<NonNullable<Item<'users'>['memberOf']>[number], string>

const USER = 'clusters[].users[]'

/** `roles`: names, or maps with the options of PostgreSQL 16. */
export function importMemberships(context: ClusterContext, fields: Fields): readonly Membership[] {
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
