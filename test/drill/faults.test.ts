import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Role, type Roles, rolesOf } from '../support/cluster-roles.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { overlaps, startPrimaryWatch } from '../support/primary-watch.ts'
import { startDrover } from '../support/start-drover.ts'
import { startWriterLoad, writesGoOn } from '../support/writer-load.ts'

/**
 * Everything that can die or be cut off, one after the other, on real hosts under a writing load, with `durability: sync` and
 * `failover: fast`. After each fault: no acknowledged write is lost, and no two members took writes at the same time; somebody tries to write
 * to every member directly, all the time. What it cost clients is printed as a table at the end.
 */
const nodes = ['node-1', 'node-2', 'node-3']
const CLUSTER = 'pg-main'
const spec = `version: 1
fleet:
  name: hg
  clientNetworks: [10.10.0.0/16]
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
let folder: string
let url: string
const table: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-faults-'))
  fleet = await startFleet({ name: 'hg', subnet: '10.10.78.0/24', hosts: nodes.length })
  await applies(spec)
  await fleet.waitForHealthy(CLUSTER)
  url = await fleet.url(CLUSTER)
  await fleet.sql.query(url, 'CREATE TABLE primary_watch (at timestamptz DEFAULT clock_timestamp())')
})
afterAll(async () => {
  console.log(
    [
      '',
      '| fault | failed | in doubt | longest stall s | errors while connecting and writing | primary |',
      '|---|---|---|---|---|---|',
      ...table,
    ].join('\n'),
  )
  await fleet?.down()
  await rm(folder, { recursive: true, force: true })
})

describe('a process of the primary’s host that is killed with -9', () => {
  it('PostgreSQL', async () => {
    await round('kill -9 PostgreSQL of the primary', async ({ primary }) => killPostgres(primary))
  })
  it('Patroni', async () => {
    await round('kill -9 Patroni of the primary', async ({ primary }) =>
      kill(primary, `drover-patroni@${primary.name}`),
    )
  })
  it('PgBouncer', async () => {
    await round('kill -9 PgBouncer of the primary', async ({ primary }) =>
      kill(primary, `drover-pgbouncer-rw@${primary.name}`),
    )
  })
  it('HAProxy', async () => {
    await round('kill -9 HAProxy of the primary’s host', async ({ primary }) =>
      kill(primary, `drover-haproxy@${CLUSTER}`),
    )
  })
  it('etcd, wherever its leader is', async () => {
    await round('kill -9 etcd on all hosts, one after the other', async () => {
      for (const node of nodes) {
        await systemctl(node, 'kill', '--kill-whom=main', '--signal=KILL', 'drover-etcd')
        await delay(3_000)
      }
    })
  })
  it('all of etcd at once', async () => {
    await round('kill -9 etcd on all hosts at once', async () => {
      await Promise.all(nodes.map(node => systemctl(node, 'kill', '--kill-whom=main', '--signal=KILL', 'drover-etcd')))
    })
  })
})

describe('a process that is killed with -9 in the middle of a switchover', () => {
  const victims: readonly [string, (roles: Roles) => Promise<void>][] = [
    ['PostgreSQL of the primary', ({ primary }) => killPostgres(primary)],
    ['PostgreSQL of the candidate', ({ synchronous }) => killPostgres(synchronous)],
    ['Patroni of the primary', ({ primary }) => kill(primary, `drover-patroni@${primary.name}`)],
    ['Patroni of the candidate', ({ synchronous }) => kill(synchronous, `drover-patroni@${synchronous.name}`)],
    ['PgBouncer of the primary', ({ primary }) => kill(primary, `drover-pgbouncer-rw@${primary.name}`)],
    ['HAProxy of the primary’s host', ({ primary }) => kill(primary, `drover-haproxy@${CLUSTER}`)],
    ['etcd of the primary’s host', ({ primary }) => kill(primary, 'drover-etcd')],
  ]
  it.each(victims)('%s', async (what, murder) => {
    await round(`kill -9 ${what} in a switchover`, async roles => {
      const command = startDrover(fleet, ['cluster', 'switchover', CLUSTER, '--to', roles.synchronous.name])
      await command.says(line => /running .*Patroni hands over/.test(line))
      await murder(roles)
      expect([0, 3]).toContain(await command.ended())
    })
  })
})

describe('a network', () => {
  it('that cuts off the primary from the other hosts, while clients still reach it', async () => {
    await round(
      'primary cut off from the other members',
      async ({ primary }) => {
        await fleet.lab.partition({ side: [primary.node], from: nodes.filter(node => node !== primary.node) })
      },
      'moves',
    )
  })
  it('that cuts off the synchronous standby', async () => {
    await round(
      'synchronous standby cut off',
      async ({ synchronous }) => {
        await fleet.lab.partition({ side: [synchronous.node] })
      },
      'stays',
    )
  })
  it('that is slow: 2 Mbit/s at the primary', async () => {
    await round(
      'primary behind 2 Mbit/s',
      async ({ primary }) => {
        await tc(
          primary.node,
          'add',
          'dev',
          'host0',
          'root',
          'tbf',
          'rate',
          '2mbit',
          'burst',
          '32kbit',
          'latency',
          '400ms',
        )
        await delay(15_000)
        await tc(primary.node, 'del', 'dev', 'host0', 'root')
      },
      'stays',
    )
  })
})

describe('a host that loses power', () => {
  it('a synchronous standby’s', async () => {
    await round(
      'power-off of the synchronous standby',
      ({ synchronous }) => fleet.lab.powerOff([synchronous.node]),
      'stays',
    )
  })
  it('the primary’s', async () => {
    await round('power-off of the primary', ({ primary }) => fleet.lab.powerOff([primary.node]), 'moves')
  })
})

describe('an orchestrator', () => {
  it('that is killed is not noticed', async () => {
    await round('kill -9 the orchestrator', () => fleet.killOrchestrator(), 'stays')
  })
})

describe('a Patroni that hangs', () => {
  it('keeps no second primary', async () => {
    await round('Patroni of the primary frozen for 60 s', async ({ primary }) => {
      const unit = `drover-patroni@${primary.name}`
      await systemctl(primary.node, 'kill', '--kill-whom=main', '--signal=STOP', unit)
      await delay(60_000)
      await systemctl(primary.node, 'kill', '--kill-whom=main', '--signal=CONT', unit)
    })
  })
})

describe('a disk that is full', () => {
  it('of the primary’s WAL', async () => {
    const before = rolesOf(await fleet.waitForHealthy(CLUSTER))
    const { name, node } = before.synchronous
    const wal = `/var/lib/drover/pg/${name}/data/pg_wal`
    // A small disk of its own for the WAL of the member that is to become the primary.
    await shell(
      node,
      `systemctl stop drover-patroni@${name} && cp -a ${wal} ${wal}.kept && mount -t tmpfs -o size=300m,mode=700,uid=$(id -u postgres),gid=$(id -g postgres) tmpfs ${wal} && cp -a ${wal}.kept/. ${wal}/ && rm -r ${wal}.kept && systemctl start drover-patroni@${name}`,
    )
    await fleet.waitForHealthy(CLUSTER)
    expect((await fleet.drover('cluster', 'switchover', CLUSTER, '--to', name)).code).toBe(0)
    await round(
      'disk of the primary’s WAL full',
      async () => {
        await shell(node, `dd if=/dev/zero of=${wal}/filler bs=1M || true`)
      },
      'moves',
      async () => {
        await shell(node, `rm -f ${wal}/filler`)
      },
    )
  })
})

/** One fault under load, mended when writes have gone on. */
async function round(
  what: string,
  fault: (roles: Roles) => Promise<unknown>,
  then: 'moves' | 'stays' | 'either' = 'either',
  mend: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  const before = await fleet.waitForHealthy(CLUSTER)
  const members = before.members.map(({ name, address, port }) => ({ name, host: address, port }))
  await using watch = await startPrimaryWatch(fleet.lab, { url, members })
  await using load = await startWriterLoad(fleet.lab, { url, run: what, patienceMs: 5_000 })
  await writesGoOn(load, 200)
  await fault(rolesOf(before))
  await writesGoOn(load, 400, 120_000)
  await mend()
  await mendAll()
  await fleet.waitForHealthy(CLUSTER, 180_000)
  await writesGoOn(load, 200, 60_000)
  const report = await load.stop()
  const seen = await watch.stop()
  const after = await fleet.waitForHealthy(CLUSTER)
  const moved = after.primary === before.primary ? 'stayed' : 'moved'
  table.push(
    `| ${what} | ${report.failed} | ${report.inDoubt} | ${(report.longestStallMs / 1000).toFixed(1)} | ${Object.values(report.errors).reduce((sum, count) => sum + count, 0)} | ${moved} |`,
  )
  console.log(`${what}: ${moved};`, JSON.stringify(report))
  expect(await load.verify(url)).toMatchObject({ lost: [] })
  expect(seen.spans.length).toBeGreaterThan(0)
  expect(overlaps(seen)).toEqual([])
  if (then !== 'either') expect(moved).toBe(then === 'moves' ? 'moved' : 'stayed')
}

async function mendAll(): Promise<void> {
  await fleet.lab.heal()
  const off = (await fleet.lab.status()).filter(({ state }) => state !== 'running').map(({ name }) => name)
  if (off.length > 0) await fleet.lab.powerOn(off)
  const isServing = (await fleet.drover('status')).code === 0
  if (!isServing) await fleet.startOrchestrator()
}

async function killPostgres({ name, node }: Role): Promise<void> {
  await shell(node, `kill -9 $(head -1 /var/lib/drover/pg/${name}/data/postmaster.pid)`)
}

async function kill({ node }: Role, unit: string): Promise<void> {
  const whom = unit.startsWith('drover-haproxy') ? 'all' : 'main'
  await systemctl(node, 'kill', `--kill-whom=${whom}`, '--signal=KILL', unit)
}

async function systemctl(node: string, ...words: string[]): Promise<void> {
  await fleet.lab.exec(node, ['systemctl', ...words])
}

async function tc(node: string, ...words: string[]): Promise<void> {
  await fleet.lab.exec(node, ['tc', 'qdisc', ...words])
}

async function shell(node: string, text: string): Promise<void> {
  await fleet.lab.exec(node, ['sh', '-c', text], { timeoutMs: 120_000 })
}

async function applies(text: string): Promise<void> {
  const file = join(folder, 'fleet.yml')
  await writeFile(file, text)
  const answer = await fleet.drover('apply', '-f', file)
  expect(answer.code, `${answer.stderr}\n${await readFile(file, 'utf8')}`).toBe(0)
}
