import { describe, expect, it } from 'vitest'
import { known, unknown } from '../../../shared/domain/facts.ts'
import { DEFAULT_THRESHOLDS } from '../../../shared/domain/health.ts'
import type { InstanceHealth, ServerHealth } from '../../../shared/domain/instance-health.ts'
import type { InstanceObservation } from '../../../shared/domain/observation.ts'
import { createFindingAges } from './finding-ages.ts'
import { findings } from './findings.ts'
import type { HealthNode, HealthView } from './health-view.ts'

const NOW = 1_000_000_000
const GIB = 1024 ** 3

const FACTS: NonNullable<HealthNode['facts']> = {
  glibc: known('2.41', 'dpkg'),
  icu: known('76.1', 'dpkg'),
  clock: { synchronized: known(true, 'timedatectl'), source: known('chrony', '/run') },
  virtualization: known('none', 'DMI'),
}

const WELL: ServerHealth = {
  transactionAge: { database: 'app', age: 150_000_000 },
  multixactAge: { database: 'app', age: 0 },
  inactiveSlots: [],
  prepared: { count: 0, oldestSeconds: 0 },
  collations: [],
}

function instance(
  health: Partial<InstanceHealth> = {},
  change: Partial<InstanceObservation> = {},
): InstanceObservation {
  return {
    cluster: 'pg-main',
    instance: 'pg-main-1',
    role: 'primary',
    state: 'running',
    poolers: [],
    services: [],
    health: { disks: [], server: WELL, ...health },
    ...change,
  }
}

function node(change: Partial<HealthNode> = {}): HealthNode {
  return {
    id: 'n1',
    name: 'node-1',
    facts: FACTS,
    observation: { observedAt: NOW, instances: [instance()] },
    clockOffsetMs: 20,
    ...change,
  }
}

function seen(nodes: readonly HealthNode[], change: Partial<HealthView> = {}) {
  const members = nodes.map(({ id }, index) => ({ instance: `pg-main-${index + 1}`, number: index + 1, nodeId: id }))
  const cluster = { portBlock: 0, postgresVersion: 17, nextNumber: 9, members, bootstrapped: true }
  const allocations = { etcd: null, clusters: { 'pg-main': cluster } }
  return findings({ now: NOW, nodes, allocations, left: [], thresholds: DEFAULT_THRESHOLDS, ...change })
}

function withServer(server: Partial<ServerHealth>) {
  return node({ observation: { observedAt: NOW, instances: [instance({ server: { ...WELL, ...server } })] } })
}

describe('the health of a fleet', () => {
  it('is good when nothing is found, and when an old agent says nothing', () => {
    expect(seen([node()])).toEqual([])
    expect(seen([node({ observation: { observedAt: NOW, instances: [] } })])).toEqual([])
  })

  it('suffers from a clock that nobody keeps in step; in a container that is for its host to see to', () => {
    const clock = { synchronized: unknown('nobody tells'), source: unknown('none') }
    expect(seen([node({ facts: { ...FACTS, clock } })])).toEqual([])
    const observation = { observedAt: NOW, instances: [], clock: { synchronized: false, source: 'chrony' } }
    expect(seen([node({ observation })])).toMatchObject([
      {
        code: 'clock-not-synchronized',
        severity: 'critical',
        blocks: ['restart', 'start-cluster', 'upgrade-cluster', 'renew-component'],
      },
    ])
    const facts = { ...FACTS, virtualization: known('container' as const, '/proc') }
    expect(seen([node({ observation, facts })])).toMatchObject([{ severity: 'warning', blocks: [] }])
  })

  it('suffers from a clock that was set, for a quarter of an hour, whatever that clock says now', () => {
    const clock = { synchronized: true, jump: { at: NOW + 3_600_000, byMs: 3_600_000 } }
    const observation = { observedAt: NOW, instances: [], clock }
    const jumped = node({ observation, clockOffsetMs: 3_600_000 })
    expect(seen([jumped]).map(({ code }) => code)).toEqual(['clock-jumped', 'clock-offset'])
    expect(seen([jumped], { now: NOW + 16 * 60_000 }).map(({ code }) => code)).toEqual(['clock-offset'])
  })

  it('says once of a file system that it is nearly full, whoever is on it', () => {
    const disk = { holds: 'data' as const, path: '/data', sizeBytes: 100 * GIB, availableBytes: 4 * GIB }
    const inodes = { total: 1000, free: 50 }
    const both = [instance({ disks: [{ ...disk, inodes }] }), instance({ disks: [disk] }, { instance: 'pg-main-2' })]
    expect(seen([node({ observation: { observedAt: NOW, instances: both } })])).toMatchObject([
      {
        code: 'disk-nearly-full',
        severity: 'critical',
        message: expect.stringContaining('4.0 GiB of 100.0 GiB (4 %)'),
      },
    ])
    const first = node({ observation: { observedAt: NOW, instances: both.slice(0, 1) } })
    expect(seen([first]).map(({ code, severity }) => [code, severity])).toEqual([
      ['disk-nearly-full', 'critical'],
      ['inodes-nearly-used', 'warning'],
    ])
  })

  it.each([
    ['transaction-age', 'warning', { transactionAge: { database: 'app', age: 900_000_000 } }],
    ['transaction-age', 'critical', { transactionAge: { database: 'app', age: 1_700_000_000 } }],
    ['multixact-age', 'critical', { multixactAge: { database: 'app', age: 1_700_000_000 } }],
    ['slot-holds-wal', 'warning', { inactiveSlots: [{ name: 'gone', retainedBytes: 3 * GIB, walStatus: 'extended' }] }],
    ['slot-holds-wal', 'critical', { inactiveSlots: [{ name: 'gone', retainedBytes: 30 * GIB }] }],
    ['slot-lost', 'warning', { inactiveSlots: [{ name: 'gone', retainedBytes: 0, walStatus: 'lost' }] }],
    ['archive-failing', 'warning', { archiver: { failing: true, failed: 1, waitingFiles: 0 } }],
    ['archive-failing', 'critical', { archiver: { failing: true, failed: 9, waitingFiles: 200 } }],
    ['prepared-transaction-old', 'warning', { prepared: { count: 1, oldestSeconds: 7200 } }],
    ['collation-version', 'critical', { collations: [{ database: 'app', recorded: '2.36', actual: '2.41' }] }],
  ] as const)('suffers from %s (%s)', (code, severity, server) => {
    expect(seen([withServer(server)])).toMatchObject([{ code, severity, concerns: { cluster: 'pg-main' } }])
  })

  it('does not suffer from a young slot, an archive that catches up or a prepared transaction of now', () => {
    const server = {
      inactiveSlots: [{ name: 'pg_main_2', retainedBytes: 64 * 1024 ** 2, walStatus: 'reserved' }],
      archiver: { failing: false, failed: 3, waitingFiles: 500 },
      prepared: { count: 4, oldestSeconds: 60 },
    }
    expect(seen([withServer(server)])).toEqual([])
  })

  it('suffers from sequences, a skewed start and settings that wait', () => {
    const health = { sequences: [{ database: 'app', name: 'public.ids', used: 0.95 }], startSkewSeconds: 40 }
    const instances = [instance(health, { pendingRestart: true })]
    expect(seen([node({ observation: { observedAt: NOW, instances } })]).map(({ code }) => code)).toEqual([
      'server-start-skew',
      'sequence-nearly-used',
      'pending-restart',
    ])
  })

  it('suffers when a host got another glibc after its member was placed there (S7); a patch release is the same', () => {
    const other = (version: string) =>
      node({ id: 'n2', name: 'node-2', facts: { ...FACTS, glibc: known(version, 'dpkg') } })
    expect(seen([node(), other('2.41.3')])).toEqual([])
    expect(seen([node(), other('2.36')])).toMatchObject([
      {
        code: 'collation-library',
        subject: { kind: 'cluster', name: 'pg-main' },
        message: expect.stringContaining('2.41 on node-1; 2.36 on node-2'),
        blocks: [
          'switchover',
          'failover',
          'reinit',
          'move',
          'replace',
          'drain',
          'remove-node',
          'upgrade-cluster',
          'renew-component',
        ],
      },
    ])
  })

  it('suffers from an etcd that is nearly or really full', () => {
    const etcd = { name: 'etcd-1', healthy: true, leader: true, dbSizeBytes: 95, quotaBytes: 100, alarms: ['NOSPACE'] }
    expect(seen([node({ observation: { observedAt: NOW, instances: [], etcd } })])).toMatchObject([
      { code: 'etcd-alarm', severity: 'critical' },
      { code: 'etcd-quota', severity: 'critical', blocks: [] },
    ])
  })

  it('tells of what left the fleet file and is still in PostgreSQL: blocked, waiting for its time, waiting for a name', () => {
    const object = { cluster: 'pg-main', keepMs: 1 }
    const hidden = { at: NOW, dropAfter: Date.UTC(2030, 0, 8) }
    const allocations = {
      etcd: null,
      clusters: { 'pg-main': { portBlock: 0, postgresVersion: 17, nextNumber: 2, members: [], bootstrapped: true } },
      retired: [
        { ...object, kind: 'user', name: 'bob', hidden, blocked: 'it owns 2 tables in app' },
        { ...object, kind: 'database', name: 'old', hidden },
        { ...object, kind: 'database', name: 'back', hidden, returning: true },
        { ...object, kind: 'schema', database: 'app', name: 'gone', hidden, dropped: true },
      ],
    } as const
    const left = [
      { kind: 'user', cluster: 'pg-main', name: 'bob' },
      { kind: 'database', cluster: 'pg-main', name: 'shop' },
      { kind: 'schema', cluster: 'pg-main', database: 'shop', name: 'sales' },
      { kind: 'extension', cluster: 'pg-main', database: 'app', name: 'hstore' },
      { kind: 'user', cluster: 'pg-other', name: 'eve' },
    ] as const
    expect(seen([], { allocations, left })).toMatchObject([
      {
        code: 'drop-blocked',
        severity: 'warning',
        message: 'over their time and not dropped: user bob (it owns 2 tables in app)',
        blocks: [],
      },
      {
        code: 'kept-objects',
        severity: 'info',
        message:
          'no longer in the spec, and kept until named (`drover apply --remove database:pg-main/shop`): database shop, extension hstore in app; out of reach, and dropped on their day: database old (2030-01-08)',
      },
    ])
    expect(seen([], { allocations: { ...allocations, retired: [] }, left: [] })).toEqual([])
  })

  it('follows the thresholds of the fleet', () => {
    const thresholds = { ...DEFAULT_THRESHOLDS, transactionAge: { warning: 100_000_000, critical: 140_000_000 } }
    expect(seen([node()], { thresholds })).toMatchObject([{ code: 'transaction-age', severity: 'critical' }])
  })

  it('remembers since when, over a moment without an answer, and not for ever', () => {
    const ages = createFindingAges()
    const found = seen([withServer({ archiver: { failing: true, failed: 1, waitingFiles: 0 } })])
    expect(ages.stamp(found, 1000)[0]?.since).toBe(1000)
    expect(ages.stamp([], 20_000)).toEqual([])
    expect(ages.stamp(found, 30_000)[0]?.since).toBe(1000)
    ages.stamp([], 95_000)
    expect(ages.stamp(found, 100_000)[0]?.since).toBe(100_000)
  })
})
