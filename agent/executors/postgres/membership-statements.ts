import type { MembershipItem, RoleItem } from '../../../shared/domain/command.ts'
import { quoteIdentifier } from './quote.ts'
import type { MembershipState } from './state.ts'
import type { Statement } from './statement.ts'

const OPTIONS_SINCE = 160_000

/** What makes a role a member as wanted: memberships are added and their options changed, never taken away. */
export function membershipStatements(
  role: RoleItem,
  now: readonly MembershipState[],
  version: number,
): readonly Statement[] {
  const known = new Map(now.map(membership => [membership.role, membership]))
  return role.memberOf.flatMap(wanted => {
    const current = known.get(wanted.role)
    if (version >= OPTIONS_SINCE) return withOptions(role.name, wanted, current)
    return withAdmin(role.name, wanted, current)
  })
}

/** PostgreSQL 16 and later: granting again changes the options that are named and leaves the others. */
function withOptions(member: string, wanted: MembershipItem, now: MembershipState | undefined): readonly Statement[] {
  const before = { admin: now?.admin ?? false, inherit: now?.inherit, set: now?.set }
  const changed = (['admin', 'inherit', 'set'] as const).filter(
    option => wanted[option] !== undefined && wanted[option] !== before[option],
  )
  if (now !== undefined && changed.length === 0) return []
  const options = changed.map(option => `${option.toUpperCase()} ${wanted[option] === true ? 'TRUE' : 'FALSE'}`)
  const clause = options.length === 0 ? '' : ` WITH ${options.join(', ')}`
  const how = now === undefined ? '' : ` (${changed.join(', ')})`
  const property = `member of ${wanted.role}`
  const differences =
    now === undefined
      ? [{ object: `user ${member}`, property, expected: 'yes', found: 'no' }]
      : changed.map(option => ({
          object: `user ${member}`,
          property: `${property}, ${option}`,
          expected: wanted[option] === true ? 'yes' : 'no',
          found: now[option] === true ? 'yes' : 'no',
        }))
  return [
    { sql: `${grant(member, wanted)}${clause};`, summary: `grant ${wanted.role} to ${member}${how}`, differences },
  ]
}

function withAdmin(member: string, wanted: MembershipItem, now: MembershipState | undefined): readonly Statement[] {
  if (now !== undefined && now.admin === wanted.admin) return []
  const property = `member of ${wanted.role}${now === undefined ? '' : ', admin'}`
  const isExpected = now === undefined || wanted.admin
  const differences = [
    { object: `user ${member}`, property, expected: isExpected ? 'yes' : 'no', found: isExpected ? 'no' : 'yes' },
  ]
  if (now !== undefined && !wanted.admin) {
    const sql = `REVOKE ADMIN OPTION FOR ${quoteIdentifier(wanted.role)} FROM ${quoteIdentifier(member)};`
    return [{ sql, summary: `grant ${wanted.role} to ${member} (admin)`, differences }]
  }
  const clause = wanted.admin ? ' WITH ADMIN OPTION' : ''
  const how = now === undefined ? '' : ' (admin)'
  return [
    { sql: `${grant(member, wanted)}${clause};`, summary: `grant ${wanted.role} to ${member}${how}`, differences },
  ]
}

function grant(member: string, { role }: MembershipItem): string {
  return `GRANT ${quoteIdentifier(role)} TO ${quoteIdentifier(member)}`
}
