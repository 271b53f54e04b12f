import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { type ClusterStatus, nodeOf } from '../support/fleet-status.ts'
import { expectSettled, expectUnharmed, loadThrough, votersOf } from '../support/unharmed.ts'

/** Members that move and hosts that die under a writing load, told as one story on four hosts. */
const NODES = ['node-1', 'node-2', 'node-3', 'node-4']
const spec = (voters: number): string => `version: 1
fleet: { name: members-drill, clientNetworks: [10.10.60.0/24] }
etcd: { members: ${voters} }
clusters:
  - { name: pg-main, members: 3, durability: sync, workload: tiny, users: [{ name: app }], databases: [{ name: app, owner: app }] }
`
let fleet: TestFleet
let file: string

beforeAll(async () => {
  fleet = await startFleet({ name: 'hp', fleetName: 'members-drill', subnet: '10.10.60.0/24', hosts: 4 })
  await applied(1)
})
afterAll(() => fleet?.down())

async function applied(voters: number): Promise<ClusterStatus> {
  file = await fleet.writeSpec(spec(voters))
  const answer = await fleet.drover('apply', '-f', file)
  expect(answer.code, answer.stderr).toBe(0)
  return fleet.waitForHealthy('pg-main')
}

describe('voters of etcd', () => {
  it('become three, one after the other, unnoticed by clients', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const nodes = before.members.map(({ node }) => node)
    const under = await loadThrough(fleet, { cluster: 'pg-main', nodes, run: 'voters' })
    await applied(3)
    await expectUnharmed(under, 'from one voter to three')
    await expectSettled(fleet, file, 3)
  })
})

describe('a member that is moved', () => {
  it('goes to the node that is named, under another number', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const free = NODES.find(node => !before.members.some(member => member.node === node)) ?? ''
    const standby = before.members.find(({ role }) => role === 'replica')?.name ?? ''
    const nodes = before.members.filter(({ name }) => name !== standby).map(({ node }) => node)
    const under = await loadThrough(fleet, { cluster: 'pg-main', nodes, run: 'move' })
    const answer = await fleet.drover('cluster', 'move', 'pg-main', standby, '--to', free, '--json')
    expect(answer.code, answer.stderr).toBe(0)
    expect(JSON.parse(answer.stdout)).toMatchObject({ moves: [{ from: standby, to: 'pg-main-4', node: free }] })
    await expectUnharmed(under, 'move of a standby')
    expect(nodeOf(await fleet.waitForHealthy('pg-main'), 'pg-main-4')).toBe(free)
    await expectSettled(fleet, file, 3)
  })
})

describe('a member that is replaced', () => {
  it('goes where placement says, even when it is the one that confirms', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const standby = before.members.find(({ role }) => role === 'sync-standby')?.name ?? ''
    const nodes = before.members.filter(({ name }) => name !== standby).map(({ node }) => node)
    const under = await loadThrough(fleet, { cluster: 'pg-main', nodes, run: 'replace' })
    const answer = await fleet.drover('cluster', 'replace', 'pg-main', standby, '--json')
    expect(answer.code, answer.stderr).toBe(0)
    expect(JSON.parse(answer.stdout)).toMatchObject({ moves: [{ from: standby, to: 'pg-main-5' }] })
    await expectUnharmed(under, 'replacement of the synchronous standby')
    await expectSettled(fleet, file, 3)
  })
})

describe('a host that will never come back', () => {
  it('is replaced at the word of the operator, and not before', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const alive = nodeOf(before, before.primary)
    const talks = await fleet.drover('node', 'remove', alive, '--dead', alive)
    expect(talks.code).toBe(5)
    expect(talks.stderr).toContain('not dead: its agent talks')
    const votes = (await votersOf(fleet)).map(({ node }) => node)
    const standbys = before.members.filter(({ role }) => role === 'replica' || role === 'sync-standby')
    const lost = standbys.find(({ node }) => votes.includes(node)) ?? standbys[0]
    const dead = lost?.node ?? ''
    const nodes = before.members.filter(({ node }) => node !== dead).map(({ node }) => node)
    const under = await loadThrough(fleet, { cluster: 'pg-main', nodes, run: 'dead' })
    await fleet.lab.powerOff([dead])
    await waitUntil({
      what: `${dead} to be silent`,
      timeoutMs: 90_000,
      check: async () => (await fleet.status()).nodes.find(({ name }) => name === dead)?.state === 'silent',
    })
    expect((await fleet.cluster('pg-main')).members.map(({ name }) => name)).toContain(lost?.name)
    const answer = await fleet.drover('node', 'remove', dead, '--dead', dead, '--json')
    expect(answer.code, answer.stderr).toBe(0)
    await expectUnharmed(under, 'loss of a standby and its replacement')
    const after = await fleet.waitForHealthy('pg-main')
    expect(after.members).toHaveLength(3)
    expect(after.members.map(({ name }) => name)).not.toContain(lost?.name)
    expect((await fleet.status()).nodes.map(({ name }) => name)).not.toContain(dead)
    await expectSettled(fleet, file, 3)
  })
})
