import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { type ClusterLoadReport, loadTable, startClusterLoads } from '../support/cluster-loads.ts'
import { createRandom } from '../support/random.ts'
import { startUpgradeFleet, type UpgradeFleet } from '../support/upgrade-fleet.ts'

/** The fleet goes to the newer version and back while an orchestrator is killed again and again, and a host loses power. */
const APP = 'databases: [{ name: app, owner: app }]'
const CLUSTERS = {
  'pg-main': `members: 3, durability: sync, ${APP}`,
  'pg-two': `members: 2, durability: async, ${APP}`,
  'pg-one': `members: 1, ${APP}`,
}
const SEED = Number(process.env['DROVER_TEST_SEED'] ?? Date.now() % 10_000)
const KILLS = 6
const ENDS_MS = 600_000
let fleet: UpgradeFleet
let newer: string

beforeAll(async () => {
  fleet = await startUpgradeFleet({ name: 'upgrade', subnet: '10.10.110.0/24', hosts: 4, clusters: CLUSTERS })
  const { clusters } = await fleet.json<{ clusters: { to?: string }[] }>('upgrade', 'plan')
  newer = clusters[0]?.to ?? ''
})
afterAll(() => fleet?.down())

interface Operation {
  readonly operationId: string
  readonly kind: string
  readonly state: string
  readonly subject: string
}

async function begin(...options: readonly string[]): Promise<void> {
  const answer = await fleet.drover('upgrade', 'start', '--soak', '0', '--detach', ...options)
  expect(answer.code, answer.stderr).toBe(0)
}

/** Newest first; null while no orchestrator answers. */
async function operations(): Promise<readonly Operation[] | null> {
  const { code, stdout } = await fleet.drover('operation', 'list', '--limit', '50', '--json')
  return code === 0 ? (JSON.parse(stdout) as { operations: readonly Operation[] }).operations : null
}

async function campaignEnds(): Promise<Operation> {
  let found: Operation | undefined
  await waitUntil({
    what: 'the upgrade to end',
    timeoutMs: ENDS_MS,
    intervalMs: 1_000,
    check: async () => {
      found = (await operations())?.find(({ kind }) => kind === 'upgrade')
      return found !== undefined && ['done', 'failed', 'cancelled'].includes(found.state)
    },
    explain: async () => (await fleet.drover('upgrade', 'status')).stdout,
  })
  if (found === undefined) throw new Error('there is no upgrade')
  return found
}

function expectNothingLost(reports: readonly ClusterLoadReport[]): void {
  for (const { cluster, lost } of reports) expect(lost, cluster).toEqual([])
}

describe('an orchestrator that is killed at random points of an upgrade', () => {
  it('goes on each time: every cluster is upgraded once, and no client notices', async () => {
    console.log(`DROVER_TEST_SEED=${SEED}`)
    const random = createRandom(SEED)
    await using loads = await startClusterLoads(fleet, { run: 'kills', clusters: fleet.clusters })
    await begin('--canary', 'pg-one')
    let kills = 0
    for (; kills < KILLS; kills += 1) {
      await delay(1_000 + random() * 15_000)
      if ((await operations())?.find(({ kind }) => kind === 'upgrade')?.state !== 'running') break
      await fleet.killOrchestrator()
      await delay(random() * 3_000)
      await fleet.startOrchestrator()
    }
    const { state } = await campaignEnds()
    await loads.goOn(50)
    const reports = await loads.stop()
    console.log(loadTable(`the orchestrator killed ${kills} times`, reports))
    expect(state).toBe('done')
    expect(kills).toBeGreaterThan(2)
    for (const cluster of fleet.clusters) expect(await fleet.versions(cluster)).toEqual([newer])
    const children = (await operations())?.filter(({ kind }) => kind === 'upgrade-cluster') ?? []
    expect(children.map(({ subject }) => subject.split(' ')[0] ?? '').toSorted()).toEqual(fleet.clusters.toSorted())
    for (const report of reports) expect(report).toMatchObject({ failed: 0, inDoubt: 0, lost: [] })
  })
})

describe('a host that loses power in the middle of an upgrade', () => {
  it('leaves no cluster half-way without a word, and nothing that was acknowledged is lost', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const standby = before.members.find(({ name }) => name !== before.primary)
    if (standby === undefined) throw new Error('pg-main has no standby')
    await using loads = await startClusterLoads(fleet, { run: 'power', clusters: ['pg-main'] })
    await begin('--to', fleet.older, '--canary', 'pg-main')
    await waitUntil({
      what: 'a member of pg-main to have gone back',
      timeoutMs: 180_000,
      intervalMs: 500,
      check: async () => (await fleet.cluster('pg-main')).members.some(each => each.serverVersion === fleet.older),
    })
    await fleet.lab.powerOff([standby.node])
    await loads.goOn(50)
    await delay(20_000)
    await fleet.lab.powerOn([standby.node])
    const { state, operationId } = await campaignEnds()
    for (const cluster of fleet.clusters) await fleet.waitForHealthy(cluster, 300_000)
    await loads.goOn(50)
    const reports = await loads.stop()
    const said = (await fleet.drover('operation', 'show', operationId)).stdout
    console.log(loadTable(`power-off of ${standby.node}: ${state}`, reports), said)
    expectNothingLost(reports)
    // Whoever did not go says so, and has one version as a whole.
    for (const cluster of fleet.clusters) {
      const versions = await fleet.versions(cluster)
      expect(versions.length, `${cluster}: ${versions.join(', ')}`).toBe(1)
      if (state === 'done') expect(versions).toEqual([fleet.older])
    }
    if (state !== 'done') expect(said).toContain('pg-main')
  })

  it('is no reason that the same upgrade does not come to its end later', async () => {
    await begin('--to', fleet.older)
    expect((await campaignEnds()).state).toBe('done')
    for (const cluster of fleet.clusters) expect(await fleet.versions(cluster)).toEqual([fleet.older])
  })
})
