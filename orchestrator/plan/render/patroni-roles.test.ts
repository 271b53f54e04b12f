import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { RenderInput } from './render-input.ts'
import { renderNode } from './render-node.ts'
import { testingCluster, testingGroup, testingGroups, testingInput, testingStandby } from './testing-input.ts'

const groups = [
  testingGroup({ name: 'readers' }),
  testingGroup({ name: 'reports', role: 'offline' }),
  testingGroup({ name: 'yesterday', role: 'delayed', delaySeconds: 3600 }),
]

function patroni(input: RenderInput, number: number, cluster = 'pg-main') {
  const path = `/etc/drover/patroni/${cluster}-${number}/patroni.yml`
  return parse(renderNode({ ...input, nodeId: `id-${number}` }).files.find(file => file.path === path)?.content ?? '')
}

describe('a member that is no candidate', () => {
  it('never takes over and never confirms a commit', () => {
    const input = testingGroups(groups)
    expect(patroni(input, 1).tags).toEqual({ clonefrom: true })
    expect(patroni(input, 4).tags).toEqual({ nofailover: true, nosync: true, clonefrom: true })
    expect(patroni(input, 5).tags).toEqual({ nofailover: true, nosync: true, noloadbalance: true })
    expect(patroni(input, 6).tags).toEqual({ nofailover: true, nosync: true, noloadbalance: true, clonefrom: false })
  })

  it('applies late when it is delayed, and only then', () => {
    const input = testingGroups(groups)
    expect(patroni(input, 6).postgresql.recovery_conf).toEqual({ recovery_min_apply_delay: '3600s' })
    expect(patroni(input, 5).postgresql.recovery_conf).toBeUndefined()
  })
})

describe('settings of one member', () => {
  it('are in its own file, and do not touch what the machinery needs', () => {
    const memberSettings = { 'pg-main-2': { work_mem: '64MB', ssl: 'off' } }
    expect(patroni(testingInput({ memberSettings }), 2).postgresql.parameters).toMatchObject({
      work_mem: '64MB',
      ssl: 'on',
    })
    expect(patroni(testingInput({ memberSettings }), 1).postgresql.parameters.work_mem).toBeUndefined()
  })
})

describe('how many confirm a commit', () => {
  const zones = (...values: readonly string[]): RenderInput => {
    const input = testingGroups(groups, { synchronous: { standbys: 1, across: 'zone' } })
    const nodes = input.snapshot.nodes.map((node, index) => ({ ...node, labels: { zone: values[index] ?? 'z' } }))
    return { ...input, snapshot: { ...input.snapshot, nodes } }
  }

  it('is two when two members share a zone, and groups do not count', () => {
    expect(patroni(zones('a', 'a', 'b'), 1).bootstrap.dcs.synchronous_node_count).toBe(2)
    expect(patroni(zones('a', 'b', 'c'), 1).bootstrap.dcs.synchronous_node_count).toBe(1)
  })

  it('is nobody in a cluster that does not wait', () => {
    expect(patroni(testingGroups([], { durability: 'async' }), 1).bootstrap.dcs.synchronous_node_count).toBeUndefined()
  })
})

describe('the lag that still allows a failover', () => {
  it('is the spec’s', () => {
    expect(patroni(testingGroups([], { failoverLagBytes: 42 }), 1).bootstrap.dcs.maximum_lag_on_failover).toBe(42)
  })
})

describe('the watchdog', () => {
  const withWatchdog = (watchdog: 'off' | 'required') =>
    testingInput({ spec: { ...testingInput().spec, clusters: [testingCluster({ watchdog })] } })

  it('is off in words, because a missing section means `automatic`', () => {
    expect(patroni(withWatchdog('off'), 2).watchdog).toEqual({ mode: 'off' })
    expect(renderNode(withWatchdog('off')).files.some(({ path }) => path.includes('watchdog'))).toBe(false)
  })

  it('gets its device from a drop-in of the one instance', () => {
    const input = withWatchdog('required')
    expect(patroni(input, 2).watchdog).toMatchObject({ mode: 'required', device: '/dev/watchdog' })
    const path = '/etc/systemd/system/drover-patroni@pg-main-2.service.d/watchdog.conf'
    expect(renderNode(input).files.find(file => file.path === path)?.content).toContain('chown postgres /dev/watchdog')
  })
})

describe('a standby cluster', () => {
  it('follows through the hop on its own host, with a slot that the other cluster keeps', () => {
    const input = testingStandby({ standbyOf: { cluster: 'pg-main', delaySeconds: 60 } })
    expect(patroni(input, 1, 'pg-copy').bootstrap.dcs).toMatchObject({
      synchronous_mode: false,
      standby_cluster: {
        host: '127.0.0.1',
        port: 5445,
        primary_slot_name: 'drover_standby_pg_copy',
        create_replica_methods: ['basebackup'],
        recovery_min_apply_delay: '60s',
      },
    })
    expect(patroni(input, 1).bootstrap.dcs.slots).toEqual({ drover_standby_pg_copy: { type: 'physical' } })
    expect(patroni(input, 1).bootstrap.dcs.standby_cluster).toBeUndefined()
  })

  it('logs in with the passwords of the cluster it is a copy of', () => {
    const { authentication } = patroni(testingStandby(), 1, 'pg-copy').postgresql
    expect(authentication.replication.password).toBe('${secret:clusters/pg-main/replicator}')
    expect(authentication.rewind.password).toBe('${secret:clusters/pg-main/rewind}')
    const users = renderNode(testingStandby()).files.find(({ path }) => path.endsWith('pg-copy-2/users.txt'))
    expect(users?.content).toContain('"app" "${scram:clusters/pg-main/users/app}"')
  })
})
