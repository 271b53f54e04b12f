import { describe, expect, it } from 'vitest'
import type { DatabaseItem, ProvisionArgs, RoleItem } from '../../../shared/domain/command.ts'
import type { ObjectDifference } from '../../../shared/domain/object-difference.ts'
import { databaseStatements } from './database-statements.ts'
import { roleStatements } from './role-statements.ts'
import type { ClusterState, DatabaseState, PrivilegeState, RoleState } from './state.ts'
import { undeclared } from './undeclared.ts'
import { undeclaredPrivileges } from './undeclared-privileges.ts'

const ATTRIBUTES = {
  login: true,
  superuser: false,
  createdb: false,
  createrole: false,
  inherit: true,
  replication: false,
  bypassrls: false,
}
const ROLE: RoleItem = {
  name: 'app',
  passwordVerifier: 'SCRAM-SHA-256$4096:wanted',
  attributes: ATTRIBUTES,
  memberOf: [{ role: 'readers', admin: false }],
  parameters: { statement_timeout: '5s', 'app.token': 'hush' },
}
const NOW: RoleState = {
  name: 'app',
  ...ATTRIBUTES,
  createdb: true,
  connectionLimit: 3,
  validUntil: Date.UTC(2030, 0, 1),
  verifier: 'SCRAM-SHA-256$4096:other',
  memberOf: [
    { role: 'pg_read_all_data', admin: false, inherit: true, set: true },
    { role: 'made_by_app', admin: true, inherit: false, set: false },
  ],
  settings: ['statement_timeout=1s', 'work_mem=1GB', 'app.token=whisper', 'app.other=whisper'],
  comment: null,
}
const DATABASE: DatabaseItem = {
  name: 'app',
  owner: 'app',
  isTemplate: false,
  allowConnections: true,
  revokePublicConnect: true,
  schemas: [],
  extensions: [],
  parameters: {},
}
const DATABASE_NOW = {
  name: 'app',
  owner: 'guest',
  connectionLimit: -1,
  isTemplate: false,
  publicMayConnect: true,
  settings: ['work_mem=1GB', 'drover.unfinished_databases=[]'],
  comment: null,
} as unknown as DatabaseState
const STATE: ClusterState = { inRecovery: false, versionNumber: 170_012, roles: [NOW], databases: [DATABASE_NOW] }
const ARGS = { roles: [ROLE], databases: [DATABASE] } as unknown as ProvisionArgs

function lines(differences: readonly ObjectDifference[]): readonly string[] {
  return differences.map(
    ({ object, property, expected, found, undo }) =>
      `${object}: ${property ?? ''}: ${found}, not ${expected}${undo === undefined ? '' : `; ${undo}`}`,
  )
}

describe('what differs in PostgreSQL', () => {
  it('is told property by property, of a password and of values that may be one no more than that they differ', () => {
    const differences = roleStatements([ROLE], STATE).flatMap(each => each.differences ?? [])
    expect(lines(differences)).toEqual([
      'user app: createdb: yes, not no',
      'user app: connection limit: 3, not none',
      'user app: valid until: 2030-01-01T00:00:00.000Z, not for ever',
      'user app: password: another one, not as applied',
      'user app: member of readers: no, not yes',
      'user app: statement_timeout: 1s, not 5s',
      'user app: app.token: another value, not as applied',
    ])
    expect(lines(databaseStatements(DATABASE, DATABASE_NOW).flatMap(each => each.differences ?? []))).toEqual([
      'database app: owner: guest, not app',
      'database app: public may connect: yes, not no',
    ])
    expect(JSON.stringify(differences)).not.toMatch(/SCRAM|hush|whisper/)
  })

  it('is missing where it was dropped', () => {
    const differences = roleStatements([ROLE], { ...STATE, roles: [] }).flatMap(each => each.differences ?? [])
    expect(lines(differences)[0]).toBe('user app: : missing, not there')
  })

  it('is also what nobody declared, with the way to take it back; not what comes by itself', () => {
    const differences = undeclared(ARGS, STATE)
    expect(lines(differences)).toEqual([
      'user app: member of pg_read_all_data: yes, not not declared; REVOKE "pg_read_all_data" FROM "app"',
      'user app: work_mem: 1GB, not not declared; ALTER ROLE "app" RESET "work_mem"',
      'user app: app.other: set, not not declared; ALTER ROLE "app" RESET "app"."other"',
      'database app: work_mem: 1GB, not not declared; ALTER DATABASE "app" RESET "work_mem"',
    ])
    expect(JSON.stringify(differences)).not.toContain('whisper')
  })
})

describe('default privileges that nobody declared', () => {
  const databases = [DATABASE]
  const tables = { for: ['app'], to: 'readers', on: 'tables', grant: ['SELECT'] } as const
  const had = (privilege: string, more: Partial<PrivilegeState> = {}): PrivilegeState => {
    return { for: 'app', schema: null, on: 'tables', to: 'readers', privilege, ...more }
  }
  const told = (entries: readonly PrivilegeState[], privileges: ProvisionArgs['privileges'] = [tables]) =>
    lines(undeclaredPrivileges({ databases, privileges }, new Map([['app', { privileges: entries }]]), 170_012))

  it('are told, with the way to take them back: more to whom something is given, anything to others, in one schema', () => {
    const found = [
      had('SELECT'),
      had('INSERT'),
      had('DELETE'),
      had('SELECT', { to: 'public' }),
      had('UPDATE', { schema: 'sales' }),
    ]
    expect(told(found)).toEqual([
      'default privileges in app: tables of app to readers: DELETE, INSERT, not not declared; ALTER DEFAULT PRIVILEGES FOR ROLE "app" REVOKE DELETE, INSERT ON TABLES FROM "readers"',
      'default privileges in app: tables of app to public: SELECT, not not declared; ALTER DEFAULT PRIVILEGES FOR ROLE "app" REVOKE SELECT ON TABLES FROM "public"',
      'default privileges in app: tables of app to readers in schema sales: UPDATE, not not declared; ALTER DEFAULT PRIVILEGES FOR ROLE "app" IN SCHEMA "sales" REVOKE UPDATE ON TABLES FROM "readers"',
    ])
  })

  it('are none where the file says nothing, of what a maker keeps, of what everybody has, or within what is given everywhere', () => {
    expect(told([had('SELECT', { for: 'other' }), had('USAGE', { on: 'sequences' })])).toEqual([])
    expect(told([had('SELECT'), had('INSERT', { to: 'app' }), had('SELECT', { schema: 'sales' })])).toEqual([])
    const functions = { for: ['app'], to: 'readers', on: 'functions', grant: ['ALL'] } as const
    const execute = had('EXECUTE', { on: 'functions' })
    expect(told([execute, { ...execute, to: 'public' }], [functions])).toEqual([])
    expect(told([had('SELECT', { schema: 'sales' })], [{ ...tables, schema: 'other' }])).toHaveLength(1)
  })
})
