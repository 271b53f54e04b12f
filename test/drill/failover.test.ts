import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { killAgent, reviveAgent } from '../support/agent-control.ts'
import { type Role, type Roles, rolesOf } from '../support/cluster-roles.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { startWriterLoad, type WriterLoad, writesGoOn } from '../support/writer-load.ts'

/** Failover on demand, and pauses of automatic failover, on real hosts under a writing load with `durability: sync`. */
const nodes = ['node-1', 'node-2', 'node-3']
const CLUSTER = 'pg-main'
const spec = `version: 1
fleet: { name: hp, clientNetworks: [10.10.60.0/24] }
etcd: { members: 3 }
clusters:
  - name: pg-main
    members: 3
    durability: sync
    failover: fast
    workload: tiny
    users: [{ name: app }]
    databases: [{ name: app, owner: app }]
`

let fleet: TestFleet
let url: string
const table: string[] = []

beforeAll(async () => {
  fleet = await startFleet({ name: 'hp', subnet: '10.10.60.0/24', hosts: nodes.length })
  const answer = await fleet.drover('apply', '-f', await fleet.writeSpec(spec))
  expect(answer.code, answer.stderr).toBe(0)
  await fleet.waitForHealthy(CLUSTER)
  url = await fleet.url(CLUSTER)
})
afterAll(async () => {
  console.log(
    ['', '| what | failed | in doubt | longest stall s | lost |', '|---|---|---|---|---|', ...table].join('\n'),
  )
  await fleet?.down()
})

describe('a failover on demand', () => {
  it('is refused while the primary is healthy', async () => {
    const { primary } = await fleet.waitForHealthy(CLUSTER)
    const answer = await fleet.drover('cluster', 'failover', CLUSTER)
    expect(answer.code).toBe(3)
    expect(answer.stderr).toContain(`its primary ${primary} is healthy; use: drover cluster switchover`)
  })

  it('of a cluster that fails over by itself only says so, or is faster', async () => {
    await under('power-off of the primary and a failover at once', async ({ primary, synchronous }) => {
      await fleet.lab.powerOff([primary.node])
      const answer = await eventuallyFailedOver()
      expect(answer).toMatchObject({ from: primary.name, to: synchronous.name })
    })
  })

  it('promotes the synchronous standby of a paused cluster whose primary lost power, and nobody else unasked', async () => {
    await under('the same while failover is paused', async roles => {
      const { primary, synchronous } = roles
      await paused('10m')
      const other = await thirdOf(roles)
      await fleet.lab.powerOff([primary.node])
      const refused = await fleet.drover('cluster', 'failover', CLUSTER, '--to', other.name)
      expect(refused.code).toBe(3)
      expect(refused.stderr).toContain(`${other.name} did not confirm the last commits; ${synchronous.name} did`)
      const elsewhere = await failover('--to', other.name, '--accept-data-loss', synchronous.name)
      expect(elsewhere.code).toBe(3)
      const answer = await failover('--json')
      expect(answer.code, answer.stderr).toBe(0)
      console.log('failover on demand:', answer.stdout)
      expect(JSON.parse(answer.stdout)).toMatchObject({
        from: primary.name,
        to: synchronous.name,
        lostAtMost: { knownBytes: 0, unknownMs: 0 },
        byItself: false,
      })
    })
  })

  it('loses commits only when that is accepted by name, and says how much', async () => {
    const roles = rolesOf(await fleet.waitForHealthy(CLUSTER))
    const other = await thirdOf(roles)
    await paused('10m')
    await using load = await startWriterLoad(fleet.lab, { url, run: 'accepted loss', patienceMs: 5_000 })
    await writesGoOn(load, 200)
    // Whoever does not confirm falls behind: then there is something to lose.
    await fleet.lab.partition({ side: [other.node], from: [roles.primary.node] })
    await delay(8_000)
    await writesGoOn(load, 500)
    await fleet.lab.powerOff([roles.primary.node])
    await killMember(roles.synchronous)
    await fleet.lab.heal()
    const refused = await failover()
    expect(refused.code).toBe(3)
    expect(refused.stderr).toContain(`${other.name} did not confirm the last commits`)
    expect(refused.stderr).toMatch(/lost is at most [1-9]\d* bytes/)
    const answer = await failover('--accept-data-loss', other.name, '--json')
    expect(answer.code, answer.stderr).toBe(0)
    const { to, lostAtMost } = JSON.parse(answer.stdout) as {
      readonly to: string
      readonly lostAtMost: { readonly knownBytes: number; readonly unknownMs: number }
    }
    expect(to).toBe(other.name)
    expect(lostAtMost.knownBytes).toBeGreaterThan(0)
    expect(lostAtMost.unknownMs).toBeGreaterThan(0)
    await writesGoOn(load, 200, 60_000)
    const lost = await told('both who have the last commits die; the loss is accepted', load)
    console.log('accepted loss:', answer.stdout, `${lost.length} acknowledged transactions lost`)
    expect(lost.length).toBeGreaterThan(0)
    // It has commits that the new primary lacks: it says that it streams, and never follows.
    await mended(roles.synchronous.name)
  })
})

describe('a pause of automatic failover', () => {
  it('keeps out what would need Patroni at work', async () => {
    await paused('10m')
    for (const command of [
      ['restart', CLUSTER],
      ['stop', CLUSTER],
      ['remove', CLUSTER, '--confirm', CLUSTER, '--without-backup'],
    ]) {
      const answer = await fleet.drover('cluster', ...command)
      expect(answer.code, answer.stderr).toBe(5)
      expect(answer.stderr).toContain(`automatic failover of ${CLUSTER} is paused until `)
    }
    expect((await fleet.drover('cluster', 'unpause', CLUSTER)).code).toBe(0)
  })

  it('leaves a PostgreSQL that dies dead, until it is ended', async () => {
    await under('kill -9 PostgreSQL in a pause of 15 s', async ({ primary }, load) => {
      await paused('10m')
      await killPostgres(primary)
      await delay(1_000)
      const { acknowledged } = await load.progress()
      await delay(15_000)
      expect((await load.progress()).acknowledged).toBe(acknowledged)
      expect((await fleet.drover('cluster', 'unpause', CLUSTER)).code).toBe(0)
    })
  })

  it('ends by itself at its time, with orchestrator, agents and the primary’s host dead, and failover follows (S4)', async () => {
    await under('a pause of 1 min that ends with everything dead', async ({ primary, synchronous }, load) => {
      await paused('1m')
      await fleet.killOrchestrator()
      await Promise.all(nodes.map(node => killAgent(fleet, node)))
      await fleet.lab.powerOff([primary.node])
      expect(await isPaused(synchronous.node)).toBe(true)
      await delay(5_000)
      const { acknowledged } = await load.progress()
      await waitUntil({
        what: 'the pause to end',
        timeoutMs: 180_000,
        intervalMs: 500,
        check: async () => !(await isPaused(synchronous.node)),
      })
      expect((await load.progress()).acknowledged).toBe(acknowledged)
      await writesGoOn(load, 200, 60_000)
      await fleet.startOrchestrator()
      await Promise.all(nodes.filter(node => node !== primary.node).map(node => reviveAgent(fleet, node)))
    })
  })
})

/** One story under load: what it cost clients is told, and nothing that was acknowledged is lost. */
async function under(what: string, story: (roles: Roles, load: WriterLoad) => Promise<void>): Promise<void> {
  const roles = rolesOf(await fleet.waitForHealthy(CLUSTER))
  await using load = await startWriterLoad(fleet.lab, { url, run: what, patienceMs: 5_000 })
  await writesGoOn(load, 200)
  try {
    await story(roles, load)
    await writesGoOn(load, 200, 60_000)
    expect(await told(what, load)).toEqual([])
  } finally {
    await mended()
  }
}

async function told(what: string, load: WriterLoad): Promise<readonly string[]> {
  const report = await load.stop()
  console.log(`${what}:`, JSON.stringify(report))
  const { lost } = await load.verify(url)
  const stall = (report.longestStallMs / 1000).toFixed(1)
  table.push(`| ${what} | ${report.failed} | ${report.inDoubt} | ${stall} | ${lost.length} |`)
  return lost
}

/** Every host is there again, automatic failover is on, and whoever was primary has rejoined. */
async function mended(diverged?: string): Promise<void> {
  if ((await fleet.drover('status')).code !== 0) await fleet.startOrchestrator()
  await fleet.lab.heal()
  const off = (await fleet.lab.status()).filter(({ state }) => state !== 'running').map(({ name }) => name)
  if (off.length > 0) await fleet.lab.powerOn(off)
  for (const node of nodes) await reviveAgent(fleet, node)
  for (const { name, node } of (await fleet.cluster(CLUSTER)).members)
    await fleet.lab.exec(node, ['systemctl', 'start', `drover-patroni@${name}`])
  await waitUntil({
    what: 'the pause to be ended',
    timeoutMs: 120_000,
    intervalMs: 1_000,
    check: async () => (await fleet.drover('cluster', 'unpause', CLUSTER)).code === 0,
    explain: async () => (await fleet.drover('status')).stdout,
  })
  if (diverged !== undefined) {
    const answer = await fleet.drover('cluster', 'reinit', CLUSTER, diverged, '--confirm', diverged)
    expect(answer.code, answer.stderr).toBe(0)
  }
  await fleet.waitForHealthy(CLUSTER, 180_000)
}

async function paused(time: string): Promise<void> {
  const answer = await fleet.drover('cluster', 'pause', CLUSTER, '--for', time)
  expect(answer.code, answer.stderr).toBe(0)
  expect((await fleet.drover('status', CLUSTER)).stdout).toContain('automatic failover is paused until ')
}

function failover(...options: string[]): ReturnType<TestFleet['drover']> {
  return fleet.drover('cluster', 'failover', CLUSTER, ...options)
}

/** Until the old primary's last answer is forgotten it is taken for alive, and the failover is refused. */
async function eventuallyFailedOver(): Promise<unknown> {
  let said = ''
  let answer: unknown
  await waitUntil({
    what: 'the failover',
    timeoutMs: 60_000,
    intervalMs: 500,
    check: async () => {
      const { code, stdout, stderr } = await failover('--json')
      said = stderr
      if (code === 0) answer = JSON.parse(stdout)
      return code === 0
    },
    explain: async () => said,
  })
  console.log('failover at once:', JSON.stringify(answer))
  return answer
}

async function thirdOf({ primary, synchronous }: Roles): Promise<Role> {
  const { members } = await fleet.cluster(CLUSTER)
  const other = members.find(({ name }) => ![primary.name, synchronous.name].includes(name))
  if (other === undefined) throw new Error(`${CLUSTER} has no third member`)
  return other
}

/** Patroni's own word. */
async function isPaused(node: string): Promise<boolean> {
  const ask = `import ssl, urllib.request as u; print(u.urlopen('https://127.0.0.1:8008/patroni', context=ssl._create_unverified_context()).read().decode())`
  const answer = await fleet.lab.exec(node, ['sh', '-c', `python3 -c "${ask}" || true`])
  return /"pause": ?true/.test(answer.stdout)
}

async function killPostgres({ name, node }: Role): Promise<void> {
  await shell(node, `kill -9 $(head -1 /var/lib/drover/pg/${name}/data/postmaster.pid)`)
}

/** A Patroni that is stopped in a pause leaves its PostgreSQL running. */
async function killMember(member: Role): Promise<void> {
  await shell(member.node, `systemctl stop drover-patroni@${member.name}`)
  await killPostgres(member)
}

async function shell(node: string, text: string): Promise<void> {
  await fleet.lab.exec(node, ['sh', '-c', text], { timeoutMs: 60_000 })
}
