import { expect } from 'vitest'
import { type Role, type Roles, rolesOf } from './cluster-roles.ts'
import { startFleet, type TestFleet } from './fleet.ts'
import { overlaps, startPrimaryWatch } from './primary-watch.ts'
import { startWriterLoad, writesGoOn } from './writer-load.ts'

export const FAULT_NODES = ['node-1', 'node-2', 'node-3'] as const
export const FAULT_CLUSTER = 'pg-main'

/** What the primary's role is to do in a round. */
export type Outcome = 'moves' | 'stays' | 'either'

export interface FaultRound {
  readonly what: string
  readonly fault: (roles: Roles) => Promise<unknown>
  /** Default `either`. */
  readonly role?: Outcome
  /** Beyond power, network and the orchestrator, which every round mends. */
  readonly mend?: () => Promise<unknown>
}

/** Three hosts with one cluster, `durability: sync` and `failover: fast`; what each fault cost is printed as a table at the end. */
export interface FaultRounds {
  readonly fleet: TestFleet
  /**
   * One fault under a writing load, mended when writes have gone on. Expects that no acknowledged write is lost, and that no two
   * members took writes side by side: somebody tries to write to every member directly, all the time.
   */
  readonly round: (round: FaultRound) => Promise<void>
  readonly down: () => Promise<void>
}

export async function startFaultRounds(lab: { readonly name: string; readonly subnet: string }): Promise<FaultRounds> {
  const fleet = await startFleet({ ...lab, hosts: FAULT_NODES.length })
  const table: string[] = []
  let url: string

  async function down(): Promise<void> {
    const head = [
      '| fault | failed transactions | in doubt | longest stall s | other errors | primary |',
      '|---|---|---|---|---|---|',
    ]
    console.log(['', ...head, ...table].join('\n'))
    await fleet.down()
  }

  try {
    const answer = await fleet.drover('apply', '-f', await fleet.writeSpec(specOf(lab)))
    expect(answer.code, answer.stderr).toBe(0)
    await fleet.waitForHealthy(FAULT_CLUSTER)
    url = await fleet.url(FAULT_CLUSTER)
    await fleet.sql.query(url, 'CREATE TABLE primary_watch (at timestamptz DEFAULT clock_timestamp())')
  } catch (error) {
    await down()
    throw error
  }
  return { fleet, round, down }

  async function round({ what, fault, role = 'either', mend = async () => undefined }: FaultRound): Promise<void> {
    // A round that broke off may have left its fault.
    await mendAll()
    const before = await fleet.waitForHealthy(FAULT_CLUSTER, 180_000)
    const members = before.members.map(({ name, address, port }) => ({ name, host: address, port }))
    await using watch = await startPrimaryWatch(fleet.lab, { url, members })
    await using load = await startWriterLoad(fleet.lab, { url, run: what, patienceMs: 5_000 })
    await writesGoOn(load, 200)
    try {
      await fault(rolesOf(before))
      await writesGoOn(load, 400, 120_000)
    } finally {
      await mend()
      await mendAll()
    }
    await fleet.waitForHealthy(FAULT_CLUSTER, 180_000)
    await writesGoOn(load, 200, 60_000)
    const report = await load.stop()
    const seen = await watch.stop()
    const after = await fleet.waitForHealthy(FAULT_CLUSTER)
    const moved = after.primary === before.primary ? 'stayed' : 'moved'
    const stall = (report.longestStallMs / 1000).toFixed(1)
    const errors = Object.values(report.errors).reduce((sum, count) => sum + count, 0)
    const others = errors - report.failed - report.inDoubt
    table.push(`| ${what} | ${report.failed} | ${report.inDoubt} | ${stall} | ${others} | ${moved} |`)
    console.log(`${what}: ${moved};`, JSON.stringify(report))
    expect(await load.verify(url)).toMatchObject({ lost: [] })
    expect(seen.spans.length).toBeGreaterThan(0)
    expect(overlaps(seen)).toEqual([])
    if (role !== 'either') expect(moved).toBe(role === 'moves' ? 'moved' : 'stayed')
  }

  async function mendAll(): Promise<void> {
    await fleet.lab.heal()
    const off = (await fleet.lab.status()).filter(({ state }) => state !== 'running').map(({ name }) => name)
    if (off.length > 0) await fleet.lab.powerOn(off)
    const isServing = (await fleet.drover('status')).code === 0
    if (!isServing) await fleet.startOrchestrator()
  }
}

function specOf({ name, subnet }: { readonly name: string; readonly subnet: string }): string {
  return `version: 1
fleet: { name: ${name}, clientNetworks: [${subnet}] }
etcd: { members: 3 }
clusters:
  - name: ${FAULT_CLUSTER}
    members: 3
    durability: sync
    failover: fast
    workload: tiny
    users: [{ name: app }]
    databases: [{ name: app, owner: app }]
`
}

/** SIGKILL of the postmaster; its children follow by themselves. */
export async function killPostgres(fleet: TestFleet, { name, node }: Role): Promise<void> {
  await shell(fleet, node, `kill -9 $(head -1 /var/lib/drover/pg/${name}/data/postmaster.pid)`)
}

/** SIGKILL; of HAProxy every process, since its master would only start another worker. */
export async function killUnit(fleet: TestFleet, { node }: Pick<Role, 'node'>, unit: string): Promise<void> {
  const whom = unit.startsWith('drover-haproxy') ? 'all' : 'main'
  await fleet.lab.exec(node, ['systemctl', 'kill', `--kill-whom=${whom}`, '--signal=KILL', unit])
}

export async function shell(fleet: TestFleet, node: string, text: string): Promise<void> {
  await fleet.lab.exec(node, ['sh', '-c', text], { timeoutMs: 120_000 })
}
