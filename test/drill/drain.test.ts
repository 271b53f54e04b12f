import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { type ClusterStatus, nodeOf } from '../support/fleet-status.ts'
import {
  expectSessionsMoved,
  expectSettled,
  expectUnharmed,
  loadThrough,
  type RunningLoad,
  votersOf,
} from '../support/unharmed.ts'

/** Members under a writing load, told as one story on four hosts: three members, three voters, room for one more. */
const spec = `version: 1
fleet: { name: members, clientNetworks: [10.10.60.0/24] }
clusters:
  - { name: pg-main, members: 3, durability: sync, workload: tiny, users: [{ name: app }], databases: [{ name: app, owner: app }] }
`
let fleet: TestFleet
let file: string

beforeAll(async () => {
  fleet = await startFleet({ name: 'hp', fleetName: 'members', subnet: '10.10.60.0/24', hosts: 4 })
  file = await fleet.writeSpec(spec)
  const answer = await fleet.drover('apply', '-f', file)
  expect(answer.code, answer.stderr).toBe(0)
})
afterAll(() => fleet?.down())

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
  let left = { node: '', instance: '' }

  it('gives up its primary and its vote: nothing is lost or in doubt, and sessions of its pooler end once', async () => {
    const drained = await leadingVoter()
    const { under, leaver } = await loadElsewhere({ drained, run: 'drain' })
    const answer = await fleet.drover('node', 'drain', drained, '--json')
    expect(answer.code, answer.stderr).toBe(0)
    expect(JSON.parse(answer.stdout)).toMatchObject({
      moves: [{ from: leaver, to: 'pg-main-4' }],
      voter: expect.any(String),
    })
    await expectSessionsMoved(under, 'drain of a primary and a voter')
    await expectGone(drained)
    left = { node: drained, instance: leaver }
  })

  it('lets no transaction fail when clients that renew their connections are waited for', async () => {
    await openAgain()
    const drained = await leadingVoter()
    const { under } = await loadElsewhere({ drained, run: 'patient-drain', sessionMs: 10_000 })
    const answer = await fleet.drover('node', 'drain', drained, '--wait-clients', '2m', '--json')
    expect(answer.code, answer.stderr).toBe(0)
    await expectUnharmed(under, 'drain that waits for clients')
    const { operationId } = JSON.parse(answer.stdout) as { readonly operationId: string }
    expect((await fleet.drover('operation', 'show', operationId)).stdout).toContain('nobody is left')
    await expectGone(drained)
  })

  /** For somebody else, with nothing on it. */
  async function openAgain(): Promise<void> {
    const purged = await fleet.drover('cluster', 'purge', left.instance, '--confirm', left.instance)
    expect(purged.code, purged.stderr).toBe(0)
    const opened = await fleet.drover('node', 'undrain', left.node)
    expect(opened.code, opened.stderr).toBe(0)
  }
})

/** A host with the primary and a voter. */
async function leadingVoter(): Promise<string> {
  const before = await fleet.waitForHealthy('pg-main')
  const voters = (await votersOf(fleet)).map(({ node }) => node)
  const leaver = before.members.find(({ node }) => voters.includes(node))
  expect(leaver).toBeDefined()
  if (leaver === undefined || leaver.name === before.primary) return leaver?.node ?? ''
  expect((await fleet.drover('cluster', 'switchover', 'pg-main', '--to', leaver.name)).code).toBe(0)
  return leaver.node
}

/** Clients whose sessions live in the pooler of a host, and come in by the doors of others. */
async function loadElsewhere({
  drained,
  ...load
}: {
  readonly drained: string
  readonly run: string
  readonly sessionMs?: number
}): Promise<{ readonly under: RunningLoad; readonly leaver: string }> {
  const { members, primary } = await fleet.waitForHealthy('pg-main')
  const nodes = members.map(({ node }) => node).filter(node => node !== drained)
  return { under: await loadThrough(fleet, { cluster: 'pg-main', nodes, ...load }), leaver: primary }
}

async function expectGone(drained: string): Promise<void> {
  const after = await fleet.waitForHealthy('pg-main')
  expect(after.members.map(({ node }) => node)).not.toContain(drained)
  expect((await votersOf(fleet)).map(({ node }) => node)).not.toContain(drained)
  await expectSettled(fleet, file, 3)
}
