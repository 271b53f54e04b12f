import type { RoleItem } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import { membershipStatements } from './membership-statements.ts'
import { missingSettings, setClause, settingDifference, storedSetting } from './parameter.ts'
import { quoteIdentifier, quoteLiteral } from './quote.ts'
import type { ClusterState, RoleState } from './state.ts'
import type { Statement } from './statement.ts'

/**
 * What makes the roles as wanted. First all roles, then what refers to roles, so that their order does not matter. What the
 * spec does not mention stays: no role is dropped, no membership revoked, no parameter reset.
 */
export function roleStatements(roles: readonly RoleItem[], state: ClusterState): readonly Statement[] {
  const known = new Map(state.roles.map(role => [role.name, role]))
  return [
    ...roles.flatMap(role => presence(role, known.get(role.name))),
    ...roles.flatMap(role => [
      ...membershipStatements(role, known.get(role.name)?.memberOf ?? [], state.versionNumber),
      ...belongings(role, known.get(role.name)),
    ]),
  ]
}

function presence(role: RoleItem, now: RoleState | undefined): readonly Statement[] {
  const name = quoteIdentifier(role.name)
  const words = [
    ...ATTRIBUTES.map(attribute => keyword(attribute, role)),
    limit(role),
    ...expiry(role, now),
    ...password(role),
  ]
  const options = words.join(' ')
  const object = `user ${role.name}`
  if (now === undefined) {
    const differences = [{ object, expected: 'there', found: 'missing' }]
    return [{ sql: `CREATE ROLE ${name} ${options};`, summary: `create role ${role.name}`, differences }]
  }
  const differences = roleDifferences(role, now).map(each => ({ object, ...each }))
  if (differences.length === 0) return []
  const summary = `alter role ${role.name} (${differences.map(({ property }) => property).join(', ')})`
  return [{ sql: `ALTER ROLE ${name} ${options};`, summary, differences }]
}

/** Of a password that differs no more is said than that. */
function roleDifferences(role: RoleItem, now: RoleState) {
  const differs = (property: string, expected: string, found: string) => ({ property, expected, found })
  const until = moment(role)
  return [
    ...ATTRIBUTES.filter(attribute => now[attribute] !== role.attributes[attribute]).map(attribute =>
      differs(attribute, yesNo(role.attributes[attribute]), yesNo(now[attribute])),
    ),
    ...(now.connectionLimit === (role.connectionLimit ?? -1)
      ? []
      : [differs('connection limit', `${role.connectionLimit ?? 'none'}`, limitText(now.connectionLimit))]),
    ...(now.validUntil === until ? [] : [differs('valid until', momentText(until), momentText(now.validUntil))]),
    ...(role.passwordVerifier === undefined || now.verifier === role.passwordVerifier
      ? []
      : [differs('password', 'as applied', now.verifier === null ? 'none' : 'another one')]),
  ]
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no'
}

export function limitText(limit: number): string {
  return limit === -1 ? 'none' : `${limit}`
}

function momentText(at: number | null): string {
  return at === null ? 'for ever' : new Date(at).toISOString()
}

function belongings(role: RoleItem, now: RoleState | undefined): readonly Statement[] {
  const name = quoteIdentifier(role.name)
  const settings = missingSettings(role.parameters, now?.settings ?? []).map(([parameter, value]) => ({
    sql: `ALTER ROLE ${name} ${setClause(parameter, value)};`,
    summary: `set ${parameter} of role ${role.name}`,
    differences: [
      settingDifference(`user ${role.name}`, parameter, value, storedSetting(parameter, now?.settings ?? [])),
    ],
  }))
  const comment =
    role.comment === undefined || role.comment === (now?.comment ?? '')
      ? []
      : [
          {
            sql: `COMMENT ON ROLE ${name} IS ${quoteLiteral(role.comment)};`,
            summary: `comment on role ${role.name}`,
            differences: [
              {
                object: `user ${role.name}`,
                property: 'comment',
                expected: role.comment,
                found: now?.comment ?? 'none',
              },
            ],
          },
        ]
  return [...settings, ...comment]
}

const ATTRIBUTES = ['login', 'superuser', 'createdb', 'createrole', 'inherit', 'replication', 'bypassrls'] as const

function keyword(attribute: (typeof ATTRIBUTES)[number], role: RoleItem): string {
  return `${role.attributes[attribute] ? '' : 'NO'}${attribute.toUpperCase()}`
}

function limit(role: RoleItem): string {
  return `CONNECTION LIMIT ${role.connectionLimit ?? -1}`
}

function expiry(role: RoleItem, now: RoleState | undefined): readonly string[] {
  const until = moment(role)
  if (until === null) return (now?.validUntil ?? null) === null ? [] : [`VALID UNTIL 'infinity'`]
  return [`VALID UNTIL ${quoteLiteral(new Date(until).toISOString())}`]
}

/** Unix milliseconds, in no time zone but UTC; null: for ever. */
function moment({ name, validUntil }: RoleItem): number | null {
  if (validUntil === undefined || validUntil === 'infinity') return null
  const until = Date.parse(validUntil)
  if (Number.isNaN(until))
    throw new DroverError('invalid', `role ${name} is valid until ${JSON.stringify(validUntil)}, which is no date`)
  return until
}

function password(role: RoleItem): readonly string[] {
  return role.passwordVerifier === undefined ? [] : [`PASSWORD ${quoteLiteral(role.passwordVerifier)}`]
}
