import { access } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgresProvision } from '../../agent/executors/postgres-provision.ts'
import { createHost, type Exec } from '../../agent/host/host.ts'
import { scramVerifier } from '../../orchestrator/operation/scram.ts'
import type { DatabaseItem, ProvisionArgs, RoleItem } from '../../shared/domain/command.ts'
import type { ObjectDifference } from '../../shared/domain/object-difference.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'

/** Roles, databases and what is in them, on a real server of this machine. One story: each part starts from what the one before left. */
let server: PostgresServer

beforeAll(async () => {
  // Everything that could betray a password is switched on.
  server = await startPostgres({
    shared_preload_libraries: 'pg_stat_statements',
    log_statement: 'all',
    log_min_duration_statement: '0',
    log_min_error_statement: 'debug5',
  })
})
afterAll(async () => server?.stop())

const VERIFIER = scramVerifier('correct horse')

function role(name: string, change: Partial<RoleItem> = {}): RoleItem {
  const attributes = {
    login: true,
    superuser: false,
    createdb: false,
    createrole: false,
    inherit: true,
    replication: false,
    bypassrls: false,
  }
  return { name, attributes, memberOf: [], parameters: {}, ...change }
}

function group(name: string): RoleItem {
  const { attributes, ...rest } = role(name)
  return { ...rest, attributes: { ...attributes, login: false } }
}

function database(name: string, change: Partial<DatabaseItem> = {}): DatabaseItem {
  return {
    name,
    owner: 'app',
    encoding: 'UTF8',
    locale: 'C.UTF-8',
    isTemplate: false,
    allowConnections: true,
    revokePublicConnect: false,
    schemas: [],
    extensions: [],
    parameters: {},
    ...change,
  }
}

const ROLES: readonly RoleItem[] = [
  role('app', { passwordVerifier: VERIFIER, memberOf: [{ role: 'readers', admin: true }], comment: 'the application' }),
  role('guest', {
    passwordVerifier: VERIFIER,
    validUntil: '2040-02-29',
    connectionLimit: 3,
    memberOf: [{ role: 'readers', admin: false, inherit: false, set: true }],
    parameters: { search_path: 'app, "$user", public', statement_timeout: '5s', datestyle: 'ISO, DMY' },
  }),
  group('readers'),
]

const DATABASES: readonly DatabaseItem[] = [
  database('copy', {
    template: 'pattern',
    strategy: 'file_copy',
    baseline: 'create table copied as select * from origin',
  }),
  database('pattern', {
    isTemplate: true,
    baseline: "create table origin (word text); insert into origin values ('C:\\dir'), ('it''s \\! échappé');",
  }),
  database('shop', {
    comment: 'it\u2019s a "shop"',
    connectionLimit: 20,
    revokePublicConnect: true,
    schemas: [{ name: 'app' }, { name: 'audit', owner: 'readers' }],
    extensions: [
      { name: 'pg_trgm', schema: 'public' },
      { name: 'earthdistance' },
      { name: 'pageinspect', version: '1.9', schema: 'pages' },
    ],
    parameters: { search_path: 'app, public' },
  }),
  database('words', {
    parameters: { default_transaction_read_only: 'on' },
    localeProvider: 'icu',
    icuLocale: 'de-DE',
    locale: 'C.UTF-8',
    ctype: 'C',
  }),
  database('attic', { allowConnections: false, schemas: [{ name: 'boxes' }] }),
]

function wanted(change: Partial<ProvisionArgs> = {}): ProvisionArgs {
  return {
    instance: 'pg-main-1',
    socketDirectory: server.socketDirectory,
    port: server.port,
    roles: ROLES,
    databases: DATABASES,
    template: { schemas: [{ name: 'monitor' }], extensions: [{ name: 'pg_stat_statements', schema: 'monitor' }] },
    privileges: [
      { for: ['app', 'postgres'], to: 'readers', on: 'tables', grant: ['SELECT'] },
      { for: ['app'], to: 'readers', on: 'schemas', grant: ['USAGE'] },
      { for: ['app'], to: 'guest', on: 'tables', grant: ['ALL'], schema: 'app' },
      { for: ['app'], to: 'public', on: 'functions', grant: ['EXECUTE'] },
    ],
    dryRun: false,
    ...change,
  }
}

const host = createHost()

async function changes(change: Partial<ProvisionArgs> = {}, exec: Exec = host.exec): Promise<readonly string[]> {
  const call = { args: wanted(change), signal: new AbortController().signal, progress: () => undefined }
  return (await createPostgresProvision({ exec })(call)).changes
}

/** What a dry run finds otherwise. */
async function differences(change: Partial<ProvisionArgs>): Promise<readonly ObjectDifference[]> {
  const call = { args: wanted({ ...change, dryRun: true }), signal: new AbortController().signal }
  const result = await createPostgresProvision({ exec: host.exec })({ ...call, progress: () => undefined })
  return result.differences ?? []
}

/** One of the databases, changed, without the others. */
function withDatabase(name: string, change: Partial<DatabaseItem> = {}): Partial<ProvisionArgs> {
  return { databases: DATABASES.filter(each => each.name === name).map(each => ({ ...each, ...change })) }
}

/** Everything in the catalogues that provisioning is about. */
function catalogue(): readonly string[] {
  return [
    ...server.sql(
      `select rolname, rolpassword, rolinherit, rolconnlimit, rolvaliduntil from pg_authid where rolname !~ '^pg_' order by 1`,
    ),
    ...server.sql(
      'select datname, datdba::regrole, datconnlimit, datistemplate, datallowconn, datacl from pg_database order by 1',
    ),
    ...server.sql('select roleid::regrole, member::regrole, admin_option from pg_auth_members order by 1, 2'),
    ...server.sql('select setdatabase, setrole, setconfig from pg_db_role_setting order by 1, 2'),
  ]
}

describe('a new server', () => {
  it('is left alone by a dry run, which tells what would be done', async () => {
    const before = catalogue()
    const told = await changes({ dryRun: true })
    expect(told).toContain('create role guest')
    expect(told).toContain('create extension pageinspect in shop')
    expect(told).toContain('run the baseline of database pattern')
    expect(catalogue()).toEqual(before)
  })

  it('gets everything, databases after those that they are copied from', async () => {
    const done = await changes()
    const created = done.filter(line => line.startsWith('create database'))
    expect(created.map(line => line.split(' ')[2])).toEqual(['pattern', 'shop', 'words', 'attic', 'copy'])
  })

  it('has nothing left to change then', async () => {
    expect(await changes()).toEqual([])
    expect(await changes({ dryRun: true })).toEqual([])
  })
})

describe('roles', () => {
  it('have the password that clients know, an end, a limit and their parameters', () => {
    expect(
      server.sql(
        `select rolpassword, rolconnlimit, rolvaliduntil at time zone 'UTC' from pg_authid where rolname = 'guest'`,
      ),
    ).toEqual([`${VERIFIER}|3|2040-02-29 00:00:00`])
    expect(server.sql(`select unnest(setconfig) from pg_db_role_setting where setrole = 'guest'::regrole`)).toEqual([
      'search_path=app, "$user", public',
      'statement_timeout=5s',
      'DateStyle=ISO, DMY',
    ])
    expect(
      server.sql(
        `select member::regrole, admin_option from pg_auth_members where roleid = 'readers'::regrole order by 1`,
      ),
    ).toEqual(['app|t', 'guest|f'])
  })

  it('are led back when somebody changed them by hand', async () => {
    server.sql(`alter role guest noinherit createdb valid until 'infinity' connection limit -1 password null`)
    server.sql(
      'revoke admin option for readers from app; grant readers to guest with admin option; alter role guest reset statement_timeout',
    )
    const led = await changes()
    expect(led).toEqual([
      'alter role guest (createdb, inherit, connection limit, valid until, password)',
      'grant readers to app (admin)',
      'grant readers to guest (admin)',
      'set statement_timeout of role guest',
    ])
    expect(await changes()).toEqual([])
  })

  it('lose their end when the spec has none any more', async () => {
    const roles = ROLES.map(({ validUntil: _until, ...each }) => each)
    expect(await changes({ roles })).toEqual(['alter role guest (valid until)'])
    expect(await changes({ roles })).toEqual([])
    expect(await changes()).toEqual(['alter role guest (valid until)'])
  })
})

describe('databases', () => {
  it('are created with what can only be said then', () => {
    expect(
      server.sql(`select datcollate, datctype, datlocprovider, daticulocale from pg_database where datname = 'words'`),
    ).toEqual(['C.UTF-8|C|i|de-DE'])
    expect(server.sql('select * from copied', 'copy')).toEqual(['C:\\dir', "it's \\! \u00e9chapp\u00e9"])
  })

  it('keep out who has no grant, if the spec says so, and let everybody in again', async () => {
    const mayConnect = () =>
      server.sql(
        `select has_database_privilege('guest', 'shop', 'connect'), has_database_privilege('app', 'shop', 'connect')`,
      )
    expect(mayConnect()).toEqual(['f|t'])
    expect(await changes(withDatabase('shop', { revokePublicConnect: false }))).toEqual([
      'grant connect on database shop to public',
    ])
    expect(mayConnect()).toEqual(['t|t'])
    await changes(withDatabase('shop'))
    expect(mayConnect()).toEqual(['f|t'])
  })

  it('are opened to be worked on, and closed at the end', async () => {
    const rooms = [{ name: 'boxes' }, { name: 'trunks' }]
    expect(await changes(withDatabase('attic', { schemas: rooms }))).toEqual([])
    const opened = withDatabase('attic', { schemas: rooms, allowConnections: true })
    expect(await changes(opened)).toEqual(['alter database attic (allow connections)', 'create schema trunks in attic'])
    expect(await changes(withDatabase('attic', { schemas: rooms }))).toEqual(['alter database attic (no connections)'])
  })

  it('follow a new owner, limit, comment and template mark', async () => {
    const change = { owner: 'guest', connectionLimit: 7, comment: 'shut', isTemplate: true }
    expect(await changes(withDatabase('words', change))).toEqual([
      'alter database words (owner)',
      'alter database words (connection limit)',
      'alter database words (template)',
      'comment on database words',
    ])
    expect(await changes(withDatabase('words', change))).toEqual([])
    await changes(withDatabase('words'))
  })

  it.each([
    ['encoding', { encoding: 'LATIN1' }, 'database shop has encoding UTF8, the spec asks for LATIN1'],
    ['locale', { locale: 'C' }, 'database shop has locale C.UTF-8, the spec asks for C'],
    ['ctype', { ctype: 'C' }, 'database shop has ctype C.UTF-8, the spec asks for C'],
    [
      'provider',
      { localeProvider: 'icu', icuLocale: 'de' } as const,
      'database shop has locale provider libc, the spec asks for icu',
    ],
    ['tablespace', { tablespace: 'fast' }, 'database shop has tablespace pg_default, the spec asks for fast'],
    [
      'extension',
      { extensions: [{ name: 'pageinspect', version: '1.8' }] },
      'extension pageinspect in database shop has version 1.9',
    ],
  ])('refuse another %s by its name, and nothing is changed', async (_what, change, message) => {
    const before = catalogue()
    const roles = [...ROLES, role('late')]
    const refused = changes({ ...withDatabase('shop', change), roles })
    await expect(refused).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(message) })
    expect(catalogue()).toEqual(before)
  })
})

describe('what is in a database', () => {
  it('is what the spec and the template say, with what extensions need themselves', () => {
    expect(
      server.sql(
        `select extname, extnamespace::regnamespace from pg_extension where extname <> 'plpgsql' order by 1`,
        'shop',
      ),
    ).toEqual(['cube|app', 'earthdistance|app', 'pageinspect|pages', 'pg_stat_statements|monitor', 'pg_trgm|public'])
    expect(
      server.sql(
        `select nspname, nspowner::regrole from pg_namespace where nspname in ('app', 'audit', 'monitor', 'pages') order by 1`,
        'shop',
      ),
    ).toEqual(['app|app', 'audit|readers', 'monitor|app', 'pages|app'])
    for (const name of ['template1', 'postgres'])
      expect(server.sql(`select nspowner::regrole from pg_namespace where nspname = 'monitor'`, name)).toEqual([
        'postgres',
      ])
  })

  it('follows a newer version of an extension', async () => {
    const extensions = [{ name: 'pageinspect', version: '1.11', schema: 'pages' }]
    expect(await changes(withDatabase('shop', { extensions }))).toEqual([
      'update extension pageinspect in shop (1.9 to 1.11)',
    ])
    server.sql('drop extension pageinspect', 'shop')
    expect(await changes(withDatabase('shop'))).toEqual(['create extension pageinspect in shop'])
  })

  it('is open to whom default privileges name, as soon as somebody makes it', () => {
    server.sql('set role app; create table app.sales (amount int)', 'shop')
    const may = (who: string, what: string) =>
      server.sql(`select has_table_privilege('${who}', 'app.sales', '${what}')`, 'shop')
    expect([may('readers', 'select'), may('readers', 'insert'), may('guest', 'truncate')]).toEqual([
      ['t'],
      ['f'],
      ['t'],
    ])
  })

  it('tells of default privileges that nobody declared, takes none away, and says how', async () => {
    server.sql('alter default privileges for role app grant insert, delete on tables to readers', 'shop')
    server.sql('alter default privileges for role app in schema app grant select on tables to public', 'shop')
    server.sql('alter default privileges for role guest grant select on tables to public', 'shop')
    const told = (await differences(withDatabase('shop'))).filter(({ object }) => object.includes('privileges'))
    expect(told).toMatchObject([
      { object: 'default privileges in shop', property: 'tables of app to readers', found: 'DELETE, INSERT' },
      { property: 'tables of app to public in schema app', expected: 'not declared', found: 'SELECT' },
    ])
    expect(await changes(withDatabase('shop'))).toEqual([])
    for (const { undo = '' } of told) server.sql(undo, 'shop')
    expect(await differences(withDatabase('shop'))).toEqual([])
    server.sql('alter default privileges for role guest revoke select on tables from public', 'shop')
  })
})

describe("PostgreSQL's own database", () => {
  const own: DatabaseItem = {
    name: 'postgres',
    owner: 'postgres',
    isTemplate: false,
    allowConnections: true,
    revokePublicConnect: false,
    schemas: [{ name: 'jobs' }, { name: 'monitor', owner: 'app' }],
    extensions: [{ name: 'pageinspect', version: '1.10', schema: 'jobs' }],
    parameters: { search_path: 'jobs, public' },
    comment: 'where jobs live',
  }
  const born = () =>
    server.sql(
      `select datdba::regrole, datconnlimit, datistemplate, datacl, encoding, datcollate from pg_database where datname = 'postgres'`,
    )
  const alone = (change: Partial<DatabaseItem> = {}): Partial<ProvisionArgs> => ({
    databases: [{ ...own, ...change }],
    template: {
      schemas: [{ name: 'monitor' }, { name: 'shared' }],
      extensions: [
        { name: 'pageinspect', version: '1.9' },
        { name: 'pg_stat_statements', schema: 'monitor' },
      ],
    },
    privileges: [{ for: ['app'], to: 'readers', on: 'tables', grant: ['SELECT'] }],
  })

  it('gets its contents, parameters and comment, and is otherwise as somebody made it', async () => {
    server.sql('revoke connect on database postgres from public; alter database postgres connection limit 50')
    const before = born()
    const told = await changes({ ...alone(), dryRun: true })
    expect(told.filter(line => line.includes('postgres'))).toEqual([
      'set search_path of database postgres',
      'comment on database postgres',
      'create schema shared in postgres',
      'create schema jobs in postgres',
      'alter schema monitor in postgres (owner)',
      'create extension pageinspect in postgres',
      'default privileges in postgres: SELECT on tables of app to readers',
    ])
    expect(await changes(alone())).toEqual(told)
    expect(born()).toEqual(before)
    expect(
      server.sql(
        `select extname, extversion, extnamespace::regnamespace from pg_extension where extname <> 'plpgsql' order by 1`,
      ),
    ).toEqual(['pageinspect|1.10|jobs', 'pg_stat_statements|1.10|monitor'])
    expect(
      server.sql(`select nspowner::regrole from pg_namespace where nspname in ('jobs', 'monitor') order by nspname`),
    ).toEqual(['postgres', 'app'])
  })

  it('has nothing left to change then, and is refused what it cannot become before anything is changed', async () => {
    expect(await changes(alone())).toEqual([])
    const before = born()
    const roles = [...ROLES, role('late')]
    const older = { extensions: [{ name: 'pageinspect', version: '1.8' }] }
    await expect(changes({ ...alone(older), roles })).rejects.toMatchObject({ code: 'conflict' })
    expect(server.sql(`select count(*) from pg_roles where rolname = 'late'`)).toEqual(['0'])
    expect(born()).toEqual(before)
  })
})

describe('a baseline', () => {
  const once = database('once', { baseline: 'create table if not exists runs (at int); insert into runs values (1);' })
  const alone = (change: Partial<DatabaseItem> = {}): Partial<ProvisionArgs> => ({
    roles: [],
    databases: [{ ...once, ...change }],
    template: { schemas: [], extensions: [] },
    privileges: [],
  })
  const forget = (): void => void server.sql('drop database if exists once')
  const runs = () => server.sql('select count(*) from runs', 'once')

  it('has run exactly once after the agent was killed before any of its steps', async () => {
    for (let step = 1, died = true; died; step += 1) {
      forget()
      died = await changes(alone(), dyingAt(step)).then(
        () => false,
        () => true,
      )
      await changes(alone())
      expect({ step, runs: runs() }).toEqual({ step, runs: ['1'] })
      expect(await changes(alone())).toEqual([])
    }
  })

  it('does not run in a database that somebody else has made', async () => {
    forget()
    server.sql("create database once template template0 locale 'C.UTF-8' owner app")
    await changes(alone())
    expect(server.sql(`select to_regclass('runs') is null`, 'once')).toEqual(['t'])
  })

  it('leaves nothing when it fails, and runs when it has been corrected', async () => {
    forget()
    const broken = { baseline: 'create table runs (at int);\ninsert into runs values (1), (2);\nselect 1/0;' }
    await expect(changes(alone(broken))).rejects.toMatchObject({
      message: expect.stringContaining('ERROR:  division by zero'),
      hint: expect.stringContaining('the baseline of database once'),
    })
    expect(server.sql(`select to_regclass('runs') is null`, 'once')).toEqual(['t'])
    expect(await changes(alone())).toEqual(['run the baseline of database once'])
    expect(runs()).toEqual(['1'])
  })

  it('may end as another role', async () => {
    forget()
    const text = `${once.baseline ?? ''} set role app; set session authorization app`
    expect(await changes(alone({ baseline: text }))).toContain('run the baseline of database once')
    expect(await changes(alone({ baseline: text }))).toEqual([])
  })

  it('runs no program: a backslash is for the server, which does not know it', async () => {
    forget()
    const witness = `${server.socketDirectory}/witness`
    for (const text of [`\\! touch ${witness}`, `'\n\\! touch ${witness}\n'`, `select 1 \\g | touch ${witness}`])
      await expect(changes(alone({ baseline: text }))).rejects.toMatchObject({ code: 'failed' })
    await expect(access(witness)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('a password', () => {
  it('is in no log, no statistics and no error, although the server is told to log everything', async () => {
    const broken = ROLES.map(each => ({ ...each, connectionLimit: -7 }))
    const error = await changes({ roles: broken }).catch((reason: unknown) => reason)
    expect(String(error)).toContain('invalid connection limit')
    expect(String(error)).not.toContain('SCRAM')
    expect(await server.log()).toContain('select rolname')
    expect(await server.log()).not.toContain(VERIFIER)
    expect(server.sql(`select count(*) from monitor.pg_stat_statements where query like '%SCRAM%'`)).toEqual(['0'])
  })
})

/** The agent's way to psql, cut off before one of its steps. */
function dyingAt(step: number): Exec {
  let count = 0
  return async options => {
    count += 1
    if (count === step) throw new Error('killed')
    return host.exec(options)
  }
}
