import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import type { ClusterStatus } from '../support/fleet-status.ts'
import { startWriterLoad, writesGoOn } from '../support/writer-load.ts'

/** Tombstones that end on real hosts: data go by themselves, when their time has come, and nothing else goes. */
const NODES = ['node-1', 'node-2'] as const
const MEMBERS = { 'pg-main': 1, 'pg-old': 2, 'pg-late': 2 } as const
type Name = keyof typeof MEMBERS

let fleet: TestFleet

beforeAll(async () => {
  fleet = await startFleet({ name: 'hq', subnet: '10.10.70.0/24', hosts: NODES.length })
  const answer = await apply('pg-main', 'pg-old', 'pg-late')
  expect(answer.code, answer.stderr).toBe(0)
  await fleet.waitForHealthy('pg-main')
})
afterAll(() => fleet?.down())

async function apply(...names: readonly Name[]) {
  const clusters = names.map(
    name =>
      `  - { name: ${name}, members: ${MEMBERS[name]}, workload: tiny, failover: fast, durability: async, users: [{ name: app }], databases: [{ name: app, owner: app }] }`,
  )
  const head = 'version: 1\nfleet: { name: hq, clientNetworks: [10.10.70.0/24] }\netcd: { members: 1 }\nclusters:\n'
  return fleet.drover('apply', '-f', await fleet.writeSpec(`${head}${clusters.join('\n')}\n`))
}

async function expectSettled(...names: readonly Name[]): Promise<void> {
  expect(await apply(...names)).toMatchObject({ code: 0, stdout: expect.stringMatching(/no changes/i) })
  const { nodes } = await fleet.json<{ nodes: { items: unknown[] }[] }>('drift')
  expect(nodes.flatMap(({ items }) => items)).toEqual([])
}

async function onHost(node: string, command: string): Promise<string> {
  return (await fleet.lab.exec(node, ['sh', '-c', command], { timeoutMs: 60_000 })).stdout.trim()
}

/** What lies beside each other below Drover's folder for data. */
async function dataOn(node: string): Promise<readonly string[]> {
  return (await onHost(node, 'ls /var/lib/drover/pg')).split('\n').sort()
}

async function voter(): Promise<string> {
  for (const node of NODES)
    if ((await onHost(node, 'systemctl is-active drover-etcd || true')) === 'active') return node
  throw new Error('no etcd runs')
}

/** Clusters of which Patroni keeps something in etcd. */
async function scopes(): Promise<readonly string[]> {
  const ask = [
    'import ssl, json, base64, urllib.request as u',
    "c = ssl.create_default_context(cafile='/etc/drover/tls/etcd/ca.crt')",
    "c.load_cert_chain('/etc/drover/tls/etcd/tls.crt', '/etc/drover/tls/etcd/tls.key')",
    'b = lambda text: base64.b64encode(text.encode()).decode()',
    "q = json.dumps({'key': b('/drover/'), 'range_end': b('/drover0'), 'keys_only': True}).encode()",
    "a = json.load(u.urlopen(u.Request('https://127.0.0.1:2379/v3/kv/range', q), context=c))",
    "print('\\n'.join(sorted({base64.b64decode(k['key']).decode().split('/')[2] for k in a.get('kvs', [])})))",
  ].join('\n')
  const { stdout } = await fleet.lab.exec(await voter(), ['python3', '-c', ask])
  return stdout.trim().split('\n')
}

async function tombstone(name: Name): Promise<{ readonly state: string; readonly eraseAfterMs?: number } | undefined> {
  const { clusters } = await fleet.json<{ clusters: (ClusterStatus & { eraseAfterMs?: number })[] }>('cluster', 'list')
  return clusters.find(each => each.name === name)
}

async function erasings(): Promise<
  readonly { readonly state: string; readonly requestedBy: string; readonly subject: string }[]
> {
  const { operations } = await fleet.json<{
    operations: { kind: string; state: string; requestedBy: string; subject: string }[]
  }>('operation', 'list')
  return operations.filter(({ kind }) => kind === 'erase')
}

async function remove(name: Name, keep: string): Promise<void> {
  const answer = await fleet.drover('cluster', 'remove', name, '--confirm', name, '--without-backup', '--keep', keep)
  expect(answer.code, answer.stderr).toBe(0)
}

describe('data whose tombstone is over', () => {
  it('go by themselves, not before, and nothing else goes', async () => {
    for (const node of NODES)
      await onHost(node, 'install -d /var/lib/drover/pg/by-hand && date > /var/lib/drover/pg/by-hand/kept')
    const before = new Map(await Promise.all(NODES.map(async node => [node, await dataOn(node)] as const)))
    const url = await fleet.url('pg-main')
    await using load = await startWriterLoad(fleet.lab, { url, run: 'erase', patienceMs: 10_000 })
    await writesGoOn(load, 50)
    await remove('pg-old', '45s')
    const { eraseAfterMs = 0 } = (await tombstone('pg-old')) ?? {}
    expect(eraseAfterMs).toBeGreaterThan(Date.now())
    for (const node of NODES) expect(await dataOn(node)).toEqual(before.get(node))
    await expect
      .poll(erasings, { timeout: 180_000, interval: 1_000 })
      .toMatchObject([{ state: 'done', requestedBy: 'drover', subject: expect.stringContaining('pg-old-1') }])
    expect(Date.now()).toBeGreaterThan(eraseAfterMs)
    for (const node of NODES)
      expect(await dataOn(node)).toEqual(before.get(node)?.filter(name => !name.startsWith('pg-old-')))
    expect(await tombstone('pg-old')).toBe(undefined)
    expect(await scopes()).toEqual(['pg-late', 'pg-main'])
    await writesGoOn(load, 50)
    const report = await load.stop()
    console.log('erased beside a writing load:', JSON.stringify(report))
    expect(report).toMatchObject({ failed: 0, inDoubt: 0, errors: {} })
    await expectSettled('pg-main', 'pg-late')
  })

  it('wait for a host that is off, and go when it is back', async () => {
    const stays = await voter()
    const goes = NODES.find(node => node !== stays) ?? ''
    const late = async (node: string) => (await dataOn(node)).filter(name => name.startsWith('pg-late-'))
    await remove('pg-late', '1m')
    await fleet.lab.powerOff([goes])
    await expect.poll(() => late(stays), { timeout: 240_000, interval: 1_000 }).toEqual([])
    expect((await tombstone('pg-late'))?.state).toBe('removed')
    await fleet.lab.powerOn([goes])
    await expect.poll(() => late(goes), { timeout: 240_000, interval: 1_000 }).toEqual([])
    await expect.poll(() => tombstone('pg-late'), { timeout: 60_000, interval: 1_000 }).toBe(undefined)
    expect(await scopes()).toEqual(['pg-main'])
    expect((await erasings()).map(({ state }) => state)).toEqual(['done', 'done', 'done'])
    await fleet.waitForHealthy('pg-main')
    await expectSettled('pg-main')
  })
})
