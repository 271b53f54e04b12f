import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { nodeOf } from '../support/fleet-status.ts'
import { expectSettled } from '../support/unharmed.ts'

/** Two clusters on hosts of their own, and a host to spare: one moves, slowly, while somebody works on the other. */
const spec = (more = ''): string => `version: 1
fleet: { name: beside }
etcd: { members: 1 }
clusters:
  - { name: pg-main, members: 2, workload: tiny, cloneRate: 1MB }
  - { name: pg-app, members: 1, workload: tiny${more} }
`
let fleet: TestFleet
let file: string

beforeAll(async () => {
  fleet = await startFleet({ name: 'hl', fleetName: 'beside', subnet: '10.10.67.0/24', hosts: 4 })
  file = await fleet.writeSpec(spec())
  const answer = await fleet.drover('apply', '-f', file)
  expect(answer.code, answer.stderr).toBe(0)
})
afterAll(() => fleet?.down())

describe('a member that is copied to another host for a while', () => {
  it('keeps nobody from a cluster on other hosts, and everybody from its own and from planning', async () => {
    const { members, primary } = await fleet.waitForHealthy('pg-main')
    const app = await fleet.waitForHealthy('pg-app')
    const standby = members.find(({ name }) => name !== primary)?.name ?? ''
    const taken = [...members, ...app.members].map(({ node }) => node)
    expect(new Set(taken).size).toBe(3)
    const free = ['node-1', 'node-2', 'node-3', 'node-4'].find(node => !taken.includes(node)) ?? ''
    const started = await fleet.drover('cluster', 'move', 'pg-main', standby, '--to', free, '--detach', '--json')
    expect(started.code, started.stderr).toBe(0)
    const { operationId } = JSON.parse(started.stdout) as { readonly operationId: string }
    const state = async (): Promise<string> => {
      const shown = await fleet.json<{ readonly summary: { readonly state: string } }>('operation', 'show', operationId)
      return shown.summary.state
    }

    const beside = await fleet.drover('cluster', 'restart', 'pg-app')
    expect(beside.code, beside.stderr).toBe(0)
    expect(await state()).toBe('running')
    const own = await fleet.drover('cluster', 'restart', 'pg-main')
    expect(own).toMatchObject({ code: 5, stderr: expect.stringContaining(`locked by operation ${operationId}`) })
    await fleet.writeSpec(spec(', parameters: { work_mem: 5MB }'))
    const planning = await fleet.drover('apply', '-f', file)
    expect(planning).toMatchObject({ code: 5, stderr: expect.stringContaining(`locked by operation ${operationId}`) })
    expect(await state()).toBe('running')

    const ended = await fleet.drover('operation', 'watch', operationId)
    expect(ended.code, ended.stderr).toBe(0)
    const after = await fleet.waitForHealthy('pg-main')
    expect(after.members.map(({ node }) => node)).toContain(free)
    const applied = await fleet.drover('apply', '-f', file)
    expect(applied.code, applied.stderr).toBe(0)
    expect(nodeOf(await fleet.waitForHealthy('pg-app'), 'pg-app-1')).toBe(app.members[0]?.node)
    await expectSettled(fleet, file, 1)
  })
})
