import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labFleetPaths } from '../../deploy/quickstart/lab-fleet-paths.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { offerSuites } from '../support/package-suites.ts'
import { startWriterLoad, writesGoOn } from '../support/writer-load.ts'

const NAME = 'upgrade'
const CLUSTERS = ['pg-main', 'pg-two', 'pg-one']
let fleet: TestFleet
let older: string

/** On the same three nodes: three members that confirm commits, two that do not, and one alone. */
const SPEC = `version: 1
fleet: { name: ${NAME}, clientNetworks: [10.10.0.0/16] }
etcd: { members: 3 }
clusters:
  - name: pg-main
    members: 3
    durability: sync
    users: [{ name: app }]
    databases: [{ name: app, owner: app, extensions: [pg_trgm, { name: vector, schema: public }] }]
  - name: pg-two
    members: 2
    durability: async
    users: [{ name: app }]
    databases: [{ name: app, owner: app }]
  - name: pg-one
    members: 1
    users: [{ name: app }]
    databases: [{ name: app, owner: app }]
`

beforeAll(async () => {
  fleet = await startFleet({ name: NAME, subnet: '10.10.110.0/24', hosts: 3 })
  await offerSuites(fleet, NAME, 'main')
  await writeFile(specFile(), SPEC)
  const answer = await fleet.drover('apply', '-f', specFile())
  expect(answer.code, answer.stderr).toBe(0)
  for (const cluster of CLUSTERS) await fleet.waitForHealthy(cluster)
  older = (await fleet.cluster('pg-main')).members[0]?.serverVersion ?? ''
  await offerSuites(fleet, NAME, 'all')
})
afterAll(async () => {
  await fleet?.down()
})

describe('an upgrade of the fleet', () => {
  it('is refused as a whole when one cluster cannot go, and changes nothing', async () => {
    const { clusters } = await fleet.json<UpgradePlan>('upgrade', 'plan')
    expect(clusters.map(({ cluster, refused }) => [cluster, refused])).toEqual(
      CLUSTERS.toSorted().map(name => [name, false]),
    )
    const newer = clusters[0]?.to ?? ''
    expect(newer).not.toBe(older)
    expect((await fleet.drover('upgrade', 'hold', newer, '--because', 'it was withdrawn')).code).toBe(0)
    const answer = await fleet.drover('upgrade', 'start', '--soak', '0')
    expect(answer).toMatchObject({ code: 3 })
    expect(answer.stderr).toContain(`${newer} is held: it was withdrawn`)
    expect((await fleet.drover('upgrade', 'unhold', newer)).code).toBe(0)
    expect(await versions('pg-main')).toEqual([older])
  })

  it('takes every cluster to the newest version under a writing load, and fails no transaction', async () => {
    const loads = await Promise.all(
      CLUSTERS.map(async cluster => {
        const url = await fleet.url(cluster)
        const load = await startWriterLoad(fleet.lab, { url, run: 'upgrade', clients: 4, patienceMs: 30_000 })
        await writesGoOn(load, 100)
        return { cluster, url, load }
      }),
    )
    const answer = await fleet.drover('upgrade', 'start', '--canary', 'pg-one', '--soak', '5s', '--json')
    for (const { load } of loads) await writesGoOn(load, 100)
    const reports = await Promise.all(
      loads.map(async ({ cluster, url, load }) => {
        const report = await load.stop()
        const verified = await load.verify(url)
        await load[Symbol.asyncDispose]()
        return { cluster, report, verified }
      }),
    )
    console.log(`upgrade from ${older}:`, answer.stdout, JSON.stringify(reports))
    expect(answer.code, answer.stderr).toBe(0)
    for (const { report, verified } of reports) {
      expect(report).toMatchObject({ failed: 0, inDoubt: 0, errors: {} })
      expect(verified).toMatchObject({ lost: [] })
    }
    for (const cluster of CLUSTERS) {
      await fleet.waitForHealthy(cluster)
      expect(await versions(cluster)).not.toContain(older)
    }
  })

  it('finds nothing to do a second time, and the plan agrees with what is there', async () => {
    const again = await fleet.json<{ upgraded: string[] }>('cluster', 'upgrade', 'pg-main')
    expect(again.upgraded).toEqual([])
    const { changes } = await fleet.json<{ changes: unknown[] }>('plan', '-f', specFile())
    expect(changes).toEqual([])
  })

  it('goes back to the older version the same way, and what nothing runs from is collected', async () => {
    const url = await fleet.url('pg-main')
    await using load = await startWriterLoad(fleet.lab, { url, run: 'back', patienceMs: 30_000 })
    await writesGoOn(load, 100)
    const answer = await fleet.drover('upgrade', 'start', '--to', older, '--soak', '0', '--json')
    const report = await load.stop()
    console.log(`back to ${older}:`, answer.stdout, JSON.stringify(report))
    expect(answer.code, answer.stderr).toBe(0)
    expect(report).toMatchObject({ failed: 0, inDoubt: 0 })
    for (const cluster of CLUSTERS) expect(await versions(cluster)).toEqual([older])
    const left = await fleet.lab.exec('node-1', ['ls', '/var/lib/drover/runtimes'])
    expect(left.stdout.trim()).toBe('')
  })
})

interface UpgradePlan {
  readonly clusters: readonly { readonly cluster: string; readonly to?: string; readonly refused: boolean }[]
}

async function versions(cluster: string): Promise<readonly string[]> {
  const { members } = await fleet.waitForHealthy(cluster)
  return [...new Set(members.map(({ serverVersion }) => serverVersion))]
}

function specFile(): string {
  return join(labFleetPaths(NAME, fleet.context).directory, 'fleet.yml')
}
