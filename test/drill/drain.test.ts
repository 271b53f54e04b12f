import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { type ClusterStatus, nodeOf } from '../support/fleet-status.ts'
import { expectSessionsMoved, expectSettled, expectUnharmed, loadThrough, votersOf } from '../support/unharmed.ts'

/** Members under a writing load, told as one story on four hosts: three members, three voters, room for one more. */
const spec = `version: 1
fleet: { name: members, clientNetworks: [10.10.60.0/24] }
clusters:
  - { name: pg-main, members: 3, durability: sync, workload: tiny, users: [{ name: app }], databases: [{ name: app, owner: app }] }
`
let fleet: TestFleet
let folder: string
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-members-'))
  file = join(folder, 'fleet.yml')
  await writeFile(file, spec)
  fleet = await startFleet({ name: 'hp', fleetName: 'members', subnet: '10.10.60.0/24', hosts: 4 })
  const answer = await fleet.drover('apply', '-f', file)
  expect(answer.code, answer.stderr).toBe(0)
})
afterAll(async () => {
  await fleet?.down()
  await rm(folder, { recursive: true, force: true })
})

function synchronous({ members }: ClusterStatus): string {
  return members.find(({ role }) => role === 'sync-standby')?.name ?? ''
}

describe('a standby that is cloned anew', () => {
  it('is refused for the primary, and without a second word for one that is well', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const primary = await fleet.drover('cluster', 'reinit', 'pg-main', before.primary)
    expect(primary.code).toBe(3)
    expect(primary.stderr).toContain('it is the primary')
    const well = await fleet.drover('cluster', 'reinit', 'pg-main', synchronous(before))
    expect(well.code).toBe(3)
    expect(well.stderr).toContain(`--confirm ${synchronous(before)}`)
  })

  it('lets no transaction fail, even when it is the one that confirms', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const standby = synchronous(before)
    const nodes = [nodeOf(before, before.primary)]
    const under = await loadThrough(fleet, { cluster: 'pg-main', nodes, run: 'reinit' })
    const answer = await fleet.drover('cluster', 'reinit', 'pg-main', standby, '--confirm', standby, '--json')
    expect(answer.code, answer.stderr).toBe(0)
    await expectUnharmed(under, 'reinit of the synchronous standby')
  })
})

describe('a host that is drained', () => {
  it('gives up its primary and its vote: nothing is lost or in doubt, and sessions of its pooler end once', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const drained =
      (await votersOf(fleet)).find(({ node }) => before.members.some(each => each.node === node))?.node ?? ''
    const leaver = before.members.find(({ node }) => node === drained)?.name ?? ''
    if (leaver !== before.primary)
      expect((await fleet.drover('cluster', 'switchover', 'pg-main', '--to', leaver)).code).toBe(0)
    const nodes = before.members.map(({ node }) => node).filter(node => node !== drained)
    const under = await loadThrough(fleet, { cluster: 'pg-main', nodes, run: 'drain' })
    const answer = await fleet.drover('node', 'drain', drained, '--json')
    expect(answer.code, answer.stderr).toBe(0)
    expect(JSON.parse(answer.stdout)).toMatchObject({
      moves: [{ from: leaver, to: 'pg-main-4' }],
      voter: expect.any(String),
    })
    await expectSessionsMoved(under, 'drain of a primary and a voter')
    const after = await fleet.waitForHealthy('pg-main')
    expect(after.members.map(({ node }) => node)).not.toContain(drained)
    expect((await votersOf(fleet)).map(({ node }) => node)).not.toContain(drained)
    await expectSettled(fleet, file, 3)
  })
})
