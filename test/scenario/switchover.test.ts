import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { agentState, killAgent, reviveAgent } from '../support/agent-control.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { nodeOf } from '../support/fleet-status.ts'
import { checkLauncher } from '../support/launcher-check.ts'
import { startDrover } from '../support/start-drover.ts'
import { startWriterLoad, writesGoOn } from '../support/writer-load.ts'

const nodes = ['node-1', 'node-2', 'node-3']
let fleet: TestFleet

beforeAll(async () => {
  fleet = await startFleet({
    name: 'switchover',
    subnet: '10.10.21.0/24',
    hosts: nodes.length,
    fleetName: 'quickstart',
  })
  const answer = await fleet.drover('apply', '-f', 'deploy/examples/quickstart.yml')
  expect(answer.code, answer.stderr).toBe(0)
})
afterAll(() => fleet?.down())

describe('a switchover under a writing load', () => {
  it('fails no transaction and loses none, and the old primary follows the new one', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const url = await fleet.url('pg-main')
    await using load = await startWriterLoad(fleet.lab, { url, run: 'planned', patienceMs: 30_000 })
    await writesGoOn(load, 200)
    const answer = await fleet.drover('cluster', 'switchover', 'pg-main', '--json')
    expect(answer.code, answer.stderr).toBe(0)
    const { from, to, stallMs } = JSON.parse(answer.stdout) as { from: string; to: string; stallMs: number }
    expect(from).toBe(before.primary)
    expect(to).not.toBe(before.primary)
    await writesGoOn(load, 200)
    const report = await load.stop()
    console.log(`switchover: held for ${stallMs} ms;`, JSON.stringify(report))
    expect(report).toMatchObject({ failed: 0, inDoubt: 0, errors: {} })
    expect(await load.verify(url)).toMatchObject({ lost: [] })
    expect((await fleet.waitForHealthy('pg-main')).primary).toBe(to)
  })

  it('goes to the member that is named', async () => {
    const { members } = await fleet.waitForHealthy('pg-main')
    const to = members.find(({ role }) => role === 'sync-standby')?.name ?? ''
    expect((await fleet.drover('cluster', 'switchover', 'pg-main', '--to', to)).code).toBe(0)
    expect((await fleet.waitForHealthy('pg-main')).primary).toBe(to)
  })
})

describe('the launcher', () => {
  it('knows every fixed pause of the Patroni of these hosts, ends them when what they wait for has come, and wakes it when its server dies', async () => {
    const { refused, sleepers, shortened, pauses, stopping, sent, etcd, woken, kept } = await checkLauncher(
      fleet.lab,
      'node-1',
    )
    expect(refused).toEqual([])
    // Of a mode that Drover does not use, and of switchovers that are scheduled for later.
    const left = ['_process_quorum_replication', 'should_run_scheduled_action']
    expect(sleepers.filter(name => !left.includes(name))).toEqual(shortened)
    expect(pauses.another).toBeLessThan(1)
    expect(pauses.nobody).toBeGreaterThanOrEqual(2)
    expect(pauses.itself).toBeGreaterThanOrEqual(2)
    expect(stopping.stops).toBeLessThan(0.8)
    expect(stopping.stays).toBeGreaterThanOrEqual(1)
    expect(sent).toEqual({ during: false, after: true })
    expect(woken).toBeLessThan(1)
    expect(kept).toEqual({ away: true, back: false, old: false })
    expect(etcd).toEqual({ beside: [1, 4, 3], away: [5, 6, 7] })
  })
})

describe('a switchover that cannot be', () => {
  it('is refused with the reason, and nothing changes', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    expect(await fleet.drover('cluster', 'switchover', 'pg-none')).toMatchObject({ code: 1 })
    const answer = await fleet.drover('cluster', 'switchover', 'pg-main', '--to', before.primary)
    expect(answer.code).toBe(3)
    expect(answer.stderr).toContain(`${before.primary} is not one of its standbys`)
    expect((await fleet.waitForHealthy('pg-main')).primary).toBe(before.primary)
  })

  it('lets everybody go on when a transaction does not end', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const url = await fleet.url('pg-main')
    await using load = await startWriterLoad(fleet.lab, { url, run: 'in-the-way', patienceMs: 30_000 })
    await writesGoOn(load, 50)
    const sleeping = fleet.lab.exec('node-1', ['psql', url, '-c', 'select pg_sleep(25)'])
    await waitUntil({
      what: 'the long statement to run',
      timeoutMs: 60_000,
      check: async () =>
        (await fleet.sql.query(url, "select 1 from pg_stat_activity where query = 'select pg_sleep(25)'")).length > 0,
    })
    const answer = await fleet.drover('cluster', 'switchover', 'pg-main')
    expect(answer.code).toBe(3)
    expect(answer.stderr).toMatch(/do not end within|has been open for/)
    await writesGoOn(load, 50)
    await sleeping
    expect(await load.stop()).toMatchObject({ failed: 0 })
    expect((await fleet.waitForHealthy('pg-main')).primary).toBe(before.primary)
  })
})

describe('a restart under a writing load', () => {
  it('fails no transaction, and the primary is the last', async () => {
    const { primary, members } = await fleet.waitForHealthy('pg-main')
    const url = await fleet.url('pg-main')
    await using load = await startWriterLoad(fleet.lab, { url, run: 'restart', patienceMs: 30_000 })
    await writesGoOn(load, 50)
    const answer = await fleet.drover('cluster', 'restart', 'pg-main', '--json')
    expect(answer.code, answer.stderr).toBe(0)
    const { restarted, stallMs } = JSON.parse(answer.stdout) as { restarted: string[]; stallMs: number }
    await writesGoOn(load, 50)
    const report = await load.stop()
    console.log(`restart: held for ${stallMs} ms;`, JSON.stringify(report))
    expect(report).toMatchObject({ failed: 0, inDoubt: 0, errors: {} })
    expect(restarted.toSorted()).toEqual(members.map(({ name }) => name).toSorted())
    expect(restarted.at(-1)).toBe(primary)
  })

  it('that a new value does not survive is put back on the first standby, and told in PostgreSQL’s own words', async () => {
    const { primary } = await fleet.waitForHealthy('pg-main')
    const quickstart = await readFile('deploy/examples/quickstart.yml', 'utf8')
    const text = quickstart.replace('parameters:', 'parameters:\n      shared_preload_libraries: not_there')
    const url = await fleet.url('pg-main')
    await using load = await startWriterLoad(fleet.lab, { url, run: 'refused', patienceMs: 30_000 })
    const answer = await fleet.drover('apply', '-f', await fleet.writeSpec(text), '--restart')
    expect(answer.code).toBe(3)
    expect(answer.stderr).toMatch(/could not access file "not_there".*put back/)
    expect(await load.stop()).toMatchObject({ failed: 0, inDoubt: 0, errors: {} })
    expect((await fleet.waitForHealthy('pg-main')).primary).toBe(primary)
  })
})

describe('a switchover whose orchestrator and agents die while clients are held', () => {
  it('lets clients go on by itself (S4), and ends when the orchestrator is back', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const url = await fleet.url('pg-main')
    await using load = await startWriterLoad(fleet.lab, { url, run: 'abandoned', patienceMs: 60_000 })
    await writesGoOn(load, 50)
    const command = startDrover(fleet, ['cluster', 'switchover', 'pg-main'])
    await command.says('drained in')
    await fleet.killOrchestrator()
    for (const node of nodes) await killAgent(fleet, node)
    for (const node of nodes) expect(await agentState(fleet, node)).not.toBe('active')
    await writesGoOn(load, 200, 60_000)

    await fleet.startOrchestrator()
    for (const node of nodes) await reviveAgent(fleet, node)
    expect([0, 3]).toContain(await command.ended())
    const after = await fleet.waitForHealthy('pg-main')
    expect(nodeOf(after, after.primary)).not.toBe('')
    expect(before.members.map(({ name }) => name).sort()).toEqual(after.members.map(({ name }) => name).sort())
    const report = await load.stop()
    console.log('switchover abandoned:', JSON.stringify(report))
    expect(await load.verify(url)).toMatchObject({ lost: [] })
    expect((await fleet.drover('cluster', 'switchover', 'pg-main')).code).toBe(0)
  })
})
