import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFleet, type TestFleet } from '../support/fleet.ts'

/** What is not well on real hosts, told in status and heeded by operations; drift that Drover mends by itself. One story. */
let fleet: TestFleet

beforeAll(async () => {
  fleet = await startFleet({ name: 'hq', subnet: '10.10.70.0/24', hosts: 2 })
  expect(await apply('{}', 'report')).toBe(0)
  await fleet.waitForHealthy('pg-main')
})
afterAll(() => fleet?.down())

async function apply(health: string, drift: string): Promise<number> {
  const cluster = '{ name: pg-main, members: 2, workload: tiny, failover: fast, durability: async }'
  const text = `version: 1\nfleet: { name: hq, drift: ${drift}, health: ${health} }\netcd: { members: 1 }\nclusters: [${cluster}]\n`
  const { code, stderr } = await fleet.drover('apply', '-f', await fleet.writeSpec(text))
  if (code !== 0) throw new Error(stderr)
  return code
}

interface Shown {
  readonly code: string
  readonly severity: string
  readonly subject: string
  readonly message: string
  readonly blocks: readonly string[]
}

async function health(): Promise<readonly Shown[]> {
  return (await fleet.json<{ health: readonly Shown[] }>('status')).health
}

async function onPrimary(command: string): Promise<string> {
  const { primary, members } = await fleet.cluster('pg-main')
  const node = members.find(({ name }) => name === primary)?.node ?? ''
  return (await fleet.lab.exec(node, ['sh', '-c', command])).stdout.trim()
}

async function sql(statement: string): Promise<string> {
  const { primary } = await fleet.cluster('pg-main')
  return onPrimary(`runuser -u postgres -- psql -XAtq -h /run/drover-pg/${primary} -c "${statement}"`)
}

describe('the health of a fleet on hosts', () => {
  it('is good at first: hosts in a container may only be warned about the clock of their machine', async () => {
    const found = await health()
    expect(found.filter(({ severity }) => severity === 'critical')).toEqual([])
    expect(found.filter(({ code }) => !code.startsWith('clock-'))).toEqual([])
  })

  it('names a slot that holds WAL and a sequence near its end, by the thresholds of the file', async () => {
    expect(await apply('{ slotBytes: [1MB, 8MB] }', 'report')).toBe(0)
    await sql("SELECT pg_create_physical_replication_slot('gone', true)")
    await sql('CREATE TABLE filler AS SELECT repeat(md5(i::text), 40) t FROM generate_series(1, 20000) i')
    await sql('CREATE SEQUENCE ids AS integer START 2147000000')
    await sql("SELECT nextval('ids')")
    // Sequences are looked at every ten minutes, and first of all when an agent starts.
    await onPrimary('systemctl restart drover-agent')
    await expect
      .poll(async () => (await health()).map(({ code, severity }) => `${code} ${severity}`), {
        timeout: 90_000,
        interval: 1000,
      })
      .toEqual(expect.arrayContaining(['slot-holds-wal critical', 'sequence-nearly-used critical']))
    await sql("SELECT pg_drop_replication_slot('gone')")
    await expect
      .poll(async () => (await health()).map(({ code }) => code), { timeout: 60_000, interval: 1000 })
      .not.toContain('slot-holds-wal')
  })

  it('refuses a restart while the disk is too full, in the words of the finding, until somebody accepts that', async () => {
    expect(await apply('{ diskFree: [0.9999, 0.9999] }', 'report')).toBe(0)
    await expect
      .poll(async () => (await health()).map(({ code }) => code), { timeout: 60_000, interval: 1000 })
      .toContain('disk-nearly-full')
    const refused = await fleet.drover('cluster', 'restart', 'pg-main')
    expect(refused.code).toBe(5)
    expect(refused.stderr).toMatch(
      /restart of pg-main is refused, the fleet is not well: node node-\d: the file system of/,
    )
    expect(refused.stderr).toContain('--ignore-health disk-nearly-full')
    const accepted = await fleet.drover('cluster', 'restart', 'pg-main', '--ignore-health', 'disk-nearly-full')
    expect(accepted.code, accepted.stderr).toBe(0)
  })

  it('has etcd give free space back', async () => {
    const { voters } = await fleet.json<{ voters: { beforeBytes: number; afterBytes: number }[] }>('etcd', 'defrag')
    expect(voters).toHaveLength(1)
    expect(voters[0]?.afterBytes).toBeLessThanOrEqual(voters[0]?.beforeBytes ?? 0)
  })

  it('is mended by Drover itself where a file drifted, when the fleet says so', async () => {
    expect(await apply('{}', 'repair')).toBe(0)
    const file = (await onPrimary('ls /etc/drover/haproxy/*.cfg')).split('\n')[0] ?? ''
    const sum = await onPrimary(`sha256sum ${file}`)
    await onPrimary(`echo '# by hand' >> ${file}`)
    await expect.poll(() => onPrimary(`sha256sum ${file}`), { timeout: 180_000, interval: 2000 }).toBe(sum)
    const { records } = await fleet.json<{ records: { type: string; actor: string }[] }>('audit', 'list')
    expect(records.filter(({ type }) => type === 'drift:repair')).toMatchObject([{ actor: 'drover' }])
  })
})
