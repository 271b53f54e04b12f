import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labFleetPaths } from '../../deploy/quickstart/lab-fleet-paths.ts'
import { scramVerifier } from '../../orchestrator/operation/scram.ts'
import { throughDoors } from '../support/database-url.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'

/** Users, databases, privileges, access rules and pools on real hosts, told as one story: a primary, and an offline replica on the second host. */
const execFileAsync = promisify(execFile)
const VERIFIER = scramVerifier('correct horse')
const spec = (comment: string): string => `version: 1
fleet:
  name: prov
  clientNetworks: [10.10.64.0/24]
etcd: { members: 1 }
clusters:
  - name: pg-main
    members: 1
    workload: tiny
    failover: fast
    placement: { nodes: [node-1] }
    replicas: [{ name: reports, role: offline, nodes: [node-2] }]
    packages: [postgresql-17-wal2json]
    users:
      - { name: readers, login: false }
      - name: app
        password: ${VERIFIER}
        memberOf: [{ role: readers, admin: true }]
        parameters: { search_path: 'shop, public' }
        comment: ${comment}
      - name: guest
        validUntil: 2040-02-29
        connectionLimit: 9
        poolMode: session
        poolConnections: 3
        memberOf: [{ role: readers, admin: false, inherit: false, set: true }]
    databases:
      - name: shop
        owner: app
        template: pattern
        revokePublicConnect: true
        schemas: [shop]
        extensions: [{ name: tdigest, schema: public }, earthdistance]
        baseline: create table shop.runs as select count(*) from origin
        pool: { mode: session, size: 4, minSize: 1 }
      - name: pattern
        owner: app
        isTemplate: true
        baseline: create table origin (word text)
      - { name: words, owner: guest, localeProvider: icu, icuLocale: de-DE, connectionLimit: 5 }
    template:
      schemas: [monitor]
      extensions: [{ name: pg_stat_statements, schema: monitor }]
    privileges:
      - { for: [app], to: readers, on: tables, grant: [SELECT] }
    hba:
      - { user: guest, database: all, address: 10.10.64.0/24, auth: reject, role: offline, on: postgres, order: 10 }
    pooler: { reserveSize: 2, maxUserConnections: 20, ignoreStartupParameters: [extra_float_digits, options] }
`

let fleet: TestFleet
let file: string
let guestUrl: string

beforeAll(async () => {
  fleet = await startFleet({ name: 'prov', subnet: '10.10.64.0/24', hosts: 2 })
})
afterAll(() => fleet?.down())

async function apply(comment: string) {
  file = await fleet.writeSpec(spec(comment))
  return fleet.drover('apply', '-f', file)
}

/** Rows of one statement as the superuser has them, who is asked on the host itself. */
async function rows(sql: string, where: { readonly database?: string; readonly instance?: string } = {}) {
  const { database = 'postgres', instance = 'pg-main-1' } = where
  const psql = ['runuser', '-u', 'postgres', '--', 'psql', '-XAtq', '-h', `/run/drover-pg/${instance}`, '-d', database]
  const { stdout } = await fleet.lab.exec(instance.replace('pg-main', 'node'), [...psql, '-c', sql])
  return stdout.split('\n').filter(line => line !== '')
}

/** As `app`, with the password that only its clients know. */
function asApp(port: number, node = 'node-1'): string {
  return `postgres://app:correct%20horse@${fleet.address(node)}:${port}/shop?sslmode=require`
}

function asGuest(port: number, node: string, database: string): string {
  return throughDoors(guestUrl, [{ host: fleet.address(node), port }]).replace('/words?', `/${database}?`)
}

describe('a spec with users, databases, privileges, rules and pools', () => {
  it('is applied, and applied again changes nothing', async () => {
    const answer = await apply('the shop')
    expect(answer.code, answer.stderr).toBe(0)
    await fleet.waitForHealthy('pg-main')
    expect(await apply('the shop')).toMatchObject({ code: 0, stdout: expect.stringMatching(/no changes/i) })
    const shown = await fleet.drover('cluster', 'psql', 'pg-main', '--database', 'words', '--print')
    guestUrl = shown.stdout.trim()
  }, 600_000)

  it('is in the catalogues of PostgreSQL', async () => {
    expect(
      await rows(
        `select member::regrole, admin_option, inherit_option, set_option from pg_auth_members where roleid = 'readers'::regrole order by 1`,
      ),
    ).toEqual(['app|t|t|t', 'guest|f|f|t'])
    expect(
      await rows(
        `select datname, datlocprovider, datlocale, datistemplate, datconnlimit from pg_database where datdba <> 10 order by 1`,
      ),
    ).toEqual(['pattern|b|C.UTF-8|t|-1', 'shop|b|C.UTF-8|f|-1', 'words|i|de-DE|f|5'])
    expect(await rows('select extname from pg_extension order by 1', { database: 'shop' })).toEqual([
      'cube',
      'earthdistance',
      'pg_stat_statements',
      'plpgsql',
      'tdigest',
    ])
    for (const database of ['template1', 'postgres', 'words'])
      expect(await rows(`select 1 from pg_namespace where nspname = 'monitor'`, { database })).toEqual(['1'])
    expect(await rows('select count from shop.runs', { database: 'shop' })).toEqual(['0'])
    expect((await fleet.lab.exec('node-2', ['dpkg', '-s', 'postgresql-17-wal2json'])).stdout).toContain('installed')
  })

  it('changes just what is new when it is applied with something new, and leads back what was changed by hand', async () => {
    await rows('grant readers to guest with admin true, inherit true')
    const answer = await apply('the shop, in other words')
    expect(answer.code, answer.stderr).toBe(0)
    const { operations } = await fleet.json<{ operations: { operationId: string }[] }>('operation', 'list')
    const told = await fleet.drover('operation', 'show', operations[0]?.operationId ?? '')
    expect(told.stdout).toMatch(/\b2 changes on pg-main-1/)
    expect(
      await rows(
        `select admin_option, inherit_option, set_option from pg_auth_members where member = 'guest'::regrole`,
      ),
    ).toEqual(['f|f|t'])
    expect(await rows(`select shobj_description('app'::regrole, 'pg_authid')`)).toEqual(['the shop, in other words'])
  })
})

describe('a client', () => {
  it('logs in with the password it has always had, pooled and directly', async () => {
    for (const port of [5433, 5436, 5438])
      for (const node of ['node-1', 'node-2'])
        expect(await fleet.sql.query(asApp(port, node), 'select current_user as who')).toEqual([{ who: 'app' }])
  })

  it('is kept out of a database that only grants open', async () => {
    for (const port of [5433, 5436])
      await expect(fleet.sql.query(asGuest(port, 'node-1', 'shop'), 'select 1')).rejects.toThrow(
        /permission denied for database/,
      )
    expect(await fleet.sql.query(asGuest(5433, 'node-1', 'words'), 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('is refused by a rule on the members that it is for, and only there', async () => {
    const rules = (instance: string) =>
      rows(`select address from pg_hba_file_rules where 'guest' = any(user_name) and auth_method = 'reject'`, {
        instance,
      })
    expect(await rules('pg-main-1')).toEqual([])
    expect(await rules('pg-main-2')).toEqual(['10.10.64.0'])
    expect(await fleet.sql.query(asGuest(5432, 'node-1', 'words'), 'select 1 as one')).toEqual([{ one: 1 }])
    await expect(fleet.sql.query(asGuest(5432, 'node-2', 'words'), 'select 1')).rejects.toThrow(/pg_hba.conf rejects/)
  })

  it('has privileges on what is made after they were declared', async () => {
    await fleet.sql.query(asApp(5436), 'create table shop.sales (amount int)')
    expect(await rows(`select has_table_privilege('readers', 'shop.sales', 'select')`, { database: 'shop' })).toEqual([
      't',
    ])
  })
})

describe('the poolers', () => {
  it('have the pools of databases and users', async () => {
    const console = [
      'runuser',
      '-u',
      'postgres',
      '--',
      'psql',
      '-XAt',
      '-U',
      'pgbouncer',
      '-h',
      '/run/drover-pgbouncer/pg-main-1-rw',
      '-p',
      '6432',
      '-d',
      'pgbouncer',
    ]
    const show = async (what: string) => (await fleet.lab.exec('node-1', [...console, '-c', `show ${what}`])).stdout
    expect(await show('databases')).toMatch(/^shop\|127\.0\.0\.1\|5435\|shop\|[^|]*\|4\|1\|/m)
    expect(await show('users')).toMatch(/^guest\|.*session/m)
    expect(await show('config')).toMatch(/^reserve_pool_size\|2\|/m)
  })
})

describe('the verifier', () => {
  it('is in nothing that Drover shows or keeps in the clear, and in no log', async () => {
    const outputs = await Promise.all([
      fleet.drover('cluster', 'show', 'pg-main', '--json', '--reveal'),
      fleet.drover('plan', '-f', file, '--json'),
      fleet.drover('audit', 'list', '--json'),
      fleet.drover('operation', 'list', '--json'),
    ])
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain('SCRAM-SHA-256')
    for (const node of ['node-1', 'node-2'])
      expect((await fleet.lab.exec(node, ['journalctl', '-q', '--no-pager'])).stdout).not.toContain('SCRAM-SHA-256')
    const { directory } = labFleetPaths('prov', fleet.context)
    await expect(
      execFileAsync('grep', ['-rlaF', '-e', 'SCRAM-SHA-256', '-e', 'create table origin', directory]),
    ).rejects.toMatchObject({ code: 1 })
    await expect(fleet.drover('cluster', 'psql', 'pg-main', '--user', 'app', '--print')).resolves.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no password is known for app'),
    })
  })
})
