import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClusterLoads, loadTable, startClusterLoads } from '../support/cluster-loads.ts'
import { offerAlso } from '../support/offer-also.ts'
import { rebuiltPackages, serveWith } from '../support/rebuilt-packages.ts'
import { startReports } from '../support/reports-load.ts'
import { startUpgradeFleet, type UpgradeFleet } from '../support/upgrade-fleet.ts'

/** A release that starts, runs steadily and serves, and is bad all the same: what goes through a cluster says so. */
const NAME = 'upgrade'
const APP = 'databases: [{ name: app, owner: app }]'
const CLUSTERS = {
  'pg-main': `members: 2, durability: async, ${APP}`,
  'pg-two': `members: 2, durability: sync, ${APP}`,
  'pg-one': `members: 1, ${APP}`,
}
/** Each commit takes a tenth of a second longer, and sorts that do not fit into memory fail. */
const WORSE = { commit_delay: '100000', commit_siblings: '0', temp_file_limit: '0' }
/** The watch judges by nothing shorter than five minutes of before, less what a campaign takes until it counts. */
const BEFORE_MS = 270_000
const SOAK = '5m'
let fleet: UpgradeFleet
let folder: string
let bad: string
let loads: ClusterLoads

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-gate-'))
  fleet = await startUpgradeFleet({ name: NAME, subnet: '10.10.110.0/24', hosts: 3, clusters: CLUSTERS })
  const since = performance.now()
  loads = await startClusterLoads(fleet, { run: 'gate', clusters: fleet.clusters })
  // The good version is fetched, and runs where it is tried.
  const plan = await fleet.json<{ clusters: readonly { to?: string }[] }>('upgrade', 'plan', '--try')
  const newer = plan.clusters[0]?.to ?? ''
  expect(newer).not.toBe(fleet.older)
  const rebuilt = { name: 'postgresql-17', of: newer, change: (tree: string) => serveWith(tree, WORSE) }
  const request = { lab: NAME, folder: join(folder, 'worse'), packages: [rebuilt] }
  const { source, versions } = await rebuiltPackages(fleet, request)
  await offerAlso(fleet, NAME, [source])
  bad = versions[rebuilt.name] ?? ''
  await delay(BEFORE_MS - (performance.now() - since))
})
afterAll(async () => {
  await loads?.[Symbol.asyncDispose]()
  await fleet?.down()
  await rm(folder, { recursive: true, force: true })
})

describe('a release that serves, and is worse than the one before', () => {
  it('is found by the time that transactions take: the canary goes back, and nobody else is touched', async () => {
    await expectTurnedBack('pg-main', /a transaction takes (\d+) ms, ([\d.]+) ms in the hour before; it runs again/)
  })

  it('is found by the errors in the log, while it is only the reports of a cluster that fail', async () => {
    await using reports = startReports(fleet.sql, await fleet.url('pg-one'))
    await reports.succeed(5)
    await expectTurnedBack('pg-one', /its log has (\d+) errors a minute, ([\d.]+) in the hour before; it runs again/)
    console.log('reports:', reports.counted())
    expect(reports.counted().failed).toBeGreaterThan(0)
    await reports.succeed(5)
  })

  it('has failed no transaction of a writer on its way there and back', async () => {
    await loads.goOn(50)
    const reports = await loads.stop()
    console.log(loadTable('a release that is worse', reports))
    for (const each of reports) expect(each).toMatchObject({ failed: 0, inDoubt: 0, lost: [] })
  })
})

/** An upgrade of the fleet to the bad release ends with its canary, which runs again what it ran before; the report says why. */
async function expectTurnedBack(canary: string, figures: RegExp): Promise<void> {
  const others = fleet.clusters.filter(name => name !== canary)
  const before = await Promise.all(others.map(fleet.startTimes))
  const answer = await fleet.drover('upgrade', 'start', '--to', bad, '--canary', canary, '--soak', SOAK)
  console.log(answer.stderr, (await fleet.drover('upgrade', 'report')).stdout)
  expect(answer.code, answer.stderr).toBe(3)
  expect(answer.stderr).toMatch(figures)
  expect(await Promise.all(others.map(fleet.startTimes))).toEqual(before)
  expect(await fleet.versions(canary)).toEqual([fleet.older])
  const { clusters, failure } = await fleet.json<Report>('upgrade', 'report')
  const states = Object.fromEntries(clusters.map(({ name, state }) => [name, state]))
  expect(states).toEqual({ ...Object.fromEntries(others.map(name => [name, 'waiting'])), [canary]: 'back' })
  expect(clusters.find(({ name }) => name === canary)?.because).toMatch(figures)
  expect(failure?.message).toMatch(figures)
}

interface Report {
  readonly clusters: readonly { readonly name: string; readonly state: string; readonly because: string }[]
  readonly failure?: { readonly message: string } | null
}
