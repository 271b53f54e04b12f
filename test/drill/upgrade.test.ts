import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClusterLoadReport, loadTable, startClusterLoads } from '../support/cluster-loads.ts'
import { startUpgradeFleet, type UpgradeFleet } from '../support/upgrade-fleet.ts'

/** Members confirm commits in several ways, or there is only one; extensions with libraries; up to four members share a host. */
const APP = 'databases: [{ name: app, owner: app }]'
const CLUSTERS = {
  'pg-main':
    'members: 3, durability: sync, databases: [{ name: app, owner: app, extensions: [pg_trgm, { name: vector, schema: public }] }]',
  'pg-strict': `members: 3, durability: strict-sync, ${APP}`,
  'pg-pair': `members: 2, durability: sync, ${APP}`,
  'pg-two': `members: 2, durability: async, ${APP}`,
  'pg-one': `members: 1, ${APP}`,
  'pg-vec': 'members: 1, databases: [{ name: app, owner: app, extensions: [{ name: vector, schema: public }] }]',
}
let fleet: UpgradeFleet

beforeAll(async () => {
  fleet = await startUpgradeFleet({ name: 'upgrade', subnet: '10.10.110.0/24', hosts: 4, clusters: CLUSTERS })
})
afterAll(() => fleet?.down())

describe('an upgrade of the fleet', () => {
  it('is refused as a whole when one cluster cannot go, and changes nothing', async () => {
    const { clusters } = await fleet.json<UpgradePlan>('upgrade', 'plan')
    expect(clusters.map(({ cluster, refused }) => [cluster, refused])).toEqual(
      fleet.clusters.toSorted().map(name => [name, false]),
    )
    const newer = clusters[0]?.to ?? ''
    expect(newer).not.toBe(fleet.older)
    expect((await fleet.drover('upgrade', 'hold', newer, '--because', 'it was withdrawn')).code).toBe(0)
    const answer = await fleet.drover('upgrade', 'start', '--soak', '0')
    expect(answer).toMatchObject({ code: 3 })
    expect(answer.stderr).toContain(`${newer} is held: it was withdrawn`)
    const alone = await fleet.drover('cluster', 'upgrade', 'pg-main')
    expect(alone).toMatchObject({ code: 3 })
    expect(alone.stderr).toContain(`${newer} is held: it was withdrawn`)
    expect((await fleet.drover('upgrade', 'unhold', newer)).code).toBe(0)
    expect(await fleet.versions('pg-main')).toEqual([fleet.older])
  })

  it('takes every cluster to the newest version under a writing load, and fails no transaction', async () => {
    await using loads = await startClusterLoads(fleet, { run: 'upgrade', clusters: fleet.clusters })
    const answer = await fleet.drover('upgrade', 'start', '--canary', 'pg-one', '--soak', '5s', '--json')
    await loads.goOn(50)
    const reports = await loads.stop()
    console.log(loadTable(`upgrade from ${fleet.older}`, reports), answer.stdout)
    expect(answer.code, answer.stderr).toBe(0)
    expectUnharmed(reports)
    for (const cluster of fleet.clusters) expect(await fleet.versions(cluster)).not.toContain(fleet.older)
  })

  it('finds nothing to do a second time, and the plan agrees with what is there', async () => {
    const again = await fleet.json<{ upgraded: string[] }>('cluster', 'upgrade', 'pg-main')
    expect(again.upgraded).toEqual([])
    const { changes } = await fleet.json<{ changes: unknown[] }>('plan', '-f', fleet.file)
    expect(changes).toEqual([])
  })

  it('goes back to the older version the same way, and what nothing runs from is collected', async () => {
    await using loads = await startClusterLoads(fleet, { run: 'back', clusters: fleet.clusters })
    const answer = await fleet.drover('upgrade', 'start', '--to', fleet.older, '--soak', '0', '--json')
    await loads.goOn(50)
    const reports = await loads.stop()
    console.log(loadTable(`back to ${fleet.older}`, reports), answer.stdout)
    expect(answer.code, answer.stderr).toBe(0)
    expectUnharmed(reports)
    for (const cluster of fleet.clusters) expect(await fleet.versions(cluster)).toEqual([fleet.older])
    const left = await fleet.lab.exec('node-1', ['ls', '/var/lib/drover/runtimes'])
    expect(left.stdout.trim()).toBe('')
  })
})

interface UpgradePlan {
  readonly clusters: readonly { readonly cluster: string; readonly to?: string; readonly refused: boolean }[]
}

function expectUnharmed(reports: readonly ClusterLoadReport[]): void {
  for (const report of reports) expect(report).toMatchObject({ failed: 0, inDoubt: 0, errors: {}, lost: [] })
}
