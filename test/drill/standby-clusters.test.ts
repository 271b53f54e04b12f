import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { throughDoors } from '../support/database-url.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { type ClusterStatus, nodeOf } from '../support/fleet-status.ts'
import { disturbApply } from '../support/interrupt-apply.ts'

/**
 * Standby clusters on real hosts, told as one story: a copy of two members, a copy of the copy, and a copy that is late, beside
 * the cluster that they follow. Hosts lose power, in the middle of the first apply already.
 */
const DELAY_SECONDS = 15
const ALL = ['pg-main', 'pg-copy', 'pg-chain', 'pg-late']
const spec = `version: 1
fleet:
  name: hp
  clientNetworks: [10.10.0.0/16]
clusters:
  - name: pg-main
    members: 2
    durability: sync
    failover: fast
    workload: tiny
    watchdog: automatic
    placement: { nodes: [node-1, node-2] }
    users: [{ name: app }]
    databases: [{ name: app, owner: app }]
  - name: pg-copy
    members: 2
    failover: fast
    workload: tiny
    placement: { nodes: [node-3, node-4] }
    standbyOf: { cluster: pg-main }
  - name: pg-chain
    members: 1
    workload: tiny
    placement: { nodes: [node-5] }
    standbyOf: { cluster: pg-copy }
  - name: pg-late
    members: 1
    workload: tiny
    placement: { nodes: [node-5] }
    standbyOf: { cluster: pg-main, delay: ${DELAY_SECONDS}s }
`

let fleet: TestFleet
let file: string
/** Every host of a service is in its URL, so that one is good for the whole story. */
const urls = new Map<string, string>()

beforeAll(async () => {
  fleet = await startFleet({ name: 'hp', subnet: '10.10.60.0/24', hosts: 5 })
  file = await fleet.writeSpec(spec)
})
afterAll(() => fleet?.down())

describe('a host that loses power while an apply installs packages on it', () => {
  it('is waited for by name, and the apply finishes when it is back', async () => {
    const lost = 'node-4 is not connected; waiting for it to come back'
    const cut = await disturbApply({
      fleet,
      file,
      when: line => /node-4 installing \d+ packages/.test(line),
      disturb: async said => {
        await halfInstalled('node-4')
        await fleet.lab.powerOff(['node-4'])
        await waitUntil({
          what: 'the apply to say whom it waits for',
          timeoutMs: 60_000,
          intervalMs: 500,
          check: async () => said().includes(lost),
          explain: async () => said(),
        })
        await fleet.lab.powerOn(['node-4'])
      },
    })
    expect(cut.code, cut.stderr).toBe(0)
    for (const name of ALL) await fleet.waitForHealthy(name)
  })

  it('leaves nothing to do', planIsEmpty)
})

describe('standby clusters', () => {
  it('have one leader each and stream from the primary, the copy of the copy too', async () => {
    expect(rolesOf(await fleet.cluster('pg-copy'))).toEqual(['replica', 'standby-leader'])
    expect(rolesOf(await fleet.cluster('pg-chain'))).toEqual(['standby-leader'])
    await write('create table notes (text text primary key, at timestamptz default clock_timestamp())')
    await arrives('first')
  })

  it('run without a watchdog, and without huge pages, where the host has none', async () => {
    for (const node of ['node-1', 'node-2']) {
      const missing = await fleet.lab.exec(node, ['test', '-e', '/dev/watchdog'], { anyExit: true })
      expect(missing.code).not.toBe(0)
    }
    const [row] = await fleet.sql.query(
      throughDoors(await urlOf('pg-main', 'primary'), [{ host: fleet.address('node-1'), port: 5432 }]),
      "select current_setting('huge_pages') as asked, current_setting('huge_pages_status') as got",
    )
    console.log('huge pages:', JSON.stringify(row))
    expect(row).toEqual({ asked: 'try', got: 'off' })
  })
})

describe('a delayed standby cluster', () => {
  it('is healthy, and has a row only when the delay is over', async () => {
    await write("insert into notes values ('late')")
    const age = await ageIn('pg-late', 'late')
    console.log('age of a row when it was first seen in the delayed cluster:', age)
    expect(age).toBeGreaterThanOrEqual(DELAY_SECONDS)
    expect((await fleet.drover('status', 'pg-late')).stdout).toContain(
      `healthy  follows pg-main, ${DELAY_SECONDS} s later`,
    )
  })
})

describe('a standby cluster whose leader loses power', () => {
  it('is led by its other member, which follows the source, and so does the copy of the copy', async () => {
    const before = await fleet.waitForHealthy('pg-copy')
    const victim = nodeOf(before, before.primary)
    await fleet.lab.powerOff([victim])
    await newLeader('pg-copy', before.primary)
    await arrives('led by the other')
    await fleet.lab.powerOn([victim])
    expect(rolesOf(await fleet.waitForHealthy('pg-copy'))).toEqual(['replica', 'standby-leader'])
  })
})

describe('a source whose primary loses power', () => {
  it('is followed by its standby clusters to the new primary', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const victim = nodeOf(before, before.primary)
    await fleet.lab.powerOff([victim])
    await newLeader('pg-main', before.primary)
    await arrives('after the failover')
    expect(await ageIn('pg-late', 'after the failover')).toBeGreaterThanOrEqual(DELAY_SECONDS)
    await fleet.lab.powerOn([victim])
    for (const name of ALL) await fleet.waitForHealthy(name)
  })

  it('leaves nothing to do', planIsEmpty)
})

describe('a cluster that requires a watchdog where no host has one', () => {
  const guarded = `  - name: pg-guard
    members: 1
    workload: tiny
    watchdog: required
    placement: { nodes: [node-3] }
`

  it('is warned of by the plan, gets no primary, and the apply says why', async () => {
    const guardedFile = await fleet.writeSpec(spec + guarded, 'guarded.yml')
    const plan = await fleet.drover('plan', '-f', guardedFile)
    expect(inOneLine(plan.stdout + plan.stderr)).toContain('pg-guard requires a watchdog, and node-3 is a container')
    const answer = await fleet.drover('apply', '-f', guardedFile)
    expect(answer.code).toBe(3)
    expect(inOneLine(answer.stderr)).toMatch(/failed pg-guard-1 keeps failing: .*Configuration requires watchdog/)
    expect((await fleet.cluster('pg-guard')).state).not.toBe('healthy')
  })

  it('gets one by the next apply, once the file no longer requires it', async () => {
    await applies(await fleet.writeSpec(spec + guarded.replace('required', 'automatic'), 'unguarded.yml'))
    await fleet.waitForHealthy('pg-guard')
  })
})

/** Some package there is unpacked and not configured yet. */
async function halfInstalled(node: string): Promise<void> {
  await waitUntil({
    what: `packages of ${node} to be half installed`,
    timeoutMs: 120_000,
    intervalMs: 200,
    check: async () => {
      const search = [
        'grep',
        '-rqE',
        '^Status: install ok (unpacked|half-)',
        '/var/lib/dpkg/status',
        '/var/lib/dpkg/updates',
      ]
      return (await fleet.lab.exec(node, search, { anyExit: true })).code === 0
    },
  })
}

async function applies(path: string): Promise<void> {
  const answer = await fleet.drover('apply', '-f', path)
  expect(answer.code, answer.stderr).toBe(0)
}

/** What is printed is wrapped. */
function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

async function planIsEmpty(): Promise<void> {
  const answer = await fleet.drover('plan', '-f', file, '--exit-code')
  expect(answer, answer.stdout).toMatchObject({ code: 0, stdout: expect.stringMatching(/no changes/i) })
}

async function newLeader(cluster: string, before: string): Promise<void> {
  const startedAt = Date.now()
  await waitUntil({
    what: `another leader of ${cluster}`,
    timeoutMs: 120_000,
    intervalMs: 500,
    check: async () => ![before, ''].includes((await fleet.cluster(cluster)).primary),
    explain: async () => (await fleet.drover('status')).stdout,
  })
  console.log(`${cluster} is led by another member after ${Math.round((Date.now() - startedAt) / 1000)} s`)
}

async function urlOf(cluster: string, service: string): Promise<string> {
  const url = urls.get(cluster) ?? (await fleet.url(cluster, service))
  urls.set(cluster, url)
  return url
}

async function write(statement: string): Promise<void> {
  await waitUntil({
    what: `\`${statement}\` to be done`,
    timeoutMs: 60_000,
    intervalMs: 500,
    check: async () =>
      fleet.sql.query(await urlOf('pg-main', 'primary'), statement).then(
        () => true,
        () => false,
      ),
  })
}

/** A row that is written to the source is soon in the copy, in its every member, and in the copy of the copy. */
async function arrives(text: string): Promise<void> {
  await write(`insert into notes values ('${text}')`)
  const ages = { copy: await ageIn('pg-copy', text), chain: await ageIn('pg-chain', text) }
  console.log(`age of '${text}' when it was first seen:`, JSON.stringify(ages))
}

/** How old a row was, in seconds, when a standby cluster had it first. */
async function ageIn(cluster: string, text: string): Promise<number> {
  let age: unknown
  await waitUntil({
    what: `'${text}' to be in ${cluster}`,
    timeoutMs: 120_000,
    intervalMs: 250,
    check: async () => {
      const query = `select extract(epoch from clock_timestamp() - at)::float8 as age from notes where text = '${text}'`
      const rows = await fleet.sql.query(await urlOf(cluster, 'replica'), query).catch(() => [])
      age = rows[0]?.['age']
      return age !== undefined
    },
    explain: async () => (await fleet.drover('status')).stdout,
  })
  return Number(age)
}

function rolesOf({ members }: ClusterStatus): readonly string[] {
  return members.map(({ role }) => role).toSorted()
}
