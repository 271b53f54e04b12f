import { describe, expect, it } from 'vitest'
import type { InstanceObservation, NodeObservation } from '../../shared/domain/observation.ts'
import { evaluate, primaryOf } from './conditions.ts'

describe('conditions', () => {
  it('sees a primary only when exactly one instance says so', () => {
    const one = observe({ n1: instance({ role: 'primary', state: 'running' }) })
    const two = observe({
      n1: instance({ role: 'primary', state: 'running' }),
      n2: instance({ instance: 'pg-main-2', role: 'primary', state: 'running' }),
    })
    expect(primaryOf('pg-main', one)).toEqual({ nodeId: 'n1', instance: 'pg-main-1' })
    expect(primaryOf('pg-main', two)).toBeNull()
    expect(evaluate({ kind: 'leader', cluster: 'pg-other' }, one)).toEqual({
      met: false,
      missing: 'pg-other has no primary yet',
    })
  })

  it('takes the leader of a standby cluster, which streams, for the one that leads', () => {
    const seen = observe({ n1: instance({ role: 'standby-leader', state: 'streaming' }) })
    expect(primaryOf('pg-main', seen)).toEqual({ nodeId: 'n1', instance: 'pg-main-1' })
  })

  it('says how the members are while there is no primary', () => {
    const observations = observe({ n1: instance({ state: 'start failed', detail: 'no space left' }) })
    expect(evaluate({ kind: 'leader', cluster: 'pg-main' }, observations)).toEqual({
      met: false,
      missing: 'pg-main has no primary yet: pg-main-1 is start failed (no space left)',
    })
  })

  it('names each member that does not stream yet, and the synchronous standby that is missing', () => {
    const observations = observe({
      n1: instance({ role: 'primary', state: 'running' }),
      n2: instance({ instance: 'pg-main-2', role: 'replica', state: 'creating replica' }),
    })
    const condition = {
      kind: 'members-streaming',
      cluster: 'pg-main',
      instances: ['pg-main-1', 'pg-main-2', 'pg-main-3'],
      syncStandbys: 1,
    } as const
    expect(evaluate(condition, observations)).toEqual({
      met: false,
      missing: 'pg-main-2 is creating replica; pg-main-3 is not reported; 0 of 1 synchronous standbys',
    })
  })

  it('accepts the words of Patroni 3 and of Patroni 4 for a streaming standby', () => {
    for (const state of ['running', 'streaming']) {
      const observations = observe({
        n1: instance({ role: 'primary', state: 'running' }),
        n2: instance({ instance: 'pg-main-2', role: 'sync-standby', state }),
      })
      const condition = {
        kind: 'members-streaming',
        cluster: 'pg-main',
        instances: ['pg-main-1', 'pg-main-2'],
        syncStandbys: 1,
      } as const
      expect(evaluate(condition, observations)).toEqual({ met: true })
    }
  })

  it('wants every pooler and service of every member', () => {
    const part = { name: 'primary', port: 5433, up: true }
    const down = { name: 'pooler-rw', port: 6432, up: false }
    const observations = observe({ n1: instance({ services: [part], poolers: [down] }) })
    expect(evaluate({ kind: 'services-up', cluster: 'pg-main', instances: ['pg-main-1'] }, observations)).toEqual({
      met: false,
      missing: 'pg-main-1: pooler-rw:6432 down',
    })
  })

  it('wants every etcd member healthy', () => {
    const members = [{ name: 'e1', nodeId: 'n1' }]
    expect(evaluate({ kind: 'etcd-healthy', members }, new Map())).toEqual({
      met: false,
      missing: 'etcd member e1: not healthy yet',
    })
  })

  it('waits for a new etcd to raise its cluster version, since Patroni looks at it once', () => {
    const condition = { kind: 'etcd-healthy', members: [{ name: 'e1', nodeId: 'n1' }] } as const
    const agreedOn = (clusterVersion: string) =>
      evaluate(
        condition,
        new Map([
          ['n1', { observedAt: 0, instances: [], etcd: { name: 'e1', healthy: true, leader: true, clusterVersion } }],
        ]),
      )
    expect(agreedOn('3.0.0')).toEqual({
      met: false,
      missing: 'etcd member e1: its members have only agreed on version 3.0.0 yet',
    })
    expect(agreedOn('3.4.0')).toEqual({ met: true })
    expect(agreedOn('3.5.0')).toEqual({ met: true })
  })
})

function instance(overrides: Partial<InstanceObservation>): InstanceObservation {
  return {
    cluster: 'pg-main',
    instance: 'pg-main-1',
    role: 'unknown',
    state: 'unreachable',
    poolers: [],
    services: [],
    ...overrides,
  }
}

function observe(instances: Readonly<Record<string, InstanceObservation>>): ReadonlyMap<string, NodeObservation> {
  return new Map(Object.entries(instances).map(([node, seen]) => [node, { observedAt: 0, instances: [seen] }]))
}
