import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { throughDoors } from '../support/database-url.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { type ClusterStatus, nodeOf } from '../support/fleet-status.ts'

/**
 * Members with a purpose on real hosts, told as one story: an offline and a delayed replica beside three members, a service
 * of the spec, a second cluster that copies the first, and a change of who confirms.
 */
const DELAY_SECONDS = 15
const spec = `version: 1
fleet:
  name: topology
  clientNetworks: [10.10.0.0/16]
clusters:
  - name: pg-main
    members: 3
    durability: sync
    failover: fast
    workload: tiny
    placement: { nodes: [node-1, node-2, node-3] }
    replicas:
      - { name: reports, role: offline, nodes: [node-4] }
      - { name: late, role: delayed, delay: ${DELAY_SECONDS}s, nodes: [node-5] }
    services:
      - { name: analysts, port: 6001, target: postgres, check: read-only, from: [reports, late], balance: first }
    users: [{ name: app }]
    databases: [{ name: app, owner: app }]
  - name: pg-copy
    members: 2
    workload: tiny
    placement: { nodes: [node-4, node-5] }
    standbyOf: { cluster: pg-main }
`

let fleet: TestFleet
let appUrl: string
/** As they are after the apply; no member moves. */
let main: ClusterStatus

beforeAll(async () => {
  fleet = await startFleet({ name: 'topo', subnet: '10.10.63.0/24', hosts: 5, fleetName: 'topology' })
})
afterAll(() => fleet?.down())

describe('a spec with purposes and a standby cluster', () => {
  it('is applied, and applied again changes nothing', async () => {
    const file = await fleet.writeSpec(spec)
    const answer = await fleet.drover('apply', '-f', file)
    expect(answer.code, answer.stderr).toBe(0)
    main = await fleet.waitForHealthy('pg-main')
    expect(main.members.map(({ role }) => role).sort()).toEqual([
      'primary',
      'replica',
      'replica',
      'replica',
      'sync-standby',
    ])
    appUrl = await fleet.url('pg-main')
    const again = await fleet.drover('apply', '-f', file)
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/no changes/i) })
  }, 900_000)

  it('shows the service of the spec and leads through it to the first group it names', async () => {
    expect(main.services).toContainEqual(expect.objectContaining({ name: 'analysts', port: 6001 }))
    expect(await serverBehind(await fleet.url('pg-main', 'analysts'))).toBe('node-4')
  })

  it('keeps offline and delayed members out of the general read service', async () => {
    for (const node of ['node-1', 'node-4', 'node-5'])
      for (let turn = 0; turn < 6; turn += 1)
        expect(['node-1', 'node-2', 'node-3']).toContain(await serverBehind(through(node, 5434)))
  })

  it('serves offline work from the offline member', async () => {
    for (const node of ['node-1', 'node-5']) expect(await serverBehind(through(node, 5438))).toBe('node-4')
  })
})

describe('a delayed member', () => {
  it('has a row only when the delay is over, while the others have it at once', async () => {
    await write('create table notes (text text primary key, at timestamptz default clock_timestamp())')
    await write("insert into notes values ('late')")
    const age = "select extract(epoch from clock_timestamp() - at)::float8 as age from notes where text = 'late'"
    const elsewhere = await firstRow('node-4', age)
    const late = await firstRow('node-5', age)
    console.log('age of a row when it was first seen:', JSON.stringify({ offline: elsewhere, delayed: late }))
    expect(elsewhere).toBeLessThan(DELAY_SECONDS)
    expect(late).toBeGreaterThanOrEqual(DELAY_SECONDS)
  })
})

describe('a standby cluster', () => {
  it('is led by one that follows the other cluster, and has services for reading only', async () => {
    const copy = await fleet.waitForHealthy('pg-copy')
    expect(copy.members.map(({ role }) => role).sort()).toEqual(['replica', 'standby-leader'])
    expect(copy.services.map(({ name }) => name)).toEqual(['replica', 'offline'])
  })

  it('gets every row, for the users of the other cluster, and refuses to write', async () => {
    const url = await fleet.url('pg-copy', 'replica')
    await waitUntil({
      what: 'the row to be in the standby cluster',
      timeoutMs: 60_000,
      intervalMs: 500,
      check: async () => (await fleet.sql.query(url, 'select text from notes')).length === 1,
    })
    await expect(fleet.sql.query(url, "insert into notes values ('no')")).rejects.toThrow(/read-only/)
  })
})

describe('a change of who confirms a commit', () => {
  it('is made in its order: two standbys confirm before writes depend on it, and never an offline or delayed one', async () => {
    const text = spec.replace('durability: sync', 'durability: strict-sync\n    synchronous: { standbys: 2 }')
    const answer = await fleet.drover('apply', '-f', await fleet.writeSpec(text))
    expect(answer.code, answer.stderr).toBe(0)
    expect(answer.stderr).toMatch(/configure Patroni of pg-main[^]*standbys[^]*configure Patroni of pg-main/)
    const strict = await fleet.waitForHealthy('pg-main')
    expect(rolesOf(strict, ['node-1', 'node-2', 'node-3']).toSorted()).toEqual([
      'primary',
      'sync-standby',
      'sync-standby',
    ])
    expect(rolesOf(strict, ['node-4', 'node-5'])).toEqual(['replica', 'replica'])
    await write("insert into notes values ('strict')")
  }, 600_000)
})

describe('a primary whose host loses power', () => {
  it('is replaced by a full member, twice, never by an offline or delayed one, which never confirm a commit', async () => {
    for (const round of ['first', 'second']) {
      const before = await fleet.waitForHealthy('pg-main')
      expect(rolesOf(before, ['node-4', 'node-5'])).toEqual(['replica', 'replica'])
      const victim = nodeOf(before, before.primary)
      await write(`insert into notes values ('${round}')`)
      await fleet.lab.powerOff([victim])
      await waitUntil({
        what: 'a new primary',
        timeoutMs: 90_000,
        intervalMs: 500,
        check: async () => ![before.primary, ''].includes((await fleet.cluster('pg-main')).primary),
        explain: async () => (await fleet.drover('status')).stdout,
      })
      const after = await fleet.cluster('pg-main')
      expect(['node-1', 'node-2', 'node-3']).toContain(nodeOf(after, after.primary))
      await fleet.lab.powerOn([victim])
    }
    const after = await fleet.waitForHealthy('pg-main')
    expect(rolesOf(after, ['node-4', 'node-5'])).toEqual(['replica', 'replica'])
  })

  it('leaves the delayed member behind by its delay, and the standby cluster following', async () => {
    await write("insert into notes values ('after')")
    const age = "select extract(epoch from clock_timestamp() - at)::float8 as age from notes where text = 'after'"
    expect(await firstRow('node-5', age)).toBeGreaterThanOrEqual(DELAY_SECONDS)
    const rows = await fleet.sql.query(await fleet.url('pg-copy', 'replica'), 'select text from notes order by text')
    expect(rows.map(({ text }) => text)).toEqual(['after', 'first', 'late', 'second', 'strict'])
  })
})

/** The URL of the application's user to one port of one node. */
function through(node: string, port: number): string {
  return throughDoors(appUrl, [{ host: fleet.address(node), port }])
}

/** The node of the server that answers: its certificate names the instance. */
async function serverBehind(url: string): Promise<string> {
  const [row] = await fleet.sql.query(url, "select split_part(current_setting('ssl_cert_file'), '/', 5) as instance")
  return nodeOf(main, String(row?.['instance']))
}

async function write(statement: string): Promise<void> {
  await waitUntil({
    what: `\`${statement}\` to be done`,
    timeoutMs: 60_000,
    intervalMs: 500,
    check: () =>
      fleet.sql.query(appUrl, statement).then(
        () => true,
        () => false,
      ),
  })
}

/** The first answer of the member itself that has a row: its `age`. */
async function firstRow(node: string, query: string): Promise<number> {
  let age: unknown
  await waitUntil({
    what: `the row to be on ${node}`,
    timeoutMs: 120_000,
    intervalMs: 250,
    check: async () => {
      const rows = await fleet.sql.query(through(node, 5432), query).catch(() => [])
      age = rows[0]?.['age']
      return age !== undefined
    },
  })
  return Number(age)
}

function rolesOf(cluster: ClusterStatus, nodes: readonly string[]): readonly string[] {
  return cluster.members.filter(({ node }) => nodes.includes(node)).map(({ role }) => role)
}
