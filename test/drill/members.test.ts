import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { throughDoors } from '../support/database-url.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { type ClusterStatus, nodeOf } from '../support/fleet-status.ts'
import { startWriterLoad, type WriterLoad, writesGoOn } from '../support/writer-load.ts'

/** Members and hosts that come and go under a writing load, told as one story: four hosts, three members, three voters. */
const spec = (voters: number): string => `version: 1
fleet: { name: members, clientNetworks: [10.10.77.0/24] }
etcd: { members: ${voters} }
clusters:
  - { name: pg-main, members: 3, durability: sync, workload: tiny, users: [app], databases: [{ name: app, owner: app }] }
`
let fleet: TestFleet
let folder: string
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-members-'))
  file = join(folder, 'fleet.yml')
  fleet = await startFleet({ name: 'hi', fleetName: 'members', subnet: '10.10.77.0/24', hosts: 4 })
  await applied(3)
})
afterAll(async () => {
  await fleet?.down()
  await rm(folder, { recursive: true, force: true })
})

async function applied(voters: number): Promise<ClusterStatus> {
  await writeFile(file, spec(voters))
  const answer = await fleet.drover('apply', '-f', file)
  expect(answer.code, answer.stderr).toBe(0)
  return fleet.waitForHealthy('pg-main')
}

interface Voter {
  readonly name: string
  readonly node: string
  readonly healthy: boolean
}

async function voters(): Promise<readonly Voter[]> {
  return (await fleet.json<{ etcd: readonly Voter[] }>('status')).etcd
}

/** Nothing to do, every host is as it is meant to be, and so many voters are well. */
async function expectSettled(count: number): Promise<void> {
  const answer = await fleet.drover('apply', '-f', file)
  expect(answer, answer.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/no changes/i) })
  await waitUntil({
    what: `${count} voters that are well`,
    timeoutMs: 30_000,
    check: async () => {
      const seen = await voters()
      return seen.length === count && seen.every(({ healthy }) => healthy)
    },
    explain: async () => JSON.stringify(await voters()),
  })
}

/** A load that comes in through the doors of these hosts. */
async function loadThrough(nodes: readonly string[], run: string): Promise<{ load: WriterLoad; url: string }> {
  const url = throughDoors(
    await fleet.url('pg-main'),
    nodes.map(node => ({ host: fleet.address(node), port: 5433 })),
  )
  const load = await startWriterLoad(fleet.lab, { url, run, patienceMs: 60_000 })
  await writesGoOn(load, 200)
  return { load, url }
}

async function expectUnharmed({ load, url }: { load: WriterLoad; url: string }, what: string): Promise<void> {
  await writesGoOn(load, 200)
  const report = await load.stop()
  console.log(`${what}:`, JSON.stringify(report))
  expect(report).toMatchObject({ failed: 0, inDoubt: 0, errors: {} })
  expect(await load.verify(url)).toMatchObject({ lost: [] })
}

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
    const under = await loadThrough([nodeOf(before, before.primary)], 'reinit')
    const answer = await fleet.drover('cluster', 'reinit', 'pg-main', standby, '--confirm', standby, '--json')
    expect(answer.code, answer.stderr).toBe(0)
    console.log('reinit:', answer.stdout.trim())
    await expectUnharmed(under, 'reinit of the synchronous standby')
    await fleet.waitForHealthy('pg-main')
  })
})

describe('a host that is drained', () => {
  it('gives up its primary and its vote: no transaction fails and none is lost', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const node = (await voters()).find(voter => voter.node === nodeOf(before, before.primary))?.node
    // The primary shares its host with a voter.
    const drained = node ?? (await voters())[0]?.node ?? ''
    const to = before.members.find(member => member.node === drained)?.name ?? ''
    if (to !== before.primary) expect((await fleet.drover('cluster', 'switchover', 'pg-main', '--to', to)).code).toBe(0)
    const staying = before.members.map(member => member.node).filter(each => each !== drained)
    const under = await loadThrough(staying, 'drain')
    const answer = await fleet.drover('node', 'drain', drained, '--json')
    expect(answer.code, answer.stderr).toBe(0)
    console.log('drain:', answer.stdout.trim())
    await expectUnharmed(under, 'drain of a primary and a voter')
    const after = await fleet.waitForHealthy('pg-main')
    expect(after.members.map(({ name }) => name).sort()).toEqual(
      [...before.members.map(({ name }) => name).filter(name => name !== to), 'pg-main-4'].sort(),
    )
    expect(after.members.map(member => member.node)).not.toContain(drained)
    expect((await voters()).map(voter => voter.node)).not.toContain(drained)
    await expectSettled(3)
    expect((await fleet.drover('node', 'remove', drained)).stderr).toContain('still lie on node')
    expect((await fleet.drover('node', 'undrain', drained)).code).toBe(0)
  })
})

describe('a member that is moved', () => {
  it('goes to the node that is named, under another number', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const free = ['node-1', 'node-2', 'node-3', 'node-4'].find(
      node => !before.members.some(member => member.node === node),
    )
    const standby = before.members.find(({ role }) => role === 'replica')?.name ?? ''
    const staying = before.members.filter(({ name }) => name !== standby).map(({ node }) => node)
    const under = await loadThrough(staying, 'move')
    const answer = await fleet.drover('cluster', 'move', 'pg-main', standby, '--to', free ?? '', '--json')
    expect(answer.code, answer.stderr).toBe(0)
    expect(JSON.parse(answer.stdout)).toMatchObject({ moves: [{ from: standby, to: 'pg-main-5', node: free }] })
    await expectUnharmed(under, 'move of a standby')
    expect(nodeOf(await fleet.waitForHealthy('pg-main'), 'pg-main-5')).toBe(free)
    await expectSettled(3)
  })
})

describe('a host that will never come back', () => {
  it('is replaced at the word of the operator, and not before', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const alive = before.members.find(({ role }) => role === 'sync-standby')?.node ?? ''
    const talks = await fleet.drover('node', 'remove', alive, '--dead', alive)
    expect(talks.code).toBe(1)
    expect(talks.stderr).toContain('not dead: its agent talks')
    const votes = (await voters()).map(({ node }) => node)
    const dead =
      before.members.find(({ role, node }) => role === 'replica' && votes.includes(node))?.node ??
      before.members.find(({ role }) => role === 'replica')?.node ??
      ''
    const lost = before.members.find(({ node }) => node === dead)?.name ?? ''
    const staying = before.members.filter(({ node }) => node !== dead).map(({ node }) => node)
    const under = await loadThrough(staying, 'dead')
    await fleet.lab.powerOff([dead])
    await waitUntil({
      what: `${dead} to be silent`,
      timeoutMs: 90_000,
      check: async () => (await fleet.status()).nodes.find(({ name }) => name === dead)?.state === 'silent',
    })
    expect((await fleet.cluster('pg-main')).members.map(({ name }) => name)).toContain(lost)
    const answer = await fleet.drover('node', 'remove', dead, '--dead', dead, '--json')
    expect(answer.code, answer.stderr).toBe(0)
    console.log('remove --dead:', answer.stdout.trim())
    await expectUnharmed(under, 'loss of a standby and its replacement')
    const after = await fleet.waitForHealthy('pg-main')
    expect(after.members).toHaveLength(3)
    expect(after.members.map(({ name }) => name)).not.toContain(lost)
    expect((await fleet.status()).nodes.map(({ name }) => name)).not.toContain(dead)
    await expectSettled(3)
  })
})
