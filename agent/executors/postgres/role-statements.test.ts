import { describe, expect, it } from 'vitest'
import type { MembershipItem, RoleItem } from '../../../shared/domain/command.ts'
import { quoteIdentifier, quoteLiteral } from './quote.ts'
import { roleStatements } from './role-statements.ts'
import type { ClusterState, MembershipState, RoleState } from './state.ts'

const ATTRIBUTES = {
  login: true,
  superuser: false,
  createdb: false,
  createrole: false,
  inherit: true,
  replication: false,
  bypassrls: false,
}
const VERIFIER = 'SCRAM-SHA-256$4096:c2FsdA==$a:b'

function role(change: Partial<RoleItem> = {}): RoleItem {
  return { name: 'app', passwordVerifier: VERIFIER, attributes: ATTRIBUTES, memberOf: [], parameters: {}, ...change }
}

function now(change: Partial<RoleState> = {}): RoleState {
  const nothing = { connectionLimit: -1, validUntil: null, memberOf: [], settings: [], comment: null }
  return { name: 'app', ...ATTRIBUTES, verifier: VERIFIER, ...nothing, ...change }
}

function server(change: Partial<ClusterState> = {}): ClusterState {
  return { inRecovery: false, versionNumber: 170_012, roles: [], databases: [], ...change }
}

function sql(roles: readonly RoleItem[], state: ClusterState): readonly string[] {
  return roleStatements(roles, state).map(statement => statement.sql)
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
    const group = role({ name: 'reader', attributes: { ...ATTRIBUTES, login: false } })
    const wanted = [role({ memberOf: [{ role: 'reader', admin: false }] }), group]
    expect(sql(wanted, server()).map(text => text.slice(0, 22))).toEqual([
      'CREATE ROLE "app" LOGI',
      'CREATE ROLE "reader" N',
      'GRANT "reader" TO "app',
    ])
  })

  it('are left alone when they are so already', () => {
    const until = { validUntil: '2030-01-01T01:00:00+01:00' }
    expect(sql([role()], server({ roles: [now()] }))).toEqual([])
    expect(sql([role(until)], server({ roles: [now({ validUntil: Date.UTC(2030, 0, 1) })] }))).toEqual([])
  })

  it('say what changes without showing the verifier', () => {
    const state = server({ roles: [now({ verifier: 'SCRAM-SHA-256$old', createdb: true })] })
    const [statement] = roleStatements([role({ connectionLimit: 5 })], state)
    expect(statement?.summary).toBe('alter role app (createdb, connection limit, password)')
    expect(statement?.sql).toContain('NOCREATEDB')
    expect(statement?.sql).toContain(`PASSWORD '${VERIFIER}'`)
  })

  it('end at a moment that does not depend on the server’s time zone', () => {
    expect(sql([role({ validUntil: '2030-01-01' })], server())[0]).toContain(`VALID UNTIL '2030-01-01T00:00:00.000Z'`)
    const state = server({ roles: [now({ validUntil: 5 })] })
    expect(sql([role({ validUntil: 'infinity' })], state)[0]).toContain(`VALID UNTIL 'infinity'`)
    expect(() => sql([role({ validUntil: 'soon' })], server())).toThrow('role app is valid until "soon"')
  })

  it('write a list parameter as a list, and find it again however PostgreSQL stores it', () => {
    const wanted = [role({ parameters: { search_path: 'app, "$user", public', datestyle: 'ISO, DMY' } })]
    expect(sql(wanted, server({ roles: [now()] }))).toEqual([
      `ALTER ROLE "app" SET search_path TO 'app', '$user', 'public';`,
      `ALTER ROLE "app" SET datestyle TO 'ISO', 'DMY';`,
    ])
    const settings = ['search_path=app, "$user", public', 'DateStyle=ISO, DMY']
    expect(sql(wanted, server({ roles: [now({ settings })] }))).toEqual([])
  })

  it('refuse a parameter name that is none', () => {
    const wanted = [role({ parameters: { 'work_mem TO 1; DROP': '1' } })]
    expect(() => sql(wanted, server())).toThrow('is not a parameter name')
  })

  it('lose nothing that the spec does not mention', () => {
    const other = { role: 'other', admin: true, inherit: true, set: true }
    const state = now({ memberOf: [other], settings: ['work_mem=1MB'], comment: 'by hand' })
    expect(sql([role()], server({ roles: [state] }))).toEqual([])
  })
})

describe('a membership', () => {
  function grants(
    wanted: Omit<MembershipItem, 'role'>,
    before?: Omit<MembershipState, 'role'>,
    versionNumber = 170_012,
  ) {
    const memberOf = before === undefined ? [] : [{ role: 'reader', ...before }]
    const state = server({ versionNumber, roles: [now({ memberOf })] })
    return sql([role({ memberOf: [{ role: 'reader', ...wanted }] })], state)
  }

  it('has the options that are asked for, the others as PostgreSQL decides', () => {
    expect(grants({ admin: false })).toEqual(['GRANT "reader" TO "app";'])
    expect(grants({ admin: true, inherit: false, set: true })).toEqual([
      'GRANT "reader" TO "app" WITH ADMIN TRUE, INHERIT FALSE, SET TRUE;',
    ])
  })

  it('has options changed, and only those', () => {
    const before = { admin: true, inherit: true, set: true }
    expect(grants({ admin: false, inherit: true }, before)).toEqual(['GRANT "reader" TO "app" WITH ADMIN FALSE;'])
    expect(grants({ admin: true }, before)).toEqual([])
  })

  it('is plain before PostgreSQL 16, which knows one option', () => {
    const before = { admin: true, inherit: null, set: null }
    expect(grants({ admin: false, inherit: false, set: false }, undefined, 150_020)).toEqual([
      'GRANT "reader" TO "app";',
    ])
    expect(grants({ admin: true }, { ...before, admin: false }, 150_020)).toEqual([
      'GRANT "reader" TO "app" WITH ADMIN OPTION;',
    ])
    expect(grants({ admin: false, inherit: false }, before, 150_020)).toEqual([
      'REVOKE ADMIN OPTION FOR "reader" FROM "app";',
    ])
    expect(grants({ admin: true, inherit: false }, before, 150_020)).toEqual([])
  })
})
