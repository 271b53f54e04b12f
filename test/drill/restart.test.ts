import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { nodeOf } from '../support/fleet-status.ts'
import { startDrover } from '../support/start-drover.ts'
import { startWriterLoad, writesGoOn } from '../support/writer-load.ts'

/** Restarts, reloads and changes of settings on real hosts, told as one story. */
const spec = (parameters: string): string => `version: 1
fleet: { name: restart, clientNetworks: [10.10.75.0/24] }
etcd: { members: 3 }
clusters:
  - name: pg-main
    members: 3
    workload: tiny
    failover: fast
    durability: sync
    users: [{ name: app }]
    databases: [{ name: app, owner: app }]
    parameters: { log_min_duration_statement: 1s, ${parameters} }
`

const FIRST = 'max_connections: 90'

let fleet: TestFleet

beforeAll(async () => {
  fleet = await startFleet({ name: 'restart', subnet: '10.10.75.0/24', hosts: 3 })
  const answer = await apply(FIRST)
  expect(answer.code, answer.stderr).toBe(0)
})
afterAll(() => fleet?.down())

async function fileWith(parameters: string): Promise<string> {
  return fleet.writeSpec(spec(parameters))
}

async function apply(parameters: string, ...options: readonly string[]) {
  return fleet.drover('apply', '-f', await fileWith(parameters), ...options)
}

/** One statement as the superuser of one member. */
async function ask(instance: string, sql: string): Promise<string> {
  const node = nodeOf(await fleet.cluster('pg-main'), instance)
  const psql = ['runuser', '-u', 'postgres', '--', 'psql', '-XAtq', '-h', `/run/drover-pg/${instance}`]
  return (await fleet.lab.exec(node, [...psql, '-c', sql])).stdout.trim()
}

async function everywhere(sql: string): Promise<Readonly<Record<string, string>>> {
  const { members } = await fleet.cluster('pg-main')
  const names = members.map(({ name }) => name).sort()
  return Object.fromEntries(await Promise.all(names.map(async name => [name, await ask(name, sql)] as const)))
}

/** How often each server has started so far. */
async function starts(): Promise<Readonly<Record<string, number>>> {
  const { members } = await fleet.cluster('pg-main')
  const counts = members.map(async ({ name, node }) => {
    const journal = ['journalctl', '-q', '--no-pager', '-o', 'cat', '-u', `drover-patroni@${name}.service`]
    const { stdout } = await fleet.lab.exec(node, [...journal, '--grep', 'starting PostgreSQL'], { anyExit: true })
    return [name, stdout.split('\n').filter(line => line.includes('starting PostgreSQL')).length] as const
  })
  return Object.fromEntries(await Promise.all(counts))
}

function more(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]))
}

const ONCE = { 'pg-main-1': 1, 'pg-main-2': 1, 'pg-main-3': 1 }

describe('a restart of a whole cluster under a writing load', () => {
  it('fails no transaction and restarts each server once, the primary last', async () => {
    const { primary } = await fleet.waitForHealthy('pg-main')
    const before = await starts()
    const url = await fleet.url('pg-main')
    await using load = await startWriterLoad(fleet.lab, { url, run: 'rolling', patienceMs: 30_000 })
    await writesGoOn(load, 100)
    const answer = await fleet.drover('cluster', 'restart', 'pg-main', '--json')
    expect(answer.code, answer.stderr).toBe(0)
    const output = JSON.parse(answer.stdout) as { restarted: string[]; stallMs: number; readStallMs: number }
    await writesGoOn(load, 100)
    const report = await load.stop()
    console.log(`restart: held for ${output.stallMs} ms, readers ${output.readStallMs} ms;`, JSON.stringify(report))
    expect(report).toMatchObject({ failed: 0, inDoubt: 0, errors: {} })
    expect(await load.verify(url)).toMatchObject({ lost: [] })
    expect(output.restarted.at(-1)).toBe(primary)
    expect(more(before, await starts())).toEqual(ONCE)
    expect((await fleet.waitForHealthy('pg-main')).primary).toBe(primary)
  })
})

describe('a setting that PostgreSQL takes only when it starts', () => {
  it('waits for a restart, and is named until then', async () => {
    const before = await starts()
    const answer = await apply('max_connections: 70')
    expect(answer.code, answer.stderr).toBe(0)
    expect(answer.stderr).toContain('max_connections of cluster pg-main will wait for a restart')
    expect(await starts()).toEqual(before)
    const reloaded = await fleet.json<{ pending: readonly object[] }>('cluster', 'reload', 'pg-main')
    expect(reloaded.pending).toContainEqual({ instance: 'pg-main-1', name: 'max_connections', from: '90', to: '70' })
  })

  it('is taken by each member once, although the orchestrator is killed on the way', async () => {
    const before = await starts()
    const { primary } = await fleet.waitForHealthy('pg-main')
    const url = await fleet.url('pg-main')
    await using load = await startWriterLoad(fleet.lab, { url, run: 'killed', patienceMs: 30_000 })
    await writesGoOn(load, 50)
    const command = startDrover(fleet, ['cluster', 'restart', 'pg-main', '--pending'])
    await command.says(`restarting ${primary}`)
    await fleet.killOrchestrator()
    await writesGoOn(load, 100, 40_000)
    await fleet.startOrchestrator()
    expect(await command.ended()).toBe(0)
    expect(await load.stop()).toMatchObject({ failed: 0, errors: {} })
    expect(more(before, await starts())).toEqual(ONCE)
    expect(new Set(Object.values(await everywhere('show max_connections')))).toEqual(new Set(['70']))
  })

  it('is taken within an apply that may restart, standbys first when it rises', async () => {
    const answer = await apply("max_connections: 95, shared_preload_libraries: 'auto_explain'", '--restart')
    expect(answer.code, answer.stderr).toBe(0)
    const shown = await everywhere(
      "select current_setting('max_connections') || current_setting('shared_preload_libraries')",
    )
    for (const value of Object.values(shown)) expect(value).toMatch(/^95.*auto_explain/)
    expect(await apply("max_connections: 95, shared_preload_libraries: 'auto_explain'", '--restart')).toMatchObject({
      stdout: expect.stringMatching(/no changes/i),
    })
  })
})

describe('a value that PostgreSQL does not start with', () => {
  it('is found on one standby and put back, and the primary never notices', async () => {
    const { primary } = await fleet.waitForHealthy('pg-main')
    const before = await starts()
    const url = await fleet.url('pg-main')
    await using load = await startWriterLoad(fleet.lab, { url, run: 'refused', patienceMs: 30_000 })
    const answer = await apply("max_connections: 95, shared_preload_libraries: 'nowhere_to_be_found'", '--restart')
    expect(answer.code).toBe(3)
    expect(answer.stderr).toMatch(/could not access file "nowhere_to_be_found".*put back/)
    expect(await load.stop()).toMatchObject({ failed: 0, errors: {} })
    expect((await fleet.waitForHealthy('pg-main')).primary).toBe(primary)
    const started = more(before, await starts())
    expect(started[primary]).toBe(0)
    expect(Object.values(started).filter(count => count > 0)).toHaveLength(1)
    for (const value of Object.values(await everywhere('show shared_preload_libraries')))
      expect(value).toMatch(/auto_explain/)
  })
})

describe('a reload', () => {
  it('names what Patroni and a server do not agree on', async () => {
    await ask('pg-main-2', "alter system set work_mem = '123MB'")
    const answer = await fleet.drover('cluster', 'reload', 'pg-main')
    expect(answer.code).toBe(3)
    expect(answer.stderr).toMatch(/work_mem of pg-main-2: Patroni says .*, its file 123MB/)
    await ask('pg-main-2', 'alter system reset work_mem')
    expect((await fleet.drover('cluster', 'reload', 'pg-main')).code).toBe(0)
  })
})
