import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import type { ClusterStatus } from '../support/fleet-status.ts'
import { startWriterLoad, writesGoOn } from '../support/writer-load.ts'

/** What leaves a fleet, told as one story: a member under load, then a whole cluster that stops, comes back, is removed, comes back and is erased. */
const spec = (members: number, clusters: readonly string[]): string => `version: 1
fleet: { name: departures, clientNetworks: [10.10.76.0/24] }
etcd: { members: 3 }
clusters:
${clusters.map(name => `  - { name: ${name}, members: ${name === 'pg-main' ? members : 2}, workload: tiny, failover: fast, durability: ${name === 'pg-main' ? 'sync' : 'async'}, users: [{ name: app }], databases: [{ name: app, owner: app }] }`).join('\n')}
`
const BOTH = ['pg-main', 'pg-old']

let fleet: TestFleet

beforeAll(async () => {
  fleet = await startFleet({ name: 'departures', subnet: '10.10.76.0/24', hosts: 3 })
  const answer = await apply(3, BOTH)
  expect(answer.code, answer.stderr).toBe(0)
  await Promise.all(BOTH.map(name => fleet.waitForHealthy(name)))
})
afterAll(() => fleet?.down())

async function file(members: number, clusters: readonly string[]): Promise<string> {
  return fleet.writeSpec(spec(members, clusters))
}

async function apply(members: number, clusters: readonly string[], ...options: readonly string[]) {
  return fleet.drover('apply', '-f', await file(members, clusters), ...options)
}

/** Nothing to do, and every host is as it is meant to be. */
async function expectSettled(members: number, clusters: readonly string[]): Promise<void> {
  expect(await apply(members, clusters)).toMatchObject({ code: 0, stdout: expect.stringMatching(/no changes/i) })
  const { nodes } = await fleet.json<{ nodes: { items: unknown[] }[] }>('drift')
  expect(nodes.flatMap(({ items }) => items)).toEqual([])
}

async function listed(name: string): Promise<(ClusterStatus & { eraseAfterMs?: number }) | undefined> {
  const { clusters } = await fleet.json<{ clusters: ClusterStatus[] }>('cluster', 'list')
  return clusters.find(each => each.name === name)
}

async function onHost(node: string, command: string): Promise<string> {
  return (await fleet.lab.exec(node, ['sh', '-c', command])).stdout.trim()
}

describe('a member that the file no longer asks for', () => {
  let leaver: { readonly name: string; readonly node: string }

  it('stays until it is named', async () => {
    const answer = await apply(2, BOTH)
    expect(answer.code).toBe(2)
    expect(answer.stderr).toMatch(/--remove pg-main-\d/)
    const { primary, members } = await fleet.cluster('pg-main')
    const named = /--remove (pg-main-\d)/.exec(answer.stderr)?.[1] ?? ''
    expect(named).not.toBe(primary)
    leaver = { name: named, node: members.find(({ name }) => name === named)?.node ?? '' }
    const refused = await apply(2, BOTH, '--remove', primary)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain(`drover cluster switchover pg-main`)
  })

  it('leaves under load: no transaction fails and none is lost, even when it is the one that confirms', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const synchronous = before.members.find(({ role }) => role === 'sync-standby')
    leaver = { name: synchronous?.name ?? '', node: synchronous?.node ?? '' }
    const url = await fleet.url('pg-main')
    const staying = url.replace(
      `${fleet.address(leaver.node)}:5433`,
      fleet.address('node-1') === fleet.address(leaver.node)
        ? `${fleet.address('node-2')}:5433`
        : `${fleet.address('node-1')}:5433`,
    )
    await using load = await startWriterLoad(fleet.lab, { url: staying, run: 'leaving', patienceMs: 30_000 })
    await writesGoOn(load, 100)
    const answer = await apply(2, BOTH, '--remove', leaver.name)
    expect(answer.code, answer.stderr).toBe(0)
    await writesGoOn(load, 100)
    const report = await load.stop()
    console.log('member removed:', JSON.stringify(report))
    expect(report).toMatchObject({ failed: 0, inDoubt: 0, errors: {} })
    expect(await load.verify(staying)).toMatchObject({ lost: [] })
    const after = await fleet.waitForHealthy('pg-main')
    expect(after.primary).toBe(before.primary)
    expect(after.members.map(({ name }) => name)).not.toContain(leaver.name)
    await expectSettled(2, BOTH)
  })

  it('has left nothing but its data, which no slot waits for', async () => {
    const { primary, members } = await fleet.cluster('pg-main')
    expect(await onHost(leaver.node, `systemctl is-active drover-patroni@${leaver.name} || true`)).toBe('inactive')
    expect(await onHost(leaver.node, `ls -d /etc/drover/*/${leaver.name} 2>/dev/null || true`)).toBe('')
    expect(await onHost(leaver.node, `ls /var/lib/drover/pg/${leaver.name}/data/PG_VERSION`)).toContain('PG_VERSION')
    const node = members.find(({ name }) => name === primary)?.node ?? ''
    const slots = await onHost(
      node,
      `runuser -u postgres -- psql -XAtq -h /run/drover-pg/${primary} -c 'select slot_name from pg_replication_slots'`,
    )
    expect(slots).not.toContain(leaver.name.replaceAll('-', '_'))
  })

  it('is erased by name', async () => {
    expect(await fleet.drover('cluster', 'purge', leaver.name)).toMatchObject({ code: 2 })
    const answer = await fleet.drover('cluster', 'purge', leaver.name, '--confirm', leaver.name)
    expect(answer.code, answer.stderr).toBe(0)
    expect(await onHost(leaver.node, `ls -d /var/lib/drover/pg/${leaver.name} 2>/dev/null || true`)).toBe('')
    await expectSettled(2, BOTH)
  })
})

describe('a cluster', () => {
  it('stops, stays stopped through an apply, and starts with everything', async () => {
    const url = await fleet.url('pg-old')
    await fleet.sql.query(url, 'create table kept as select 42 as answer')
    const stopped = await fleet.drover('cluster', 'stop', 'pg-old')
    expect(stopped.code, stopped.stderr).toBe(0)
    expect((await listed('pg-old'))?.state).toBe('hibernated')
    await expect(fleet.sql.query(url, 'select 1')).rejects.toThrow()
    await expectSettled(2, BOTH)
    const started = await fleet.drover('cluster', 'start', 'pg-old')
    expect(started.code, started.stderr).toBe(0)
    await fleet.waitForHealthy('pg-old')
    expect(await fleet.sql.query(url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await expectSettled(2, BOTH)
  })

  it('is removed only when its name is typed, and comes back as it was', async () => {
    const url = await fleet.url('pg-old')
    const before = await fleet.cluster('pg-old')
    const { members } = before
    expect(await fleet.drover('cluster', 'remove', 'pg-old', '--without-backup')).toMatchObject({ code: 2 })
    const unsafe = await fleet.drover('cluster', 'remove', 'pg-old', '--confirm', 'pg-old')
    expect(unsafe.code).toBe(5)
    expect(unsafe.stderr).toContain('--without-backup')
    const removed = await fleet.drover('cluster', 'remove', 'pg-old', '--confirm', 'pg-old', '--without-backup')
    expect(removed.code, removed.stderr).toBe(0)
    expect(await listed('pg-old')).toMatchObject({ state: 'removed', eraseAfterMs: expect.any(Number) })
    await expectSettled(2, ['pg-main'])
    const anew = await apply(2, BOTH)
    expect(anew.code).toBe(2)
    expect(anew.stderr).toContain('drover cluster undo-remove pg-old')

    const back = await fleet.drover('cluster', 'undo-remove', 'pg-old')
    expect(back.code, back.stderr).toBe(0)
    const after = await fleet.waitForHealthy('pg-old')
    expect(after.members.map(({ name, node, port }) => [name, node, port])).toEqual(
      members.map(({ name, node, port }) => [name, node, port]),
    )
    expect(after.primary).toBe(before.primary)
    expect(await fleet.sql.query(url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await expectSettled(2, BOTH)
  })

  it('is gone for ever once it is purged, and its name is free', async () => {
    const { members } = await fleet.cluster('pg-old')
    const removed = await apply(2, ['pg-main'], '--remove', 'pg-old')
    expect(removed.code, removed.stderr).toBe(0)
    const purged = await fleet.drover('cluster', 'purge', 'pg-old', '--confirm', 'pg-old', '--without-backup')
    expect(purged.code, purged.stderr).toBe(0)
    for (const { name, node } of members)
      expect(await onHost(node, `ls -d /var/lib/drover/pg/${name} 2>/dev/null || true`)).toBe('')
    expect(await listed('pg-old')).toBe(undefined)
    await expectSettled(2, ['pg-main'])
    const again = await apply(2, BOTH)
    expect(again.code, again.stderr).toBe(0)
    await fleet.waitForHealthy('pg-old')
    expect(await fleet.sql.query(await fleet.url('pg-old'), "select to_regclass('kept') as kept")).toEqual([
      { kept: null },
    ])
  })
})
