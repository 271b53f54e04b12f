import { describe, expect, it } from 'vitest'
import { clusterNamed, fateOf, imported, importedCluster, inventoryOf } from '../../../../test/support/pigsty.ts'

const TWO = { '10.0.0.2': { pg_seq: 2, pg_role: 'replica' } }
const VARS = 'all.children.pg-main.vars'

describe('the members of a cluster', () => {
  it('stand where Pigsty has them, the primary first, then by number', () => {
    const hosts = { '10.0.0.3': { pg_seq: 3, pg_role: 'replica' }, ...TWO }
    const primary = { pg_seq: 9 }
    expect(importedCluster({ hosts, primary })).toMatchObject({
      members: 3,
      placement: { nodes: ['10.0.0.1', '10.0.0.2', '10.0.0.3'] },
    })
  })

  it('that are offline or delayed are groups that never take over', () => {
    const hosts = {
      ...TWO,
      '10.0.0.3': { pg_seq: 3, pg_role: 'offline' },
      '10.0.0.4': { pg_seq: 4, pg_role: 'delayed', pg_delay: '1h' },
      '10.0.0.5': { pg_seq: 5, pg_role: 'delayed' },
    }
    const { members, replicas } = importedCluster({ hosts })
    expect(members).toBe(3)
    expect(replicas).toEqual([
      { name: 'offline', role: 'offline', members: 1, nodes: ['10.0.0.3'] },
      { name: 'delayed', role: 'delayed', members: 1, nodes: ['10.0.0.4'], delay: '1h' },
    ])
  })

  it('lose a weight and a cascade', () => {
    const hosts = { '10.0.0.2': { pg_seq: 2, pg_role: 'replica', pg_weight: 50, pg_upstream: '10.0.0.1' } }
    const { report } = imported(inventoryOf({ hosts }))
    const place = 'all.children.pg-main.hosts["10.0.0.2"]'
    expect(fateOf(report, `${place}.pg_weight`)).toContain('alike')
    expect(fateOf(report, `${place}.pg_upstream`)).toContain('no cascades')
  })
})

describe('a standby cluster', () => {
  const copy = (upstream: string) => ({
    'pg-copy': {
      hosts: { '10.0.0.7': { pg_seq: 1, pg_role: 'primary', pg_upstream: upstream, pg_delay: 60_000 } },
      vars: { pg_cluster: 'pg-copy', pg_users: [{ name: 'app' }] },
    },
  })

  it('follows the cluster that has the address, and has nothing of its own', () => {
    const result = imported(inventoryOf({ hosts: TWO, groups: copy('10.0.0.2') }))
    const cluster = clusterNamed(result, 'pg-copy')
    expect(cluster.standbyOf).toEqual({ cluster: 'pg-main', delay: '60000ms' })
    expect(cluster).not.toHaveProperty('users')
    expect(fateOf(result.report, 'all.children.pg-copy.vars.pg_users[0].name')).toContain('by replication from pg-main')
  })

  it('of a server that the inventory does not have becomes a cluster of its own', () => {
    const result = imported(inventoryOf({ groups: copy('192.0.2.1') }))
    expect(clusterNamed(result, 'pg-copy')).not.toHaveProperty('standbyOf')
    expect(fateOf(result.report, 'all.children.pg-copy.hosts["10.0.0.7"].pg_upstream')).toContain(
      'no cluster of this inventory',
    )
  })
})

describe('how much a failover may lose, and how long it may take', () => {
  it.each([
    [{ pg_rpo: 0 }, { durability: 'sync' }],
    [{ pg_rpo: 16_777_216 }, { failoverLag: 16_777_216 }],
    [{ pg_rpo: 1_048_576 }, {}],
    [{ pg_conf: 'crit.yml' }, { durability: 'strict-sync', workload: 'crit', watchdog: 'automatic' }],
    [{ pg_conf: 'crit.yml', patroni_watchdog_mode: 'required' }, { watchdog: 'required' }],
    [{ patroni_watchdog_mode: 'automatic' }, { watchdog: 'automatic' }],
    [{ pg_rto: 'wide' }, { failover: 'wide' }],
    [{ pg_rto: 30 }, {}],
  ])('%j is %j', (vars, expected) => {
    const { durability, failoverLag, workload, watchdog, failover } = importedCluster({ hosts: TWO, vars })
    const said = Object.entries({ durability, failoverLag, workload, watchdog, failover }).filter(
      ([, value]) => value !== undefined,
    )
    expect(Object.fromEntries(said)).toMatchObject(expected)
    if (Object.keys(expected).length === 0) expect(said).toEqual([])
  })

  it('cannot ask a standby where there is none', () => {
    const { file, report } = imported(inventoryOf({ vars: { pg_rpo: 0 } }))
    expect(file.clusters?.[0]).not.toHaveProperty('durability')
    expect(fateOf(report, `${VARS}.pg_rpo`)).toContain('no member is left that could confirm a commit')
  })
})

describe('tuning', () => {
  it('keeps what the inventory says itself', () => {
    const vars = {
      pg_conf: 'olap.yml',
      pg_max_conn: 250,
      pg_shared_buffer_ratio: 0.35,
      pg_io_method: 'io_uring',
      pg_parameters: { work_mem: '32MB', 'cron.database_name': 'app' },
      pg_libs: 'pg_cron, $libdir/passwordcheck, auto_explain',
    }
    expect(importedCluster({ vars })).toMatchObject({
      workload: 'olap',
      tuning: { sharedBuffersRatio: 0.35 },
      parameters: {
        max_connections: 250,
        io_method: 'io_uring',
        work_mem: '32MB',
        'cron.database_name': 'app',
        shared_preload_libraries: 'pg_cron,$libdir/passwordcheck,auto_explain',
      },
      packages: expect.arrayContaining(['postgresql-18-cron']),
    })
  })

  it('loses what would keep PostgreSQL from starting', () => {
    const vars = { pg_libs: 'no_such_library, auto_explain', pg_parameters: { port: 5555, nonsense: 1, fsync: 'on' } }
    const { file, report } = imported(inventoryOf({ vars }))
    expect(file.clusters?.[0]?.parameters).toEqual({ shared_preload_libraries: 'auto_explain', fsync: 'on' })
    expect(report.find(({ parameter }) => parameter === 'pg_libs')?.treatment).toMatchObject({
      names: ['no_such_library'],
    })
    expect(fateOf(report, `${VARS}.pg_parameters.port`)).toContain("Drover's to set")
    expect(fateOf(report, `${VARS}.pg_parameters.nonsense`)).toContain('has no parameter')
  })
})

describe('packages', () => {
  it('have the names that Debian gives them', () => {
    const vars = {
      pg_version: 17,
      pg_packages: ['pgsql-common'],
      pg_extensions: ['pgvector postgis,wal2json', 'postgresql-$v-orafce'],
    }
    expect(importedCluster({ vars }).packages).toEqual([
      'postgresql-17-pgvector',
      'postgresql-17-postgis-3',
      'postgresql-17-wal2json',
      'postgresql-17-orafce',
    ])
  })

  it('that only Pigsty has are named, word by word', () => {
    const { report } = imported(
      inventoryOf({ vars: { pg_extensions: ['pgvector pg_graphql vchord', 'pg18-gis', 'polardb'] } }),
    )
    const lost = report.filter(({ parameter }) => parameter === 'pg_extensions').map(({ treatment }) => treatment)
    expect(lost).toMatchObject([{ names: ['pg_graphql', 'vchord'] }, { names: ['pg18-gis'] }, { names: ['polardb'] }])
  })
})

describe('the pooler', () => {
  it('keeps mode, TLS and what it ignores', () => {
    const vars = {
      pgbouncer_poolmode: 'session',
      pgbouncer_sslmode: 'require',
      pgbouncer_ignore_param: ['search_path'],
    }
    expect(importedCluster({ vars }).pooler).toEqual({
      mode: 'session',
      tls: 'require',
      ignoreStartupParameters: ['search_path'],
    })
  })
})

describe('etcd and the kernel', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 3],
    [4, 3],
    [5, 5],
  ])('%i members become %i', (count, members) => {
    const hosts = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`10.0.1.${index}`, { etcd_seq: index }]),
    )
    expect(imported(inventoryOf({ groups: { etcd: { hosts } } })).file.etcd).toEqual({ members })
  })

  it('are left alone only where every profile is `none`', () => {
    expect(imported(inventoryOf({ globals: { node_tune: 'none' } })).file.fleet.kernel).toBe('leave')
    expect(imported(inventoryOf({ globals: { node_tune: 'oltp' } })).file.fleet.kernel).toBeUndefined()
  })
})
