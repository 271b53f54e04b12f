import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgresRetire } from '../../agent/executors/postgres-retire.ts'
import { createHost, type Exec } from '../../agent/host/host.ts'
import type { RetireItem, RetireResult } from '../../shared/domain/retire.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'

/** What is named to go out of a real server of this machine. One story: each part starts from what the one before left. */
let server: PostgresServer
const host = createHost()
const NOW = 1_000_000

beforeAll(async () => {
  server = await startPostgres()
  server.sql('create role app login; create role bob login; create role reader')
  server.sql('create database app owner app')
  server.sql('create table kept (word text); insert into kept values ($$there$$)', 'app')
  server.sql('create database other')
})
afterAll(async () => server?.stop())

async function retire(items: readonly RetireItem[], exec: Exec = host.exec): Promise<RetireResult> {
  const args = { instance: 'pg-main-1', socketDirectory: server.socketDirectory, port: server.port, items }
  const call = { args, signal: new AbortController().signal, progress: () => undefined }
  return createPostgresRetire({ exec, now: () => NOW })(call)
}

function database(action: RetireItem['action'], more: Partial<RetireItem> = {}): RetireItem {
  return { action, kind: 'database', name: 'app', hiddenAs: 'drover_removed_app', ...more }
}

function user(action: RetireItem['action'], more: Partial<RetireItem> = {}): RetireItem {
  return { action, kind: 'user', name: 'bob', ...more }
}

function inside(action: RetireItem['action'], kind: 'schema' | 'extension', name: string): RetireItem {
  const hidden = kind === 'schema' ? { hiddenAs: `drover_removed_${name}` } : {}
  return { action, kind, name, database: 'other', early: true, ...hidden }
}

const DUE = { notBefore: NOW - 1 }

describe('a database that is taken away', () => {
  it('is closed and renamed, and whoever is connected has to go', async () => {
    const sleeper = host.exec({
      argv: [
        'psql',
        '-X',
        '-h',
        server.socketDirectory,
        '-p',
        String(server.port),
        '-U',
        'postgres',
        '-d',
        'app',
        '-c',
        'select pg_sleep(60)',
      ],
      user: 'postgres',
      timeoutMs: 60_000,
      signal: AbortSignal.timeout(60_000),
    })
    await expect
      .poll(() => server.sql(`select count(*) from pg_stat_activity where datname = 'app'`), { timeout: 20_000 })
      .toEqual(['1'])
    expect(await retire([database('hide')])).toEqual({
      changes: ['alter database app (no connections)', 'rename database app to drover_removed_app'],
      blocked: [],
    })
    expect((await sleeper).code).not.toBe(0)
    expect(() => server.sql('select 1', 'app')).toThrow(/does not exist/)
    expect(() => server.sql('select 1', 'drover_removed_app')).toThrow(/not currently accepting connections/)
  })

  it('has nothing left to be done to it then', async () => {
    expect(await retire([database('hide')])).toEqual({ changes: [], blocked: [] })
  })

  it('is taken away by the next run when the agent died in the middle', async () => {
    await retire([database('restore')])
    server.sql('alter database app allow_connections false')
    await retire([database('hide')])
    expect(server.sql(`select datname from pg_database where datname ~ 'app'`)).toEqual(['drover_removed_app'])
  })

  it('comes back with everything in it', async () => {
    expect((await retire([database('restore')])).changes).toEqual([
      'rename database drover_removed_app to app',
      'alter database app (allow connections)',
    ])
    expect(server.sql('select word from kept', 'app')).toEqual(['there'])
    expect((await retire([database('restore')])).changes).toEqual([])
  })

  it('is not brought back over one that somebody has made since', async () => {
    await retire([database('hide')])
    server.sql('create database app')
    await expect(retire([database('restore')])).rejects.toMatchObject({ code: 'conflict' })
    server.sql('drop database app')
  })

  it('is never dropped before its time, nor under a name that is not Drover’s', async () => {
    await expect(retire([database('drop', { notBefore: NOW + 1 })])).rejects.toMatchObject({ code: 'conflict' })
    await expect(retire([database('drop')])).rejects.toMatchObject({ code: 'conflict' })
    await expect(retire([database('drop', { ...DUE, hiddenAs: 'other' })])).rejects.toMatchObject({ code: 'invalid' })
    expect(server.sql(`select count(*) from pg_database where datname in ('drover_removed_app', 'other')`)).toEqual([
      '2',
    ])
  })

  it('is dropped when its time has come, or somebody names it; only while it is hidden', async () => {
    expect((await retire([database('drop', DUE)])).changes).toEqual(['drop database app'])
    expect((await retire([database('drop', DUE)])).changes).toEqual([])
    server.sql('create database app')
    expect((await retire([database('drop', { early: true })])).changes).toEqual([])
    expect(server.sql(`select count(*) from pg_database where datname = 'app'`)).toEqual(['1'])
  })
})

describe('a user that is taken away', () => {
  it('cannot log in any more, and keeps everything else', async () => {
    expect((await retire([user('hide')])).changes).toEqual(['alter role bob (no login)'])
    expect(server.sql(`select rolcanlogin from pg_roles where rolname = 'bob'`)).toEqual(['f'])
    expect((await retire([user('hide')])).changes).toEqual([])
  })

  it('stays while it owns anything, which is told', async () => {
    server.sql('create table notes (); alter table notes owner to bob', 'other')
    server.sql('create database bobs owner bob')
    expect(await retire([user('drop', DUE)])).toEqual({
      changes: [],
      blocked: [{ kind: 'user', name: 'bob', because: 'it owns an object in database other, database bobs' }],
    })
    server.sql('drop database bobs')
    server.sql('drop table notes', 'other')
  })

  it('loses its privileges and goes when it owns nothing', async () => {
    server.sql('create table shared (n int); grant select on shared to bob', 'other')
    server.sql('alter default privileges for role bob grant select on tables to reader', 'other')
    server.sql('grant connect on database other to bob; grant reader to bob')
    expect(await retire([user('drop', DUE)])).toEqual({ changes: ['drop role bob'], blocked: [] })
    expect(server.sql('select count(*) from shared', 'other')).toEqual(['0'])
    expect(await retire([user('drop', DUE)])).toEqual({ changes: [], blocked: [] })
  })

  it('stays when somebody has let it in again', async () => {
    server.sql('create role bob login')
    expect((await retire([user('drop', DUE)])).blocked).toMatchObject([
      { because: expect.stringContaining('log in again') },
    ])
  })
})

describe('a schema that is taken away', () => {
  it('is renamed, comes back, and goes with what is in it', async () => {
    server.sql(
      'create schema sales; create table sales.bills (n int); create view sales.all_bills as table sales.bills',
      'other',
    )
    expect((await retire([inside('hide', 'schema', 'sales')])).changes).toEqual([
      'rename schema sales to drover_removed_sales',
    ])
    expect((await retire([inside('restore', 'schema', 'sales')])).changes).toHaveLength(1)
    expect(server.sql('select count(*) from sales.all_bills', 'other')).toEqual(['0'])
    await retire([inside('hide', 'schema', 'sales')])
    expect((await retire([inside('drop', 'schema', 'sales')])).changes).toEqual(['drop schema sales in other'])
  })

  it.each([
    ['a view', 'create view public.seen as select * from sales.bills', 'drop view public.seen', /view seen/],
    [
      'a foreign key',
      'create table public.lines (bill int references sales.bills (n))',
      'drop table public.lines',
      /constraint .* on table lines/,
    ],
    [
      'a default',
      `create table public.counted (n int default nextval('sales.numbers'))`,
      'drop table public.counted',
      /default value/,
    ],
  ])('stays while something outside needs it: %s', async (_, make, drop, told) => {
    server.sql(
      'create schema if not exists sales; create table sales.bills (n int primary key); create sequence sales.numbers',
      'other',
    )
    server.sql(make, 'other')
    await retire([inside('hide', 'schema', 'sales')])
    const { blocked } = await retire([inside('drop', 'schema', 'sales')])
    expect(blocked).toMatchObject([{ kind: 'schema', name: 'sales', because: expect.stringMatching(told) }])
    server.sql(drop, 'other')
    expect((await retire([inside('drop', 'schema', 'sales')])).changes).toEqual(['drop schema sales in other'])
  })
})

describe('an extension that is taken away', () => {
  it('stays as it is until it is dropped, and stays longer while something needs it', async () => {
    server.sql('create extension hstore; create table tags (all_tags hstore)', 'other')
    expect((await retire([inside('hide', 'extension', 'hstore')])).changes).toEqual([])
    expect((await retire([inside('drop', 'extension', 'hstore')])).blocked).toMatchObject([
      { because: 'column all_tags of table tags needs it' },
    ])
    server.sql('drop table tags', 'other')
    expect((await retire([inside('drop', 'extension', 'hstore')])).changes).toEqual(['drop extension hstore in other'])
  })

  it('is not held by what it has made itself', async () => {
    server.sql('create extension pg_stat_statements', 'other')
    expect((await retire([inside('drop', 'extension', 'pg_stat_statements')])).changes).toHaveLength(1)
  })
})
