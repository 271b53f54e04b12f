import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadTable, startClusterLoads } from '../support/cluster-loads.ts'
import { offerAlso } from '../support/offer-also.ts'
import { breakLibrary, crashLater, type Rebuilt, rebuiltPackages } from '../support/rebuilt-packages.ts'
import { startUpgradeFleet, type UpgradeFleet } from '../support/upgrade-fleet.ts'

/** Versions that are on offer, signed and downloaded like any other, and bad. */
const NAME = 'upgrade'
const APP = 'databases: [{ name: app, owner: app }]'
const CLUSTERS = {
  'pg-main':
    'members: 3, durability: sync, databases: [{ name: app, owner: app, extensions: [{ name: vector, schema: public }] }]',
  'pg-two': `members: 2, durability: async, ${APP}`,
  'pg-one': `members: 1, ${APP}`,
}
/** Long enough for Patroni to call the server running, and for Drover to go on. */
const CRASH_SECONDS = 8
let fleet: UpgradeFleet
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-bad-'))
  fleet = await startUpgradeFleet({ name: NAME, subnet: '10.10.110.0/24', hosts: 3, clusters: CLUSTERS })
})
afterAll(async () => {
  await fleet?.down()
  await rm(folder, { recursive: true, force: true })
})

async function offer(name: string, rebuilt: Rebuilt): Promise<string> {
  const request = { lab: NAME, folder: join(folder, name), packages: [rebuilt] }
  const { source, versions } = await rebuiltPackages(fleet, request)
  await offerAlso(fleet, NAME, [source])
  return versions[rebuilt.name] ?? ''
}

async function allStartTimes(clusters: readonly string[]): Promise<unknown> {
  return await Promise.all(clusters.map(fleet.startTimes))
}

describe('a version with a library that does not load', () => {
  it('is refused before any server stops, and no client notices', async () => {
    const library = 'usr/lib/postgresql/17/lib/vector.so'
    await offer('library', { name: 'postgresql-17-pgvector', change: tree => breakLibrary(tree, library) })
    const before = await allStartTimes(fleet.clusters)
    await using loads = await startClusterLoads(fleet, { run: 'library', clusters: fleet.clusters })
    const answer = await fleet.drover('upgrade', 'start', '--canary', 'pg-main', '--soak', '5s')
    await loads.goOn(50)
    const reports = await loads.stop()
    console.log(loadTable('a library that does not load', reports), answer.stderr)
    expect(answer.code).toBe(3)
    expect(answer.stderr).toMatch(/vector\.so|extension vector/)
    expect(await allStartTimes(fleet.clusters)).toEqual(before)
    for (const report of reports) expect(report).toMatchObject({ failed: 0, inDoubt: 0, lost: [] })
    await offerAlso(fleet, NAME, [])
  })
})

describe('a server that ends some seconds after it was started', () => {
  let bad: string

  it('takes no client with it where standbys come first: the canary goes back, nobody else is touched', async () => {
    // The good version is fetched, and runs.
    const good = await fleet.drover('cluster', 'upgrade', 'pg-one')
    expect(good.code, good.stderr).toBe(0)
    const [newer = ''] = await fleet.versions('pg-one')
    expect(newer).not.toBe(fleet.older)
    bad = await offer('crash', { name: 'postgresql-17', of: newer, change: tree => crashLater(tree, CRASH_SECONDS) })
    const others = ['pg-one', 'pg-two']
    const before = await allStartTimes(others)
    await using loads = await startClusterLoads(fleet, { run: 'crash', clusters: fleet.clusters })
    const answer = await fleet.drover('upgrade', 'start', '--to', bad, '--canary', 'pg-main', '--soak', '30s')
    await loads.goOn(50)
    const reports = await loads.stop()
    console.log(loadTable('a server that ends after its start', reports), answer.stderr)
    expect(answer.code).toBe(3)
    expect(answer.stderr).toMatch(/pg-main-\d (?:has started anew|is \w+)/)
    expect(answer.stderr).toContain('all members run what they ran before')
    expect(await allStartTimes(others)).toEqual(before)
    expect(await fleet.versions('pg-main')).toEqual([fleet.older])
    for (const report of reports) expect(report).toMatchObject({ failed: 0, inDoubt: 0, lost: [] })
    await expectSteady('pg-main')
  })

  it('is replaced by what ran before in a cluster of one, and nothing that was acknowledged is lost', async () => {
    const [before] = await fleet.versions('pg-one')
    await using loads = await startClusterLoads(fleet, { run: 'alone', clusters: ['pg-one'] })
    const answer = await fleet.drover('cluster', 'upgrade', 'pg-one', '--to', bad)
    await loads.goOn(50)
    const reports = await loads.stop()
    console.log(loadTable('the same in a cluster of one', reports), answer.stderr)
    expect(answer.code).toBe(3)
    expect(answer.stderr).toContain('all members run what they ran before')
    expect(await fleet.versions('pg-one')).toEqual([before])
    for (const report of reports) expect(report.lost).toEqual([])
    await expectSteady('pg-one')
  })
})

/** Nobody runs from the bad runtime any more: nothing ends for longer than it takes to. */
async function expectSteady(cluster: string): Promise<void> {
  await fleet.waitForHealthy(cluster)
  const before = await fleet.startTimes(cluster)
  await using loads = await startClusterLoads(fleet, { run: 'steady', clusters: [cluster], thinkMs: 500, clients: 1 })
  await loads.goOn(CRASH_SECONDS * 3)
  await loads.stop()
  expect(await fleet.startTimes(cluster)).toEqual(before)
}
