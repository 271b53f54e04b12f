import type { RoleItem } from '../../../shared/domain/command.ts'
import { sameValue, setClause } from './parameter.ts'
import { quoteIdentifier, quoteLiteral } from './quote.ts'
import type { ClusterState, RoleState } from './state.ts'
import type { Statement } from './statement.ts'

/** What makes the roles as wanted. First all roles, then what refers to roles, so that their order does not matter. Nothing is ever dropped or revoked. */
export function roleStatements(roles: readonly RoleItem[], state: ClusterState): readonly Statement[] {
  const known = new Map(state.roles.map(role => [role.name, role]))
  return [
    ...roles.flatMap(role => presence(role, known.get(role.name))),
    ...roles.flatMap(role => belongings(role, known.get(role.name))),
  ]
}

function presence(role: RoleItem, now: RoleState | undefined): readonly Statement[] {
  const name = quoteIdentifier(role.name)
  const options = [...ATTRIBUTES.map(attribute => keyword(attribute, role)), limit(role), password(role)].join(' ')
  if (now === undefined) return [{ sql: `CREATE ROLE ${name} ${options};`, summary: `create role ${role.name}` }]
  const changed = [
    ...ATTRIBUTES.filter(attribute => now[attribute] !== role.attributes[attribute]),
    ...(now.connectionLimit === (role.connectionLimit ?? -1) ? [] : ['connection limit']),
    ...(role.passwordVerifier === undefined || now.verifier === role.passwordVerifier ? [] : ['password']),
  ]
  if (changed.length === 0) return []
  return [{ sql: `ALTER ROLE ${name} ${options};`, summary: `alter role ${role.name} (${changed.join(', ')})` }]
}

function belongings(role: RoleItem, now: RoleState | undefined): readonly Statement[] {
  const name = quoteIdentifier(role.name)
  const grants = role.memberOf
    .filter(group => now?.memberOf.includes(group) !== true)
    .map(group => ({ sql: `GRANT ${quoteIdentifier(group)} TO ${name};`, summary: `grant ${group} to ${role.name}` }))
  const settings = missingSettings(role.parameters, now?.settings ?? []).map(([parameter, value]) => ({
    sql: `ALTER ROLE ${name} ${setClause(parameter, value)};`,
    summary: `set ${parameter} of role ${role.name}`,
  }))
  const comment =
    role.comment === undefined || role.comment === (now?.comment ?? '')
      ? []
      : [{ sql: `COMMENT ON ROLE ${name} IS ${quoteLiteral(role.comment)};`, summary: `comment on role ${role.name}` }]
  return [...grants, ...settings, ...comment]
}

/** The wanted parameters that are not stored (as `name=value`) with that value. */
export function missingSettings(
  wanted: Readonly<Record<string, string>>,
  stored: readonly string[],
): readonly (readonly [string, string])[] {
  const now = new Map(stored.map(entry => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]))
  return Object.entries(wanted).filter(([name, value]) => {
    const current = now.get(name)
    return current === undefined || !sameValue(name, current, value)
  })
}

const ATTRIBUTES = ['login', 'superuser', 'createdb', 'createrole', 'replication', 'bypassrls'] as const

function keyword(attribute: (typeof ATTRIBUTES)[number], role: RoleItem): string {
  return `${role.attributes[attribute] ? '' : 'NO'}${attribute.toUpperCase()}`
}

function limit(role: RoleItem): string {
  return `CONNECTION LIMIT ${role.connectionLimit ?? -1}`
}

function password(role: RoleItem): string {
  return role.passwordVerifier === undefined ? '' : `PASSWORD ${quoteLiteral(role.passwordVerifier)}`
}
