import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { type ClusterStatus, nodeOf } from '../support/fleet-status.ts'
import { startWriterLoad, type WriterLoad, writesGoOn } from '../support/writer-load.ts'

/** Changes of durability and failover mode on real hosts under a writing load, told as one story: each change begins where the last one ended. */
interface Rules {
  readonly durability: string
  readonly standbys?: number
  readonly failover: string
}
const spec = ({ durability, standbys, failover }: Rules): string => `version: 1
fleet: { name: hp, clientNetworks: [10.10.60.0/24] }
etcd: { members: 3 }
clusters:
  - name: pg-main
    members: 3
    durability: ${durability}
    ${standbys === undefined ? '' : `synchronous: { standbys: ${standbys} }`}
    failover: ${failover}
    workload: tiny
    users: [{ name: app }]
    databases: [{ name: app, owner: app }]
`
const CLUSTER = 'pg-main'

let fleet: TestFleet
let url: string
let rules: Rules = { durability: 'async', failover: 'norm' }
const table: string[] = []

beforeAll(async () => {
  fleet = await startFleet({ name: 'hp', subnet: '10.10.60.0/24', hosts: 3 })
  await applied({})
  url = await fleet.url(CLUSTER)
})
afterAll(async () => {
  console.log(
    ['', '| change | apply s | failed | in doubt | longest stall ms |', '|---|---|---|---|---|', ...table].join('\n'),
  )
  await fleet?.down()
})

describe('a change of durability under a writing load', () => {
  const changes: readonly [string, Partial<Rules>, number][] = [
    ['async to sync', { durability: 'sync' }, 1],
    ['sync to strict-sync', { durability: 'strict-sync' }, 1],
    ['one standby confirms to two', { standbys: 2 }, 2],
    ['two to one', { standbys: 1 }, 1],
    ['strict-sync to async', { durability: 'async' }, 0],
    ['async to strict-sync with two', { durability: 'strict-sync', standbys: 2 }, 2],
    ['strict-sync with two to sync with one', { durability: 'sync', standbys: 1 }, 1],
  ]
  it.each(changes)('%s: no transaction fails, none is lost', async (what, change, confirming) => {
    await unharmed(what, change)
    expect(confirmingOf(await fleet.waitForHealthy(CLUSTER))).toBe(confirming)
  })
})

describe('a change of the failover mode under a writing load', () => {
  it.each(['wide', 'fast', 'safe', 'fast'])('to %s: no transaction fails, none is lost', async failover => {
    await unharmed(`failover ${rules.failover} to ${failover}`, { failover })
  })
})

describe('what was acknowledged before a change', () => {
  it('outlives the primary’s host, which loses power right after the change to async', async () => {
    await applied({ durability: 'strict-sync' })
    await using load = await startWriterLoad(fleet.lab, { url, run: 'before async', patienceMs: 5_000 })
    await writesGoOn(load, 500)
    await load.stop()
    await applied({ durability: 'async' })
    await losePrimary(async () => expect(await load.verify(url)).toMatchObject({ lost: [] }))
  })
})

describe('what is acknowledged after a change', () => {
  it('to sync outlives the primary’s host, which loses power at once', async () => {
    await applied({ durability: 'sync' })
    await using load = await startWriterLoad(fleet.lab, { url, run: 'after sync', patienceMs: 5_000 })
    await writesGoOn(load, 200)
    await losePrimary(async () => {
      await writesGoOn(load, 200, 60_000)
      await toldOf('power-off of the primary after async to sync', load)
      expect(await load.verify(url)).toMatchObject({ lost: [] })
    })
  })

  it('to strict-sync waits for a standby: without any, nothing is acknowledged, and it goes on when one is back', async () => {
    await applied({ durability: 'strict-sync' })
    const { primary, members } = await fleet.waitForHealthy(CLUSTER)
    const standbys = members.filter(({ name }) => name !== primary)
    await using load = await startWriterLoad(fleet.lab, { url, run: 'nobody confirms', patienceMs: 60_000 })
    await writesGoOn(load, 200)
    await Promise.all(standbys.map(({ name, node }) => systemctl(node, 'stop', `drover-patroni@${name}`)))
    // What was on its way.
    await delay(2_000)
    const { acknowledged } = await load.progress()
    await delay(10_000)
    expect((await load.progress()).acknowledged).toBe(acknowledged)
    await Promise.all(standbys.map(({ name, node }) => systemctl(node, 'start', `drover-patroni@${name}`)))
    await writesGoOn(load, 200, 60_000)
    await toldOf('strict-sync with both standbys away for 12 s', load)
    expect(await load.verify(url)).toMatchObject({ lost: [] })
  })
})

async function unharmed(what: string, change: Partial<Rules>): Promise<void> {
  await using load = await startWriterLoad(fleet.lab, { url, run: what, patienceMs: 60_000 })
  await writesGoOn(load, 200)
  const startedAt = Date.now()
  await applied(change)
  const tookMs = Date.now() - startedAt
  await writesGoOn(load, 200)
  const report = await toldOf(what, load, tookMs)
  expect(report).toMatchObject({ failed: 0, inDoubt: 0, errors: {} })
  expect(await load.verify(url)).toMatchObject({ lost: [] })
}

async function toldOf(what: string, load: WriterLoad, tookMs = 0): ReturnType<WriterLoad['stop']> {
  const report = await load.stop()
  console.log(`${what}:`, JSON.stringify(report))
  const took = tookMs === 0 ? '' : (tookMs / 1000).toFixed(1)
  table.push(`| ${what} | ${took} | ${report.failed} | ${report.inDoubt} | ${Math.round(report.longestStallMs)} |`)
  return report
}

async function losePrimary(meanwhile: () => Promise<void>): Promise<void> {
  const before = await fleet.cluster(CLUSTER)
  const victim = nodeOf(before, before.primary)
  await fleet.lab.powerOff([victim])
  await waitUntil({
    what: 'another primary',
    timeoutMs: 90_000,
    intervalMs: 500,
    check: async () => ![before.primary, ''].includes((await fleet.cluster(CLUSTER)).primary),
    explain: async () => (await fleet.drover('status')).stdout,
  })
  await meanwhile()
  await fleet.lab.powerOn([victim])
  await fleet.waitForHealthy(CLUSTER, 180_000)
}

async function applied(change: Partial<Rules>): Promise<void> {
  rules = { ...rules, ...change }
  const answer = await fleet.drover('apply', '-f', await fleet.writeSpec(spec(rules)))
  expect(answer.code, answer.stderr).toBe(0)
  await fleet.waitForHealthy(CLUSTER)
}

function confirmingOf({ members }: ClusterStatus): number {
  return members.filter(({ role }) => role === 'sync-standby').length
}

async function systemctl(node: string, ...words: string[]): Promise<void> {
  await fleet.lab.exec(node, ['systemctl', ...words])
}
