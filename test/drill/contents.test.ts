import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { startWriterLoad, writesGoOn } from '../support/writer-load.ts'

/** What is inside PostgreSQL comes and goes on two hosts, told as one story: extensions with a library, databases, a primary that changes meanwhile. */
const spec = ({ extensions = '', databases = '' }: Contents): string => `version: 1
fleet: { name: contents, clientNetworks: [10.10.90.0/24] }
etcd: { members: 1 }
clusters:
  - name: pg-main
    members: 2
    workload: tiny
    failover: fast
    users: [{ name: app }]
    databases:
      - { name: app, owner: app, extensions: [${extensions}] }
${databases}`

interface Contents {
  readonly extensions?: string
  /** Further ones, as lines of the file. */
  readonly databases?: string
}

const LIBRARIES = { extensions: 'pg_cron, pg_stat_kcache' }
const ATTIC = { ...LIBRARIES, databases: '      - { name: attic, owner: app }\n' }
const SLOW = {
  ...LIBRARIES,
  databases: '      - { name: slow, owner: app, baseline: create table once as select 1 as one from pg_sleep(15) }\n',
}
const NAME = 'database:pg-main/attic'

let fleet: TestFleet

beforeAll(async () => {
  fleet = await startFleet({ name: 'hs', subnet: '10.10.90.0/24', hosts: 2, fleetName: 'contents' })
  const answer = await apply({})
  expect(answer.code, answer.stderr).toBe(0)
  await fleet.waitForHealthy('pg-main')
})
afterAll(() => fleet?.down())

async function apply(contents: Contents, ...options: readonly string[]) {
  return fleet.drover('apply', '-f', await fleet.writeSpec(spec(contents)), ...options)
}

async function expectSettled(contents: Contents): Promise<void> {
  expect(await apply(contents)).toMatchObject({ code: 0, stdout: expect.stringMatching(/no changes/i) })
}

interface Member {
  readonly instance: string
  readonly node: string
}

/** The primary first. */
async function members(): Promise<readonly Member[]> {
  const { clusters } = await fleet.status()
  return (clusters[0]?.members ?? [])
    .toSorted((left, right) => Number(right.role === 'primary') - Number(left.role === 'primary'))
    .map(({ name, node }) => ({ instance: name, node }))
}

/** Rows of one statement as the superuser of a member has them. */
async function rowsOn({ instance, node }: Member, sql: string, database = 'postgres'): Promise<readonly string[]> {
  const psql = ['runuser', '-u', 'postgres', '--', 'psql', '-XAtq', '-h', `/run/drover-pg/${instance}`, '-d', database]
  const { stdout } = await fleet.lab.exec(node, [...psql, '-c', sql])
  return stdout.split('\n').filter(line => line !== '')
}

async function rows(sql: string, database = 'app'): Promise<readonly string[]> {
  const [primary] = await members()
  if (primary === undefined) throw new Error('there is no primary')
  return rowsOn(primary, sql, database)
}

describe('an extension whose library is loaded at a start', () => {
  it('is installed, loaded by a rolling restart and created in one apply, while clients write', async () => {
    const shown = await fleet.drover('cluster', 'psql', 'pg-main', '--database', 'app', '--user', 'app', '--print')
    const load = await startWriterLoad(fleet.lab, { url: shown.stdout.trim(), run: 'preload', patienceMs: 20_000 })
    await writesGoOn(load, 50)
    const answer = await apply(LIBRARIES, '--restart')
    expect(answer.code, answer.stderr).toBe(0)
    await writesGoOn(load, 50)
    const report = await load.stop()
    process.stdout.write(`preload, restart and create under load: ${JSON.stringify(report)}\n`)
    expect(report).toMatchObject({ failed: 0, inDoubt: 0 })
    expect(await rows(`select extname from pg_extension where extname ~ 'cron|kcache' order by 1`)).toEqual([
      'pg_cron',
      'pg_stat_kcache',
    ])
    for (const member of await members())
      expect(await rowsOn(member, 'show shared_preload_libraries')).toEqual([
        'pg_stat_statements,pg_cron,pg_stat_kcache',
      ])
    await expectSettled(LIBRARIES)
  })
})

describe('a database that left the file', () => {
  it('is kept until it is named, then out of reach, and back with its data when the file has it again', async () => {
    expect((await apply(ATTIC)).code).toBe(0)
    await rows(`create table boxes as select 'full' as word`, 'attic')
    const kept = await apply(LIBRARIES)
    expect(kept).toMatchObject({ code: 0, stderr: expect.stringMatching(/database\s+attic\s+\(kept\)/) })
    expect(await rows('select word from boxes', 'attic')).toEqual(['full'])

    const away = await apply(LIBRARIES, '--remove', NAME)
    expect(away.code, away.stderr).toBe(0)
    await expect(rows('select 1', 'attic')).rejects.toThrow()
    expect((await fleet.drover('cluster', 'list')).stdout).toMatch(/database:pg-main\/attic {2}until 20/)

    const back = await apply(ATTIC)
    expect(back.code, back.stderr).toBe(0)
    expect(await rows('select word from boxes', 'attic')).toEqual(['full'])
    await expectSettled(ATTIC)
  })

  it('is dropped at once only by its name', async () => {
    expect((await apply(LIBRARIES, '--remove', NAME)).code).toBe(0)
    expect((await fleet.drover('cluster', 'purge', NAME, '--without-backup')).code).toBe(2)
    const purged = await fleet.drover('cluster', 'purge', NAME, '--confirm', NAME, '--without-backup')
    expect(purged.code, purged.stderr).toBe(0)
    expect(await rows(`select count(*) from pg_database where datname ~ 'attic'`)).toEqual(['0'])
    await expectSettled(LIBRARIES)
  })
})

describe('an apply that provisions', () => {
  it('goes on at the new primary when somebody switches over in the middle of it', async () => {
    const [before, other] = await members()
    if (before === undefined || other === undefined) throw new Error('there are not two members')
    const answer = apply(SLOW)
    await waitUntil({
      what: 'the baseline of database slow',
      timeoutMs: 120_000,
      check: async () => {
        const active = `select 1 from pg_stat_activity where datname = 'slow' and backend_start < now() - interval '2 s'`
        return (await rowsOn(before, active)).length > 0
      },
    })
    const config = `/etc/drover/patroni/${before.instance}/patroni.yml`
    const hand = ['patronictl', '-c', config, 'switchover', 'pg-main', '--leader', before.instance]
    await fleet.lab.exec(before.node, [...hand, '--candidate', other.instance, '--force'])
    const { code, stderr } = await answer
    expect(code, stderr).toBe(0)
    expect((await members())[0]).toEqual(other)
    expect(await rows('select count(*) from once', 'slow')).toEqual(['1'])
  })
})
