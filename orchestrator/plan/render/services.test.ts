import { describe, expect, it } from 'vitest'
import type { ServiceSpec } from '../../../shared/domain/spec.ts'
import { localInstances } from './members.ts'
import type { RenderInput } from './render-input.ts'
import { renderNode } from './render-node.ts'
import { servicesOf } from './services.ts'
import { testingGroup, testingGroups, testingInput, testingStandby } from './testing-input.ts'

const offline = testingGroup({ name: 'reports', role: 'offline' })
const delayed = testingGroup({ name: 'yesterday', role: 'delayed', delaySeconds: 86_400 })
const pool = testingGroup({ name: 'readers' })

/** `pg-main-1 replica`, or `(pg-main-1 primary)` for a backup. */
function servers(input: RenderInput, service: string, cluster = 'pg-main'): readonly string[] {
  const local = localInstances(input).find(each => each.cluster.name === cluster)
  const found = local === undefined ? undefined : servicesOf(local).find(({ name }) => name === service)
  return (found?.servers ?? []).map(({ member, question, backup }) =>
    backup ? `(${member.instance} ${question})` : `${member.instance} ${question}`,
  )
}

function declared(change: Partial<ServiceSpec>): ServiceSpec {
  const plain = { target: 'pooler', check: 'replica', from: ['members'], backup: [], balance: 'leastconn' } as const
  return { name: 'own', port: 6000, ...plain, ...change }
}

describe('the service `replica`', () => {
  it('never leads to an offline or delayed member', () => {
    expect(servers(testingGroups([offline, delayed]), 'replica').join()).not.toMatch(/pg-main-[45]/)
  })

  it('falls back on less important readers, the most important first, and on the primary last', () => {
    const input = testingGroups([
      { ...pool, name: 'few', priority: 10 },
      pool,
      { ...pool, name: 'equal', priority: 100 },
    ])
    expect(servers(input, 'replica')).toEqual([
      'pg-main-1 replica',
      'pg-main-2 replica',
      'pg-main-3 replica',
      'pg-main-6 replica',
      '(pg-main-5 replica)',
      '(pg-main-4 replica)',
      '(pg-main-1 primary)',
      '(pg-main-2 primary)',
      '(pg-main-3 primary)',
    ])
  })
})

describe('the service `offline`', () => {
  it('leads to the offline members, to standbys while none is up, and never to a delayed one', () => {
    expect(servers(testingGroups([delayed, offline]), 'offline')).toEqual([
      'pg-main-5 running',
      '(pg-main-1 replica)',
      '(pg-main-2 replica)',
      '(pg-main-3 replica)',
      '(pg-main-1 primary)',
      '(pg-main-2 primary)',
      '(pg-main-3 primary)',
    ])
  })

  it('leads to standbys where there is no offline member', () => {
    expect(servers(testingInput(), 'offline').slice(0, 3)).toEqual([
      'pg-main-1 replica',
      'pg-main-2 replica',
      'pg-main-3 replica',
    ])
  })
})

describe('a service of the spec', () => {
  it('leads to the groups it names, and to its backups while none of them is up', () => {
    const services = [declared({ from: ['yesterday'], backup: ['readers'], target: 'postgres' })]
    expect(servers(testingGroups([delayed, pool], { services }), 'own')).toEqual([
      'pg-main-4 running',
      '(pg-main-5 replica)',
    ])
  })

  it('names each member once, however often its groups are named', () => {
    const services = [declared({ from: ['members', 'all'], backup: ['members'], check: 'read-only' })]
    expect(servers(testingGroups([pool], { services }), 'own')).toEqual([
      'pg-main-1 read-only',
      'pg-main-2 read-only',
      'pg-main-3 read-only',
      'pg-main-4 read-only',
    ])
  })

  it('asks only those that can ever be what it wants', () => {
    const asks = (check: ServiceSpec['check'], change = {}) =>
      servers(
        testingGroups([pool], { services: [declared({ check, target: 'postgres', from: ['all'] })], ...change }),
        'own',
      )
    expect(asks('primary')).toEqual(['pg-main-1 primary', 'pg-main-2 primary', 'pg-main-3 primary'])
    expect(asks('sync')).toEqual(['pg-main-1 sync', 'pg-main-2 sync', 'pg-main-3 sync'])
    expect(asks('sync', { durability: 'async' })).toEqual([])
    expect(asks('any')).toHaveLength(4)
  })

  it('writes through any pooler it names, each of which finds the primary', () => {
    const services = [declared({ check: 'primary', from: ['readers'] })]
    const input = testingGroups([pool], { services })
    expect(servers(input, 'own')).toEqual(['pg-main-4 alive'])
    expect(section(input, 'listen own')).toContain('10.0.0.14:6432 track poolers/pg-main-4 on-marked-down')
  })

  it('is a section with its port, balance and limit, whose port the unit is known to take', () => {
    const services = [declared({ target: 9187, check: 'any', balance: 'first', maxConnections: 7 })]
    const input = testingGroups([], { services })
    expect(section(input, 'listen own')).toMatchInlineSnapshot(`
      "listen own
        bind *:6000
        tcp-request connection reject if !{ src 127.0.0.1/32 10.0.0.11/32 10.0.0.12/32 10.0.0.13/32 192.168.0.0/16 }
        balance first
        maxconn 7
        server pg-main-1 10.0.0.11:9187 track alive-port-9187/pg-main-1 on-marked-down shutdown-sessions
        server pg-main-2 10.0.0.12:9187 track alive-port-9187/pg-main-2 on-marked-down shutdown-sessions
        server pg-main-3 10.0.0.13:9187 track alive-port-9187/pg-main-3 on-marked-down shutdown-sessions"
    `)
    expect(section(input, 'backend alive-port-9187')).toContain('  tcp-check connect port 9187\n')
    const manifest = renderNode(input)
    expect(manifest.units.find(({ name }) => name.includes('haproxy@'))?.listens).toContain(6000)
    expect(manifest.watches.instances[0]?.services).toContainEqual({ name: 'own', port: 6000, protocol: 'tcp' })
  })

  it('asks PostgreSQL itself when no role is wanted, and Patroni alone when one is', () => {
    const services = [
      declared({ target: 'postgres', check: 'any' }),
      declared({ name: 'synced', target: 'postgres', check: 'sync' }),
    ]
    const input = testingGroups([], { services })
    expect(section(input, 'backend alive-postgres')).toMatch(/connect port 5432\n.*send-binary 0000000804d21630/)
    expect(section(input, 'backend sync-postgres')).toMatch(/connect port 8008 ssl\n.*OPTIONS \/sync /)
    expect(section(input, 'backend sync-postgres')).not.toContain('connect port 5432')
  })
})

describe('a standby cluster', () => {
  it('has services for reading only, and its leader serves them too', () => {
    const input = testingStandby()
    expect(servers(input, 'primary', 'pg-copy')).toEqual([])
    expect(servers(input, 'default', 'pg-copy')).toEqual([])
    expect(servers(input, 'replica', 'pg-copy')).toEqual([
      'pg-copy-1 read-only',
      'pg-copy-2 read-only',
      'pg-copy-3 read-only',
    ])
    const watch = renderNode(input).watches.instances.find(({ cluster }) => cluster === 'pg-copy')
    expect(watch?.services.map(({ name }) => name)).toEqual(['replica', 'offline'])
    expect(watch?.poolers.map(({ name }) => name)).toEqual(['ro', 'source'])
  })

  it('finds the primary of the cluster it follows through a hop on its own host', () => {
    expect(section(testingStandby(), 'listen source', 'pg-copy')).toMatchInlineSnapshot(`
      "listen source
        bind 127.0.0.1:5445
        load-server-state-from-file global
        option tcp-check
        tcp-check connect port 8008 ssl
        tcp-check send "OPTIONS /primary HTTP/1.0\\r\\n\\r\\n"
        tcp-check expect rstring "^HTTP/1.[01] 200"
        server pg-main-1 10.0.0.11:5432 check check-ssl verifyhost pg-main-1 on-marked-down shutdown-sessions
        server pg-main-2 10.0.0.12:5432 check check-ssl verifyhost pg-main-2 on-marked-down shutdown-sessions
        server pg-main-3 10.0.0.13:5432 check check-ssl verifyhost pg-main-3 on-marked-down shutdown-sessions"
    `)
  })
})

describe('a standby cluster of a standby cluster', () => {
  it('follows whoever leads that, without a slot, with the roles and passwords of the first', () => {
    const input = testingStandby()
    const [main, copy] = input.spec.clusters
    const two = testingInput().allocations.clusters['pg-two']
    if (main === undefined || copy === undefined || two === undefined) throw new Error('the testing input has them')
    const far = { ...copy, name: 'pg-far', standbyOf: { cluster: 'pg-copy', delaySeconds: 0 } }
    const chain = {
      ...input,
      spec: { ...input.spec, clusters: [main, copy, far] },
      allocations: {
        ...input.allocations,
        clusters: { ...input.allocations.clusters, 'pg-far': { ...two, portBlock: 2, members: two.members } },
      },
    }
    expect(section(chain, 'listen source', 'pg-far')).toMatch(
      /port 8018 ssl\n.*OPTIONS \/leader [^]*pg-copy-1 10.0.0.11:5442/,
    )
    const file = renderNode(chain).files.find(({ path }) => path.endsWith('patroni/pg-two-2/patroni.yml'))
    expect(file?.content).toContain('clusters/pg-main/replicator')
    expect(file?.content).not.toContain('primary_slot_name')
  })
})

function section(input: RenderInput, start: string, cluster = 'pg-main'): string {
  const text = renderNode(input).files.find(({ path }) => path === `/etc/drover/haproxy/${cluster}.cfg`)?.content ?? ''
  return (
    text
      .split('\n\n')
      .find(each => each.startsWith(`${start}\n`))
      ?.trimEnd() ?? `no ${start}`
  )
}
