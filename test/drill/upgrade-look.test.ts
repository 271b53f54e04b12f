import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { labFleetPaths } from '../../deploy/quickstart/lab-fleet-paths.ts'
import { beginWithOlder } from '../support/begin-with-older.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { startWriterLoad, writesGoOn } from '../support/writer-load.ts'

const NAME = 'upgrade-look'
let fleet: TestFleet

const SPEC = `version: 1
fleet: { name: ${NAME}, clientNetworks: [10.10.0.0/16], upgrades: { canaries: [pg-main], soak: 5s, budget: 0 } }
etcd: { members: 1 }
clusters:
  - name: pg-main
    members: 2
    updateExtensions: true
    users: [{ name: app }]
    databases: [{ name: app, owner: app, extensions: [pg_trgm, { name: postgis, schema: public }] }]
`

beforeAll(async () => {
  fleet = await startFleet({ name: NAME, subnet: '10.10.113.0/24', hosts: 2 })
  await beginWithOlder(fleet, NAME, SPEC)
})
afterAll(async () => {
  await fleet?.down()
})

describe('the plan of an upgrade', () => {
  it('lists who is connected past the poolers, also through a proxy, and nobody else', async () => {
    await using load = await startWriterLoad(fleet.lab, { url: await fleet.url('pg-main'), run: 'pooled', clients: 4 })
    await writesGoOn(load, 50)
    const direct = await fleet.url('pg-main', 'default')
    const sleeping = [1, 2].map(() =>
      fleet.lab.exec('node-2', ['psql', `${direct}&application_name=report`, '-c', 'SELECT pg_sleep(60)']),
    )
    await waitUntil({
      what: 'the plan to list direct clients',
      timeoutMs: 40_000,
      intervalMs: 3_000,
      check: async () => (await clients()).length > 0,
    })
    const listed = await clients()
    console.log('direct clients:', JSON.stringify(listed))
    expect(listed).toEqual([expect.objectContaining({ user: 'app', database: 'app', application: 'report', count: 2 })])
    const { stdout } = await fleet.drover('upgrade', 'plan')
    expect(stdout).toContain('Connected past the poolers')
    expect(stdout).toMatch(/release 17\.\d+: reindex: GiST indexes with gist_trgm_ops/)
    await load.stop()
    await Promise.allSettled(sleeping)
  })

  it('tries the version on every node, and leaves what runs alone', async () => {
    const before = (await fleet.cluster('pg-main')).members.map(({ serverVersion }) => serverVersion)
    const plan = await fleet.json<Plan>('upgrade', 'plan', '--try')
    console.log('plan --try:', JSON.stringify(plan))
    expect(plan.clusters.map(({ refused }) => refused)).toEqual([false])
    expect((await fleet.cluster('pg-main')).members.map(({ serverVersion }) => serverVersion)).toEqual(before)
    for (const node of ['node-1', 'node-2']) {
      const { stdout } = await fleet.lab.exec(node, ['ls', '/var/lib/drover/runtimes'])
      expect(stdout.trim()).toMatch(/^\d+\.\d+-[0-9a-f]{8}$/)
    }
  })
})

describe('the report of an upgrade', () => {
  it('has the time of each phase, what went through the poolers meanwhile, and a picture', async () => {
    await using load = await startWriterLoad(fleet.lab, {
      url: await fleet.url('pg-main'),
      run: 'reported',
      clients: 2,
      patienceMs: 30_000,
    })
    await writesGoOn(load, 50)
    await onPrimary("DROP EXTENSION pg_trgm; CREATE EXTENSION pg_trgm VERSION '1.4'")
    const answer = await fleet.drover('upgrade', 'start')
    expect(answer.code, answer.stderr).toBe(0)
    expect(answer.stderr).toMatch(/pg_trgm in app 1\.4 → 1\.\d/)
    expect(answer.stderr).toMatch(/watch 1 cluster for 5 s/)
    expect(await onPrimary("SELECT extversion FROM pg_extension WHERE extname = 'pg_trgm'")).not.toBe('1.4')
    const written = await load.stop()
    expect(written).toMatchObject({ failed: 0, inDoubt: 0 })
    const picture = join(labFleetPaths(NAME, fleet.context).directory, 'upgrade.svg')
    const report = await fleet.json<Report>('upgrade', 'report', '--svg', picture)
    console.log('report:', JSON.stringify(report), '\n', (await fleet.drover('upgrade', 'report')).stdout)
    const [cluster] = report.clusters
    expect(cluster).toMatchObject({ name: 'pg-main', state: 'upgraded' })
    expect(new Set(cluster?.phases.map(({ kind }) => kind))).toEqual(
      new Set(['prepare', 'members', 'switchover', 'watch', 'finish']),
    )
    expect(cluster?.activity?.transactions).toBeGreaterThan(50)
    expect(cluster?.activity?.panics).toBe(0)
    expect(await readFile(picture, 'utf8')).toContain('<title>pg-main: switch over to pg-main-2')
    expect((await fleet.drover('upgrade', 'status')).stdout).toMatch(/^pg-main .*upgraded/m)
  })
})

interface Report {
  readonly clusters: readonly {
    readonly name: string
    readonly state: string
    readonly phases: readonly { readonly kind: string }[]
    readonly activity?: { readonly transactions?: number; readonly rollbacks?: number; readonly panics?: number }
  }[]
}

interface Plan {
  readonly clusters: readonly { readonly refused: boolean; readonly clients?: readonly object[] }[]
}

/** As the superuser, in the database of the application. */
async function onPrimary(statement: string): Promise<string> {
  const { members, primary } = await fleet.cluster('pg-main')
  const node = members.find(({ name }) => name === primary)?.node ?? ''
  const psql = ['runuser', '-u', 'postgres', '--', 'psql', '-XAtq', '-h', `/run/drover-pg/${primary}`, '-d', 'app']
  return (await fleet.lab.exec(node, [...psql, '-c', statement])).stdout.trim()
}

async function clients(): Promise<readonly object[]> {
  return (await fleet.json<Plan>('upgrade', 'plan')).clusters.flatMap(each => each.clients ?? [])
}
