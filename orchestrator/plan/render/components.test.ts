import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import type { RenderInput } from './render-input.ts'
import { renderNode } from './render-node.ts'
import { testingCluster, testingInput } from './testing-input.ts'

function file(path: string, input: RenderInput = testingInput()): string {
  const found = renderNode(input).files.find(item => item.path === path)
  return found?.content ?? `no file ${path}`
}

function withCluster(change: Partial<ClusterSpec>): RenderInput {
  const input = testingInput()
  return { ...input, spec: { ...input.spec, clusters: [testingCluster(change)] } }
}

const PATRONI = '/etc/drover/patroni/pg-main-2/patroni.yml'
const HAPROXY = '/etc/drover/haproxy/pg-main.cfg'

describe('etcd', () => {
  it('is bounded, compacts itself, and lets in only certificates of the fleet', () => {
    expect(parse(file('/etc/drover/etcd/etcd.yml'))).toMatchObject({
      name: 'etcd-node-2',
      'initial-cluster':
        'etcd-node-1=https://10.0.0.11:2380,etcd-node-2=https://10.0.0.12:2380,etcd-node-3=https://10.0.0.13:2380',
      'quota-backend-bytes': 2_147_483_648,
      'auto-compaction-retention': '1h',
      'enable-grpc-gateway': true,
      'client-transport-security': { 'client-cert-auth': true, 'trusted-ca-file': '/etc/drover/tls/etcd/ca.crt' },
      'peer-transport-security': { 'client-cert-auth': true },
    })
  })
})

describe('Patroni', () => {
  it('asks the local etcd first and keeps to the list', () => {
    expect(parse(file(PATRONI)).etcd3).toMatchObject({
      protocol: 'https',
      hosts: ['127.0.0.1:2379', '10.0.0.11:2379', '10.0.0.13:2379'],
      use_proxies: true,
    })
  })

  it('seeds a cluster that looks every second, with failsafe, slots, rewind and synchronous replication', () => {
    expect(parse(file(PATRONI)).bootstrap.dcs).toMatchObject({
      ttl: 30,
      loop_wait: 1,
      failsafe_mode: true,
      synchronous_mode: true,
      synchronous_mode_strict: false,
      postgresql: { use_pg_rewind: true, use_slots: true, parameters: { max_connections: '100' } },
    })
    const dcs = (durability: ClusterSpec['durability']) =>
      parse(file(PATRONI, withCluster({ durability }))).bootstrap.dcs
    expect(dcs('async')).toMatchObject({ synchronous_mode: false, synchronous_mode_strict: false })
    expect(dcs('strict-sync')).toMatchObject({ synchronous_mode: true, synchronous_mode_strict: true })
  })

  it('lets anyone ask and only members change', () => {
    expect(parse(file(PATRONI)).restapi).toMatchObject({
      verify_client: 'optional',
      allowlist: ['127.0.0.1', '10.0.0.12'],
      allowlist_include_members: true,
    })
  })

  it('uses the collation of PostgreSQL itself where there is one', () => {
    expect(parse(file(PATRONI)).bootstrap.initdb).toContainEqual({ 'locale-provider': 'builtin' })
    const input = testingInput()
    const main = input.allocations.clusters['pg-main']
    if (main === undefined) throw new Error('the testing input has pg-main')
    const clusters = { ...input.allocations.clusters, 'pg-main': { ...main, postgresVersion: 15 } }
    const older = parse(file(PATRONI, { ...input, allocations: { ...input.allocations, clusters } }))
    expect(older.bootstrap.initdb).toEqual([
      { locale: 'C.UTF-8' },
      { encoding: 'UTF8' },
      { 'auth-local': 'peer' },
      { 'auth-host': 'scram-sha-256' },
      'data-checksums',
    ])
    expect(older.postgresql.bin_dir).toBe('/etc/drover/patroni/pg-main-2/runtime/lib/postgresql/15/bin')
  })
})

describe('where PostgreSQL listens', () => {
  it('is one address family, so that a taken port is a failed start and not a silent half', () => {
    expect(parse(file(PATRONI)).postgresql.listen).toBe('0.0.0.0:5432')
  })
})

describe('pg_hba', () => {
  it('shields the machinery before any rule of the spec can match', () => {
    const hba = [
      {
        user: 'all',
        database: 'all',
        address: 'all',
        auth: 'scram-sha-256' as const,
        order: 500,
        tls: true,
        role: 'all' as const,
        on: 'both' as const,
      },
    ]
    const rules: string[] = parse(file(PATRONI, withCluster({ hba }))).postgresql.pg_hba
    for (const everywhere of ['0.0.0.0/0', '::/0']) {
      const wall = rules.indexOf(`host all postgres,drover_replicator,drover_rewind ${everywhere} reject`)
      const open = rules.indexOf(`hostssl all all ${everywhere} scram-sha-256`)
      expect(wall).toBeGreaterThan(0)
      expect(open).toBeGreaterThan(wall)
    }
  })

  it('knows the words cluster and clients, and quotes odd names', () => {
    const hba = [
      {
        user: 'odd "name"',
        database: 'app',
        address: 'clients',
        auth: 'reject' as const,
        order: 500,
        tls: true,
        role: 'all' as const,
        on: 'both' as const,
      },
      {
        user: '+readers',
        database: 'all',
        address: 'cluster',
        auth: 'cert' as const,
        order: 500,
        tls: true,
        role: 'all' as const,
        on: 'both' as const,
      },
    ]
    const rules: string[] = parse(file(PATRONI, withCluster({ hba }))).postgresql.pg_hba
    expect(rules).toContain('host app "odd ""name""" 192.168.0.0/16 reject')
    expect(rules).toContain('hostssl all +readers 10.0.0.13/32 cert')
  })

  it('never trusts', () => {
    expect(file(PATRONI)).not.toMatch(/\b(trust|md5|password)$/m)
  })
})

describe('PgBouncer', () => {
  it('follows the primary through the local hop for writes, and stays at home for reads', () => {
    expect(file('/etc/drover/pgbouncer/pg-main-2/rw-databases.ini')).toBe(
      '[databases]\napp = host=127.0.0.1 port=5435 dbname=app\npostgres = host=127.0.0.1 port=5435 dbname=postgres pool_size=2 max_db_connections=2\n',
    )
    expect(file('/etc/drover/pgbouncer/pg-main-2/ro-databases.ini')).toContain(
      'app = host=/run/drover-pg/pg-main-2 port=5432',
    )
  })

  it('names networks, since a PgBouncer before 1.21 drops every rule with the address `all`', () => {
    const hba = [
      {
        user: 'all',
        database: 'all',
        address: 'all',
        auth: 'scram-sha-256' as const,
        order: 500,
        tls: true,
        role: 'all' as const,
        on: 'both' as const,
      },
    ]
    const rules = file('/etc/drover/pgbouncer/pg-main-2/hba.conf', withCluster({ hba }))
    expect(rules).toContain('host all postgres,drover_replicator,drover_rewind ::/0 reject')
    expect(rules).not.toMatch(/^host\S* \S+ \S+ all /m)
  })

  it('keeps prepared statements only where it can', () => {
    const ini = '/etc/drover/pgbouncer/pg-main-2/rw.ini'
    expect(file(ini)).toContain('max_prepared_statements = 256')
    const input = testingInput()
    const nodes = input.snapshot.nodes.map(node => ({ ...node, os: 'debian12' }))
    expect(file(ini, { ...input, snapshot: { ...input.snapshot, nodes } })).not.toContain('max_prepared_statements')
  })

  it('leaves connections to direct clients however large the pool is asked for', () => {
    const pooler = {
      mode: 'transaction' as const,
      maxClientConnections: 500,
      poolSize: 400,
      tls: 'prefer' as const,
      ignoreStartupParameters: ['extra_float_digits'],
    }
    const text = file('/etc/drover/pgbouncer/pg-main-2/rw.ini', withCluster({ pooler }))
    expect(text).toContain('default_pool_size = 44')
    expect(text).toContain('max_db_connections = 44')
  })
})

describe('HAProxy', () => {
  const section = (name: string) =>
    file(HAPROXY)
      .split('\n\n')
      .find(text => text.startsWith(`listen ${name}`))

  it('keeps writing clients on a living pooler and prefers the primary’s', () => {
    expect(section('primary')).toMatchInlineSnapshot(`
      "listen primary
        bind *:5433
        tcp-request connection reject if !{ src 127.0.0.1/32 10.0.0.11/32 10.0.0.12/32 10.0.0.13/32 192.168.0.0/16 }
        use-server pg-main-1 if { srv_is_up(write-hop/pg-main-1) }
        use-server pg-main-2 if { srv_is_up(write-hop/pg-main-2) }
        use-server pg-main-3 if { srv_is_up(write-hop/pg-main-3) }
        server pg-main-1 10.0.0.11:6432 track poolers/pg-main-1 on-marked-down shutdown-sessions
        server pg-main-2 10.0.0.12:6432 track poolers/pg-main-2 on-marked-down shutdown-sessions
        server pg-main-3 10.0.0.13:6432 track poolers/pg-main-3 on-marked-down shutdown-sessions"
    `)
  })

  it('cuts sessions to a member that is no longer the primary, behind the poolers', () => {
    expect(section('write-hop')).toMatchInlineSnapshot(`
      "listen write-hop
        bind 127.0.0.1:5435
        load-server-state-from-file global
        timeout connect 500ms
        retries 240
        option tcp-check
        tcp-check connect port 8008 ssl
        tcp-check send "OPTIONS /primary HTTP/1.0\\r\\n\\r\\n"
        tcp-check expect rstring "^HTTP/1.[01] 200"
        server pg-main-1 10.0.0.11:5432 check check-ssl verifyhost pg-main-1 on-marked-down shutdown-sessions
        server pg-main-2 10.0.0.12:5432 check check-ssl verifyhost pg-main-2 on-marked-down shutdown-sessions
        server pg-main-3 10.0.0.13:5432 check check-ssl verifyhost pg-main-3 on-marked-down shutdown-sessions
        server nobody 127.0.0.1:1 backup"
    `)
  })

  it('believes no member to be the primary before Patroni says so', () => {
    const rows = file('/etc/drover/haproxy/pg-main.states').trim().split('\n')
    const names = (rows[1] ?? '').slice(2).split(' ')
    for (const row of rows.slice(2)) {
      const values = row.split(' ')
      expect(values).toHaveLength(names.length)
      expect([values[names.indexOf('be_name')], values[names.indexOf('srv_op_state')]]).toEqual(['write-hop', '0'])
    }
    expect(rows).toHaveLength(5)
  })

  it('reads from standbys whose pooler answers too, and from the primary only when there is none', () => {
    const check = file(HAPROXY)
      .split('\n\n')
      .find(text => text.startsWith('backend replica-poolers'))
    expect(check).toMatch(/OPTIONS \/replica[^]*connect port 6433\n[^]*expect rstring "\^\[GN\]"/)
    expect(section('replica')).toContain('server pg-main-1 10.0.0.11:6433 track replica-poolers/pg-main-1')
    expect(section('replica')).toContain('server pg-main-1-as-primary 10.0.0.11:6433 track write-hop/pg-main-1 backup')
  })

  it('verifies every member that it asks', () => {
    for (const line of file(HAPROXY)
      .split('\n')
      .filter(text => text.includes('check-ssl')))
      expect(line).toContain('verifyhost pg-main-')
    expect(file(HAPROXY)).toContain('verify required ca-file /etc/drover/tls/pg-main-2/ca.crt')
  })
})
