import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { labFleetPaths } from '../../deploy/quickstart/lab-fleet-paths.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { offerSuites } from '../support/package-suites.ts'
import { startWriterLoad, writesGoOn } from '../support/writer-load.ts'

const NAME = 'upgrade-look'
let fleet: TestFleet

const SPEC = `version: 1
fleet: { name: ${NAME}, clientNetworks: [10.10.0.0/16] }
etcd: { members: 1 }
clusters:
  - name: pg-main
    members: 2
    users: [{ name: app }]
    databases: [{ name: app, owner: app, extensions: [pg_trgm] }]
`

beforeAll(async () => {
  fleet = await startFleet({ name: NAME, subnet: '10.10.113.0/24', hosts: 2 })
  await offerSuites(fleet, NAME, 'main')
  await writeFile(specFile(), SPEC)
  const answer = await fleet.drover('apply', '-f', specFile())
  expect(answer.code, answer.stderr).toBe(0)
  await fleet.waitForHealthy('pg-main')
  await offerSuites(fleet, NAME, 'all')
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
      fleet.lab.exec('node-2', ['psql', `${direct}?application_name=report`, '-c', 'SELECT pg_sleep(60)']),
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

interface Plan {
  readonly clusters: readonly { readonly refused: boolean; readonly clients?: readonly object[] }[]
}

async function clients(): Promise<readonly object[]> {
  return (await fleet.json<Plan>('upgrade', 'plan')).clusters.flatMap(each => each.clients ?? [])
}

function specFile(): string {
  return join(labFleetPaths(NAME, fleet.context).directory, 'fleet.yml')
}
