import { describe, expect, it } from 'vitest'
import type { DefaultPrivilegeItem } from '../../../shared/domain/command.ts'
import { contentStatements } from './content-statements.ts'
import { privilegeStatements } from './privilege-statements.ts'
import { EMPTY_DATABASE, type PrivilegeState } from './state.ts'

describe('schemas and extensions', () => {
  const wanted = {
    name: 'app',
    owner: 'app',
    schemas: [{ name: 'app' }],
    extensions: [
      { name: 'pg_stat_statements', schema: 'monitor' },
      { name: 'vector', version: '0.8.0' },
    ],
  }

  function updates(version: string, current: string): readonly string[] {
    const extensions = [{ name: 'vector', schema: 'public', version: current }]
    return contentStatements(
      { ...wanted, schemas: [], extensions: [{ name: 'vector', version }] },
      { ...EMPTY_DATABASE, extensions },
    ).map(({ sql }) => sql)
  }

  it('come with the schemas that the extensions name', () => {
    expect(contentStatements(wanted, EMPTY_DATABASE).map(({ sql }) => sql)).toEqual([
      'CREATE SCHEMA "app" AUTHORIZATION "app";',
      'CREATE SCHEMA "monitor" AUTHORIZATION "app";',
      'CREATE EXTENSION IF NOT EXISTS "pg_stat_statements" SCHEMA "monitor" CASCADE;',
      `CREATE EXTENSION IF NOT EXISTS "vector" VERSION '0.8.0' CASCADE;`,
    ])
  })

  it('are left alone when they are there, whoever owns them', () => {
    const schemas = ['app', 'monitor'].map(name => ({ name, owner: 'somebody' }))
    const extensions = wanted.extensions.map(({ name }) => ({ name, schema: 'public', version: '0.8.0' }))
    expect(contentStatements(wanted, { ...EMPTY_DATABASE, schemas, extensions })).toEqual([])
  })

  it('go to a newer version, by its numbers, and never back', () => {
    expect(updates('0.10.0', '0.9.1')).toEqual([`ALTER EXTENSION "vector" UPDATE TO '0.10.0';`])
    expect(updates('1.0.1', '1.0')).toEqual([`ALTER EXTENSION "vector" UPDATE TO '1.0.1';`])
    expect(updates('0.9.1', '0.9.1')).toEqual([])
    expect(() => updates('0.9.1', '0.10.0')).toThrow('has version 0.10.0, the spec asks for the older 0.9.1')
  })
})

describe('default privileges', () => {
  function grants(change: Partial<DefaultPrivilegeItem>, held: readonly PrivilegeState[] = [], version = 170_000) {
    const rule: DefaultPrivilegeItem = { for: ['maker'], to: 'reader', on: 'tables', grant: ['SELECT'], ...change }
    return privilegeStatements({
      wanted: [rule],
      now: { ...EMPTY_DATABASE, privileges: held },
      schemas: new Set(['app']),
      database: 'shop',
      version,
    }).map(({ sql }) => sql)
  }

  function held(privilege: string, change: Partial<PrivilegeState> = {}): PrivilegeState {
    return { for: 'maker', schema: null, on: 'tables', to: 'reader', privilege, ...change }
  }

  it('are granted as far as they are missing', () => {
    expect(grants({ grant: ['SELECT', 'INSERT'] }, [held('SELECT')])).toEqual([
      'ALTER DEFAULT PRIVILEGES FOR ROLE "maker" GRANT INSERT ON TABLES TO "reader";',
    ])
    expect(grants({}, [held('SELECT')])).toEqual([])
    expect(grants({}, [held('SELECT', { schema: 'app' }), held('SELECT', { for: 'other' })])).toHaveLength(1)
  })

  it('stand for everything that the version has, when they say ALL', () => {
    expect(grants({ grant: ['ALL'] }, [], 160_000).join('')).toContain('REFERENCES, TRIGGER ON TABLES')
    expect(grants({ grant: ['ALL'] }).join('')).toContain('TRIGGER, MAINTAIN ON TABLES')
    expect(grants({ grant: ['ALL'], on: 'sequences' }).join('')).toContain('GRANT SELECT, UPDATE, USAGE ON SEQUENCES')
  })

  it('bind in a schema where there is one of that name', () => {
    expect(grants({ schema: 'app' })).toEqual([
      'ALTER DEFAULT PRIVILEGES FOR ROLE "maker" IN SCHEMA "app" GRANT SELECT ON TABLES TO "reader";',
    ])
    expect(grants({ schema: 'elsewhere' })).toEqual([])
  })

  it('are no change where PostgreSQL has them built in and would store nothing', () => {
    expect(grants({ to: 'public', on: 'functions', grant: ['EXECUTE'] })).toEqual([])
    const revoked = held('EXECUTE', { on: 'functions', to: 'maker' })
    expect(grants({ to: 'public', on: 'functions', grant: ['EXECUTE'] }, [revoked])).toHaveLength(1)
    expect(grants({ to: 'maker', grant: ['ALL'] })).toEqual([])
  })

  it('take words only', () => {
    expect(() => grants({ grant: ['SELECT ON TABLES TO x; --'] })).toThrow('is no privilege')
  })
})
