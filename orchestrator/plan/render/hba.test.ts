import { describe, expect, it } from 'vitest'
import type { ClusterSpec, HbaSpec } from '../../../shared/domain/spec.ts'
import { postgresHba, serviceSources } from './hba.ts'
import { type LocalInstance, localInstances } from './members.ts'
import { poolerHba } from './pooler-hba.ts'
import { testingCluster, testingInput } from './testing-input.ts'

function rule(change: Partial<HbaSpec>): HbaSpec {
  return {
    order: 500,
    user: 'app',
    database: 'app',
    address: '10.9.0.0/16',
    auth: 'scram-sha-256',
    tls: true,
    role: 'all',
    on: 'both',
    ...change,
  }
}

function local(change: Partial<ClusterSpec>, group?: string): LocalInstance {
  const input = testingInput()
  const [first] = localInstances({ ...input, spec: { ...input.spec, clusters: [testingCluster(change)] } })
  if (first === undefined) throw new Error('the testing input has an instance on this node')
  return group === undefined ? first : { ...first, self: { ...first.self, group } }
}

function between(lines: readonly string[]): readonly string[] {
  const wall = lines.findLastIndex(line => line.includes('drover_rewind ::/0 reject'))
  return lines.slice(wall + 1, lines.indexOf('local all all scram-sha-256'))
}

function inPostgres(change: Partial<HbaSpec>): readonly string[] {
  return between(postgresHba(local({ hba: [rule(change)] })))
}

function inPooler(change: Partial<HbaSpec>, cluster: Partial<ClusterSpec> = {}): readonly string[] {
  return between(poolerHba(local({ ...cluster, hba: [rule(change)] })))
}

describe('a rule of the spec, in pg_hba.conf', () => {
  it('wants TLS unless it says otherwise, and refuses with and without it', () => {
    expect(inPostgres({})).toEqual(['hostssl app app 10.9.0.0/16 scram-sha-256'])
    expect(inPostgres({ tls: false, auth: 'md5' })).toEqual(['host app app 10.9.0.0/16 md5'])
    expect(inPostgres({ tls: false, auth: 'cert' })).toEqual(['hostssl app app 10.9.0.0/16 cert'])
    expect(inPostgres({ auth: 'reject' })).toEqual(['host app app 10.9.0.0/16 reject'])
    expect(inPostgres({ auth: 'ident', tls: false })).toEqual(['host app app 10.9.0.0/16 ident'])
  })

  it('knows the socket and the loopback', () => {
    expect(inPostgres({ address: 'local', auth: 'peer' })).toEqual(['local app app peer'])
    expect(inPostgres({ address: 'local', auth: 'ident' })).toEqual(['local app app peer'])
    expect(inPostgres({ address: 'localhost', auth: 'trust', tls: false })).toEqual([
      'host app app 127.0.0.1/32 trust',
      'host app app ::1/128 trust',
    ])
  })

  it('is asked in its order, and among equals in that of the file', () => {
    const hba = [
      rule({ user: 'c' }),
      rule({ user: 'a', order: 900 }),
      rule({ user: 'd' }),
      rule({ user: 'b', order: 1 }),
    ]
    const users = between(postgresHba(local({ hba }))).map(line => line.split(' ')[2])
    expect(users).toEqual(['b', 'c', 'd', 'a'])
  })

  it('binds only in the program that it names', () => {
    expect(inPostgres({ on: 'pooler' })).toEqual([])
    expect(inPooler({ on: 'postgres' })).toEqual([])
  })

  it('binds only on members that are for what it names', () => {
    const replicas = (['offline', 'delayed', 'replica'] as const).map(role => ({
      name: role,
      role,
      members: 1,
      priority: 50,
      labels: {},
    }))
    const has = (role: HbaSpec['role'], group?: string): boolean =>
      between(postgresHba(local({ replicas, hba: [rule({ role })] }, group))).length > 0
    const groups = [undefined, 'replica', 'offline', 'delayed']
    expect(groups.map(group => has('all', group))).toEqual([true, true, true, true])
    expect(groups.map(group => has('members', group))).toEqual([true, true, false, false])
    expect(groups.map(group => has('offline', group))).toEqual([false, false, true, false])
    expect(groups.map(group => has('delayed', group))).toEqual([false, false, false, true])
  })
})

describe('the machinery', () => {
  const trust = ['local', 'localhost', 'all'].map(address =>
    rule({ user: 'all', database: 'all', address, auth: 'trust', tls: false, order: 0 }),
  )

  it('is out of reach for every rule of the spec, by network and by socket', () => {
    const lines = postgresHba(local({ hba: trust }))
    const first = lines.findIndex(line => line.endsWith(' trust'))
    const before = lines.slice(0, first)
    expect(before).toContain('local all postgres peer')
    expect(before).toContain('local all drover_replicator,drover_rewind scram-sha-256')
    expect(before).toContain('host all postgres,drover_replicator,drover_rewind 0.0.0.0/0 reject')
    expect(before).toContain('host all postgres,drover_replicator,drover_rewind ::/0 reject')
  })

  it('cannot be reached through a pooler, which runs under the account of the superuser', () => {
    const lines = poolerHba(local({ hba: trust }))
    const before = lines.slice(
      0,
      lines.findIndex(line => line.endsWith(' trust')),
    )
    expect(before).toEqual([
      'local all postgres,drover_replicator,drover_rewind reject',
      'host all postgres,drover_replicator,drover_rewind 0.0.0.0/0 reject',
      'host all postgres,drover_replicator,drover_rewind ::/0 reject',
    ])
  })

  it('opens no replication connection to a rule that names the word', () => {
    expect(inPostgres({ database: 'replication' })).toEqual(['hostssl "replication" app 10.9.0.0/16 scram-sha-256'])
  })

  it('lets the members of a standby cluster stream, and nobody else’s', () => {
    const input = testingInput()
    const clusters = [
      testingCluster(),
      testingCluster({ name: 'pg-two', standbyOf: { cluster: 'pg-main', delaySeconds: 0 } }),
    ]
    const two = input.allocations.clusters['pg-two']
    if (two === undefined) throw new Error('the testing input has pg-two')
    const nodes = [
      ...input.snapshot.nodes,
      { id: 'far', name: 'far', state: 'ready' as const, address: '10.7.0.1', labels: {} },
    ]
    const members = [{ instance: 'pg-two-1', number: 1, nodeId: 'far' }]
    const [main] = localInstances({
      ...input,
      spec: { ...input.spec, clusters },
      snapshot: { ...input.snapshot, nodes },
      allocations: { ...input.allocations, clusters: { ...input.allocations.clusters, 'pg-two': { ...two, members } } },
    })
    const lines = main === undefined ? [] : postgresHba(main)
    expect(lines).toContain('hostssl replication drover_replicator 10.7.0.1/32 scram-sha-256')
    expect(lines).not.toContain('hostssl all all 10.7.0.1/32 scram-sha-256')
    expect(postgresHba(local({})).join('\n')).not.toContain('10.7.0.1')
  })
})

describe('a rule of the spec, in the poolers', () => {
  const user = testingCluster().users[0]
  if (user === undefined) throw new Error('the testing cluster has a user')

  it('is in words that every PgBouncer reads', () => {
    expect(inPooler({ auth: 'md5', address: 'all' })).toEqual([
      'hostssl app app 0.0.0.0/0 scram-sha-256',
      'hostssl app app ::/0 scram-sha-256',
    ])
    expect(inPooler({ address: 'local', auth: 'ident' })).toEqual(['local app app peer'])
  })

  it('refuses whoever proves himself by something that cannot be passed on', () => {
    expect(inPooler({ auth: 'cert' })).toEqual(['hostssl app app 10.9.0.0/16 reject'])
    expect(inPooler({ auth: 'ident', tls: false })).toEqual(['host app app 10.9.0.0/16 reject'])
  })

  it('names the users of a role, through other roles too, since PgBouncer would skip the line', () => {
    const users = [
      { ...user, name: 'readers', login: false },
      { ...user, name: 'analysts', login: false, memberOf: [{ role: 'readers', admin: false }] },
      { ...user, name: 'bob', memberOf: [{ role: 'analysts', admin: false }] },
      { ...user, name: 'dba', memberOf: [{ role: 'readers', admin: false }], pooled: false },
      { ...user, name: 'o-brien', memberOf: [{ role: 'readers', admin: false }] },
      user,
    ]
    expect(inPooler({ user: '+readers', auth: 'reject' }, { users })).toEqual([
      'host app bob,"o-brien" 10.9.0.0/16 reject',
    ])
    expect(inPooler({ user: '+nobody', auth: 'reject' }, { users })).toEqual([])
  })
})

describe('the sources of services', () => {
  it('are the networks that rules let in, whatever member they bind on', () => {
    const sources = (change: Partial<HbaSpec>) => serviceSources(local({ hba: [rule(change)] }))
    expect(sources({ role: 'offline' })).toContain('10.9.0.0/16')
    expect(sources({ auth: 'reject' })).not.toContain('10.9.0.0/16')
    expect(sources({ address: 'all' })).toEqual(['0.0.0.0/0', '::/0'])
    expect(sources({ address: 'local' })).toEqual(serviceSources(local({})))
  })
})
