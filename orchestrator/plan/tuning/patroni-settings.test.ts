import { describe, expect, it } from 'vitest'
import type { SettingExplanation } from '../../../shared/domain/plan.ts'
import { specOf } from '../../../test/support/plan-runner.ts'
import { aSnapshot, nodes } from '../../../test/support/snapshot-builder.ts'
import { tuned } from '../../../test/support/tuned.ts'
import { patroniDynamicConfig } from '../render/dynamic-config.ts'

const ALL_KINDS = specOf(`
  - name: pg
    members: 3
    durability: strict-sync
    synchronous: { standbys: 2 }
    watchdog: automatic
    replicas:
      - { name: late, members: 1, role: delayed, delay: 1h }
      - { name: readers, role: replica, members: 1 }
  - name: copy
    standbyOf: { cluster: pg, delay: 10min }
  - name: loose
    durability: async
`)

describe('the explanation of what Patroni is told', () => {
  it('says how many standbys confirm, and why', () => {
    expect(explained('pg', 'patroni.synchronous_node_count')).toMatchObject([
      { value: '2', because: expect.stringContaining('standbys that confirm'), from: 'clusters.pg.synchronous' },
    ])
    expect(explained('pg', 'patroni.synchronous_mode_strict')).toMatchObject([
      { value: 'true', from: 'clusters.pg.durability', apply: 'reload' },
    ])
    expect(explained('loose', 'patroni.synchronous_node_count')).toEqual([])
  })

  it('says how far a member, and a whole standby cluster, stays behind', () => {
    expect(explained('pg', 'patroni.postgresql.recovery_conf.recovery_min_apply_delay')).toMatchObject([
      { instance: 'pg-4', value: '3600s', from: 'clusters.pg.replicas.late.delay' },
    ])
    expect(explained('copy', 'patroni.standby_cluster.recovery_min_apply_delay')).toMatchObject([
      { value: '600s', from: 'clusters.copy.standbyOf.delay' },
    ])
  })

  it('says what members with a use of their own may not do', () => {
    const tags = explained('pg').filter(({ name }) => name.startsWith('patroni.tags.'))
    expect(tags.map(({ instance, name }) => `${instance} ${name}`)).toEqual([
      'pg-4 patroni.tags.clonefrom',
      'pg-4 patroni.tags.nofailover',
      'pg-4 patroni.tags.noloadbalance',
      'pg-4 patroni.tags.nosync',
      'pg-5 patroni.tags.clonefrom',
      'pg-5 patroni.tags.nofailover',
      'pg-5 patroni.tags.nosync',
    ])
  })

  it('has a line for every key of the dynamic configuration', () => {
    for (const cluster of ALL_KINDS.clusters) {
      const { allocations, snapshot } = fleet()
      const fleetView = { spec: ALL_KINDS, snapshot, allocations }
      const config = patroniDynamicConfig({ cluster, settings: {}, bootstrap: false, fleet: fleetView })
      const keys = leafPaths(config).map(path => `patroni.${path}`)
      expect(explained(cluster.name).map(({ name }) => name)).toEqual(expect.arrayContaining(keys))
      expect(keys.length).toBeGreaterThan(8)
    }
  })
})

function fleet() {
  const snapshot = aSnapshot({ nodes: nodes(5) })
  const member = (cluster: string, number: number) => ({
    instance: `${cluster}-${number}`,
    number,
    nodeId: snapshot.nodes[number - 1]?.id ?? '',
  })
  const clusters = Object.fromEntries(
    ALL_KINDS.clusters.map(({ name, members }, portBlock) => [
      name,
      {
        portBlock,
        postgresVersion: 17,
        nextNumber: members + 1,
        members: Array.from({ length: members }, (_, index) => member(name, index + 1)),
        bootstrapped: true,
      },
    ]),
  )
  return { snapshot, allocations: { etcd: null, clusters } }
}

function explained(cluster: string, name?: string): readonly SettingExplanation[] {
  const { explanations } = tuned(ALL_KINDS, fleet().snapshot)[cluster] ?? { explanations: [] }
  return explanations.filter(each => name === undefined || each.name === name)
}

function leafPaths(value: unknown, path: readonly string[] = []): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path.join('.')]
  return Object.entries(value).flatMap(([key, inner]) => leafPaths(inner, [...path, key]))
}
