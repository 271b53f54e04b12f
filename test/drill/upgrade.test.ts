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
  const file = join(labFleetPaths(NAME, fleet.context).directory, 'fleet.yml')
  await writeFile(file, SPEC)
  const answer = await fleet.drover('apply', '-f', file)
  expect(answer.code, answer.stderr).toBe(0)
  for (const cluster of CLUSTERS) await fleet.waitForHealthy(cluster)
  older = (await fleet.cluster('pg-main')).members[0]?.serverVersion ?? ''
  await offerSuites(fleet, NAME, 'all')
})
afterAll(async () => {
  await fleet?.down()
})

describe('a minor upgrade of one cluster under a writing load', () => {
  for (const cluster of CLUSTERS) {
    it(`takes ${cluster} to the newest version, and fails no transaction`, async () => {
      await fleet.waitForHealthy(cluster)
      const url = await fleet.url(cluster)
      await using load = await startWriterLoad(fleet.lab, { url, run: 'upgrade', patienceMs: 30_000 })
      await writesGoOn(load, 200)
      const answer = await fleet.drover('cluster', 'upgrade', cluster, '--json')
      expect(answer.code, answer.stderr).toBe(0)
      const upgraded = JSON.parse(answer.stdout) as { serverVersion: string; upgraded: string[]; stallMs: number }
      await writesGoOn(load, 200)
      const report = await load.stop()
      console.log(`upgrade of ${cluster} from ${older}:`, answer.stdout, JSON.stringify(report))
      expect(report).toMatchObject({ failed: 0, inDoubt: 0, errors: {} })
      expect(await load.verify(url)).toMatchObject({ lost: [] })
      const { members } = await fleet.waitForHealthy(cluster)
      expect(upgraded.serverVersion).not.toBe(older)
      expect(members.map(({ serverVersion }) => serverVersion)).toEqual(members.map(() => upgraded.serverVersion))
    })
  }

  it('changes nothing a second time, and the plan agrees with what is there', async () => {
    const again = await fleet.json<{ upgraded: string[] }>('cluster', 'upgrade', 'pg-main')
    expect(again.upgraded).toEqual([])
    const file = join(labFleetPaths(NAME, fleet.context).directory, 'fleet.yml')
    const { changes } = await fleet.json<{ changes: unknown[] }>('plan', '-f', file)
    expect(changes).toEqual([])
  })

  it('goes back to the older version the same way', async () => {
    const url = await fleet.url('pg-main')
    await using load = await startWriterLoad(fleet.lab, { url, run: 'back', patienceMs: 30_000 })
    await writesGoOn(load, 100)
    const answer = await fleet.drover('cluster', 'upgrade', 'pg-main', '--to', older, '--json')
    expect(answer.code, answer.stderr).toBe(0)
    const report = await load.stop()
    console.log(`back to ${older}:`, answer.stdout, JSON.stringify(report))
    expect(report).toMatchObject({ failed: 0, inDoubt: 0 })
    const { members } = await fleet.waitForHealthy('pg-main')
    expect(members.map(({ serverVersion }) => serverVersion)).toEqual(members.map(() => older))
  })
})
