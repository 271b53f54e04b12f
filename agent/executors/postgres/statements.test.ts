import { describe, expect, it } from 'vitest'
import type { DatabaseItem, RoleItem } from '../../../shared/domain/command.ts'
import { contentStatements, databaseStatements } from './database-statements.ts'
import { quoteIdentifier, quoteLiteral } from './quote.ts'
import { roleStatements } from './role-statements.ts'
import { type ClusterState, EMPTY_DATABASE } from './state.ts'

const ATTRIBUTES = {
  login: true,
  superuser: false,
  createdb: false,
  createrole: false,
  replication: false,
  bypassrls: false,
}
const VERIFIER = 'SCRAM-SHA-256$4096:c2FsdA==$a:b'

function role(change: Partial<RoleItem> = {}): RoleItem {
  return { name: 'app', passwordVerifier: VERIFIER, attributes: ATTRIBUTES, memberOf: [], parameters: {}, ...change }
}

function database(change: Partial<DatabaseItem> = {}): DatabaseItem {
  return {
    name: 'app',
    owner: 'app',
    encoding: 'UTF8',
    locale: 'C.UTF-8',
    schemas: [],
    extensions: [],
    parameters: {},
    ...change,
  }
}

const EMPTY: ClusterState = { inRecovery: false, versionNumber: 170_012, roles: [], databases: [] }

const APP_ROLE = {
  name: 'app',
  ...ATTRIBUTES,
  connectionLimit: -1,
  verifier: VERIFIER,
  memberOf: [],
  settings: [],
  comment: null,
}
const APP_DATABASE = {
  name: 'app',
  owner: 'app',
  encoding: 'UTF8',
  collate: 'C.UTF-8',
  connectionLimit: -1,
  settings: [],
  comment: null,
}

function sql(statements: readonly { readonly sql: string }[]): string[] {
  return statements.map(statement => statement.sql)
}

describe('quoting', () => {
  it('keeps hostile names and values inside their quotes', () => {
    expect(quoteIdentifier('a"; DROP ROLE postgres; --')).toBe('"a""; DROP ROLE postgres; --"')
    expect(quoteLiteral(`it's \\ and \n`)).toBe(`'it''s \\ and \n'`)
    expect(() => quoteLiteral('a\0b')).toThrow('NUL')
  })
})

describe('roles', () => {
  it('are made first, then put into each other, in whatever order they are written', () => {
    const wanted = [
      role({ memberOf: ['reader'] }),
      role({ name: 'reader', attributes: { ...ATTRIBUTES, login: false } }),
    ]
    expect(sql(roleStatements(wanted, EMPTY)).map(text => text.slice(0, 22))).toEqual([
      'CREATE ROLE "app" LOGI',
      'CREATE ROLE "reader" N',
      'GRANT "reader" TO "app',
    ])
  })

  it('are left alone when they are so already', () => {
    expect(roleStatements([role()], { ...EMPTY, roles: [APP_ROLE] })).toEqual([])
  })

  it('say what changes without showing the verifier', () => {
    const state = { ...EMPTY, roles: [{ ...APP_ROLE, verifier: 'SCRAM-SHA-256$old', createdb: true }] }
    const [statement] = roleStatements([role({ connectionLimit: 5 })], state)
    expect(statement?.summary).toBe('alter role app (createdb, connection limit, password)')
    expect(statement?.sql).toContain(`NOCREATEDB`)
    expect(statement?.sql).toContain(`PASSWORD '${VERIFIER}'`)
  })

  it('write a list parameter as a list, and find it again however PostgreSQL stores it', () => {
    const wanted = [role({ parameters: { search_path: 'app, "$user", public' } })]
    const fresh = sql(roleStatements(wanted, { ...EMPTY, roles: [APP_ROLE] }))
    expect(fresh).toEqual([`ALTER ROLE "app" SET search_path TO 'app', '$user', 'public';`])
    const stored = [{ ...APP_ROLE, settings: ['search_path=app, "$user", public'] }]
    expect(roleStatements(wanted, { ...EMPTY, roles: stored })).toEqual([])
  })

  it('refuse a parameter name that is none', () => {
    const wanted = [role({ parameters: { 'work_mem TO 1; DROP': '1' } })]
    expect(() => roleStatements(wanted, EMPTY)).toThrow('is not a parameter name')
  })

  it('lose nothing that the spec does not mention', () => {
    const state = {
      ...EMPTY,
      roles: [{ ...APP_ROLE, memberOf: ['other'], settings: ['work_mem=1MB'], comment: 'by hand' }],
    }
    expect(roleStatements([role()], state)).toEqual([])
  })
})

describe('databases', () => {
  it('take the collation of PostgreSQL 17 itself, and the C library’s before', () => {
    expect(sql(databaseStatements([database()], EMPTY))).toEqual([
      `CREATE DATABASE "app" OWNER "app" TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin LOCALE 'C.UTF-8' CONNECTION LIMIT -1;`,
    ])
    expect(sql(databaseStatements([database()], { ...EMPTY, versionNumber: 150_020 })).join('')).toContain(
      `LOCALE_PROVIDER libc LOCALE 'C.UTF-8'`,
    )
    expect(sql(databaseStatements([database({ locale: 'de_DE.UTF-8' })], EMPTY)).join('')).toContain(
      `LOCALE_PROVIDER libc LOCALE 'de_DE.UTF-8'`,
    )
  })

  it('are left alone when they are so already, and follow a new owner or limit', () => {
    const state = { ...EMPTY, databases: [APP_DATABASE] }
    expect(databaseStatements([database()], state)).toEqual([])
    expect(sql(databaseStatements([database({ owner: 'boss', connectionLimit: 7 })], state))).toEqual([
      'ALTER DATABASE "app" OWNER TO "boss";',
      'ALTER DATABASE "app" CONNECTION LIMIT 7;',
    ])
  })

  it('refuse another locale before anything is changed', () => {
    const state = { ...EMPTY, databases: [APP_DATABASE] }
    expect(() => databaseStatements([database({ locale: 'de_DE.UTF-8' })], state)).toThrow(
      'database app has locale C.UTF-8, the spec asks for de_DE.UTF-8',
    )
  })
})

describe('schemas and extensions', () => {
  const wanted = database({
    schemas: [{ name: 'app' }],
    extensions: [
      { name: 'pg_stat_statements', schema: 'monitor' },
      { name: 'vector', version: '0.8.0' },
    ],
  })

  it('come with the schemas that the extensions name', () => {
    expect(sql(contentStatements(wanted, EMPTY_DATABASE))).toEqual([
      'CREATE SCHEMA "app" AUTHORIZATION "app";',
      'CREATE SCHEMA "monitor" AUTHORIZATION "app";',
      'CREATE EXTENSION "pg_stat_statements" SCHEMA "monitor" CASCADE;',
      `CREATE EXTENSION "vector" VERSION '0.8.0' CASCADE;`,
    ])
  })

  it('are left alone when they are there; a named version is updated to', () => {
    const schemas = ['app', 'monitor'].map(name => ({ name, owner: 'somebody' }))
    const extensions = [
      { name: 'pg_stat_statements', schema: 'public', version: '1.11' },
      { name: 'vector', schema: 'public', version: '0.7.0' },
    ]
    expect(sql(contentStatements(wanted, { schemas, extensions }))).toEqual([
      `ALTER EXTENSION "vector" UPDATE TO '0.8.0';`,
    ])
  })
})
