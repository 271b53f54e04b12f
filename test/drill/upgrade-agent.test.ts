import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { labFleetPaths } from '../../deploy/quickstart/lab-fleet-paths.ts'
import { VERSION } from '../../shared/lib/version.ts'
import { buildAgentVersion, spoiltAgent } from '../support/agent-builds.ts'
import { firstApply } from '../support/first-apply.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { startWriterLoad, writesGoOn } from '../support/writer-load.ts'

const NAME = 'agents'
const NODES = ['node-1', 'node-2', 'node-3']
const NEW = '0.1.9'
const MUTE = '0.1.8'
const BROKEN = '0.1.7'
let fleet: TestFleet

const SPEC = `version: 1
fleet: { name: ${NAME}, clientNetworks: [10.10.0.0/16] }
etcd: { members: 3 }
clusters:
  - name: pg-main
    members: 3
    durability: sync
    users: [{ name: app }]
    databases: [{ name: app, owner: app }]
`

beforeAll(async () => {
  const path = await buildAgentVersion(NEW)
  const good = { path, version: NEW }
  const packages = [
    path,
    await spoiltAgent(good, MUTE, 'never connects'),
    await spoiltAgent(good, BROKEN, 'does not load'),
  ]
  fleet = await startFleet({ name: NAME, subnet: '10.10.111.0/24', hosts: 3 })
  const { packages: pool } = labFleetPaths(NAME, fleet.context)
  // Agents that former runs have built are other bytes of the same versions.
  await rm(join(pool, 'public/debian13/pool/d/drover-agent'), { recursive: true, force: true })
  await firstApply(fleet, SPEC)
  const added = await fleet.drover('packages', 'add', '--os', 'debian13', '--', ...packages, fleet.agentPackage)
  expect(added.code, added.stderr).toBe(0)
})
afterAll(async () => {
  await fleet?.down()
})

describe('an upgrade of agents', () => {
  it('says beforehand who goes where, and changes nothing', async () => {
    const before = await processes()
    const { to, agents } = await fleet.json<Plan>('upgrade', 'agents', '--dry-run')
    expect(to).toBe(NEW)
    expect(agents).toEqual(NODES.map(node => ({ node, from: VERSION })))
    expect(await processes()).toEqual(before)
  })

  it('does not begin with an agent that does not load on the host', async () => {
    const before = await processes()
    const answer = await fleet.drover('upgrade', 'agents', '--to', BROKEN)
    expect(answer).toMatchObject({ code: 3 })
    expect(answer.stderr).toContain(`node-1: agent ${BROKEN} does not run on this host: `)
    expect(await processes()).toEqual(before)
    expect(await versions()).toEqual([VERSION])
  })

  it('goes back on the host itself when the new agent never connects, and begins no other; clients notice nothing', async () => {
    const url = await fleet.url('pg-main')
    await using load = await startWriterLoad(fleet.lab, { url, run: 'mute', clients: 4 })
    await writesGoOn(load, 50)
    const [, second, third] = await processes()
    const answer = await fleet.drover('upgrade', 'agents', '--to', MUTE, '--connect', '15s', '--soak', '5s')
    await writesGoOn(load, 50)
    const report = await load.stop()
    console.log('an agent that never connects:', answer.stderr, JSON.stringify(report))
    expect(answer).toMatchObject({ code: 3 })
    expect(answer.stderr).toContain(`node-1: agent ${MUTE} did not connect within 15 s`)
    expect(answer.stderr).toContain('no orchestrator can be found')
    expect(report).toMatchObject({ failed: 0, inDoubt: 0 })
    expect((await processes()).slice(1)).toEqual([second, third])
    expect(await versions()).toEqual([VERSION])
    expect(await timerOf('node-1')).toBe('')
  })

  it('goes back also when the host lost its power meanwhile, and nobody asked for it', async () => {
    const started = await fleet.drover(
      'upgrade',
      'agents',
      '--to',
      MUTE,
      '--node',
      'node-2',
      '--connect',
      '15s',
      '--soak',
      '5s',
      '--detach',
    )
    expect(started.code, started.stderr).toBe(0)
    await waitUntil({
      what: 'node-2 to have switched',
      timeoutMs: 60_000,
      intervalMs: 200,
      check: async () => (await runningOn('node-2')).includes(`/versions/${MUTE}/`),
    })
    await fleet.killOrchestrator()
    await fleet.lab.powerOff(['node-2'])
    await fleet.lab.powerOn(['node-2'])
    expect(await runningOn('node-2')).toContain(`/versions/${MUTE}/`)
    await waitUntil({
      what: 'node-2 to go back by itself',
      timeoutMs: 180_000,
      intervalMs: 1_000,
      check: async () => (await runningOn('node-2')).startsWith('/usr/lib/drover-agent/'),
    })
    await fleet.startOrchestrator()
    await waitUntil({
      what: 'the upgrade to say so',
      timeoutMs: 120_000,
      intervalMs: 1_000,
      check: async () => (await lastOperation()).state === 'failed',
    })
    await fleet.waitForHealthy('pg-main', 180_000)
    expect(await versions()).toEqual([VERSION])
  })

  it('takes all to the newest one under a writing load, over a kill of the orchestrator', async () => {
    const url = await fleet.url('pg-main')
    await using load = await startWriterLoad(fleet.lab, { url, run: 'good', clients: 4 })
    await writesGoOn(load, 50)
    const started = await fleet.drover('upgrade', 'agents', '--soak', '5s', '--detach')
    expect(started.code, started.stderr).toBe(0)
    await waitUntil({
      what: 'the first to have switched',
      timeoutMs: 60_000,
      intervalMs: 100,
      check: async () => (await runningOn('node-1')).includes(`/versions/${NEW}/`),
    })
    await fleet.killOrchestrator()
    await fleet.startOrchestrator()
    await waitUntil({
      what: 'all to be upgraded',
      timeoutMs: 180_000,
      intervalMs: 1_000,
      check: async () => (await lastOperation()).state === 'done',
      explain: async () => JSON.stringify(await lastOperation()),
    })
    await writesGoOn(load, 50)
    const report = await load.stop()
    const verified = await load.verify(url)
    console.log(`to ${NEW}:`, JSON.stringify(report))
    expect(report).toMatchObject({ failed: 0, inDoubt: 0 })
    expect(verified).toMatchObject({ lost: [] })
    expect(await versions()).toEqual([NEW])
    for (const node of NODES) expect(await timerOf(node)).toBe('')
    expect((await fleet.json<Report>('upgrade', 'agents')).agents.map(({ result }) => result)).toEqual(
      Array(3).fill('current'),
    )
  })

  it('leaves agents behind that do what they are told, also after a reboot of their host', async () => {
    const switched = await fleet.drover('cluster', 'switchover', 'pg-main')
    expect(switched.code, switched.stderr).toBe(0)
    await fleet.lab.reboot(['node-3'])
    await fleet.waitForHealthy('pg-main', 180_000)
    expect(await versions()).toEqual([NEW])
  })

  it('goes back to what the package of the host brought, when somebody names it', async () => {
    const { agents } = await fleet.json<Report>('upgrade', 'agents', '--to', VERSION, '--soak', '2s')
    expect(agents.map(({ result }) => result)).toEqual(Array(3).fill('upgraded'))
    console.log(`back to ${VERSION}:`, JSON.stringify(agents))
    expect(await versions()).toEqual([VERSION])
    for (const node of NODES) expect(await runningOn(node)).toMatch(/^\/usr\/lib\/drover-agent\//)
  })
})

interface Plan {
  readonly to: string
  readonly agents: readonly { readonly node: string; readonly from: string }[]
}

interface Report {
  readonly agents: readonly { readonly node: string; readonly result: string; readonly awayMs?: number }[]
}

async function versions(): Promise<readonly string[]> {
  await waitUntil({
    what: 'all nodes to be there',
    timeoutMs: 60_000,
    intervalMs: 500,
    check: async () => (await fleet.status()).nodes.every(({ state }) => state === 'ready'),
  })
  const { nodes } = await fleet.json<{ nodes: readonly { readonly agentVersion: string }[] }>('status')
  return [...new Set(nodes.map(({ agentVersion }) => agentVersion))]
}

async function lastOperation(): Promise<{ readonly state: string; readonly kind: string }> {
  const { operations } = await fleet.json<{ operations: readonly { readonly state: string; readonly kind: string }[] }>(
    'operation',
    'list',
  )
  return operations.find(({ kind }) => kind === 'upgrade-agents') ?? { state: '', kind: '' }
}

/** Of each host, when its agent was started last. */
async function processes(): Promise<readonly string[]> {
  return Promise.all(
    NODES.map(async node => (await show(node, '--property=MainPID,ExecMainStartTimestampMonotonic')).trim()),
  )
}

/** The program that the agent of the host runs from. */
async function runningOn(node: string): Promise<string> {
  const pid = (await show(node, '--property=MainPID', '--value')).trim()
  const { stdout } = await fleet.lab.exec(node, ['readlink', `/proc/${pid}/exe`], { anyExit: true })
  return stdout.trim()
}

async function show(node: string, ...properties: readonly string[]): Promise<string> {
  const argv = ['systemctl', 'show', ...properties, 'drover-agent.service']
  return (await fleet.lab.exec(node, argv, { anyExit: true })).stdout
}

async function timerOf(node: string): Promise<string> {
  const argv = ['sh', '-c', 'ls /etc/systemd/system | grep drover-agent-return']
  return (await fleet.lab.exec(node, argv, { anyExit: true })).stdout.trim()
}
