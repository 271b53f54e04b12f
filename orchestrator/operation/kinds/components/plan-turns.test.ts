import { describe, expect, it } from 'vitest'
import { COMPONENTS } from '../../../../shared/domain/component.ts'
import { EMPTY_MANIFEST, type Manifest } from '../../../../shared/domain/manifest.ts'
import type { InstanceRole, NodeObservation } from '../../../../shared/domain/observation.ts'
import { planTurns, type Scenery } from './plan-turns.ts'

const OFFERS = {
  haproxy: ['3.0.12-1', '3.0.11-1'],
  'etcd-server': ['3.5.16-5', '3.5.16-4'],
  'etcd-client': ['3.5.16-5', '3.5.16-4'],
  patroni: ['4.0.7-1'],
  'python3-etcd': ['0.4.5-1'],
  pgbouncer: ['1.24.1-1'],
}

describe('the turns of an upgrade of components', () => {
  it('are one for each host and component that has another version, leaders last', () => {
    const turns = planTurns({ components: COMPONENTS, to: {} }, scenery())
    expect(turns.map(({ component, node }) => `${component} ${node}`)).toEqual([
      'haproxy node-2',
      'haproxy node-1',
      'etcd node-1',
      'etcd node-2',
    ])
    expect(turns[2]?.packages).toEqual([
      { name: 'etcd-server', from: '3.5.16-4', to: '3.5.16-5' },
      { name: 'etcd-client', from: '3.5.16-4', to: '3.5.16-5' },
    ])
  })

  it('go where somebody says, by the version of its makers too, and nowhere else', () => {
    const back = planTurns({ components: ['haproxy'], to: { haproxy: '3.0.11' } }, scenery('3.0.12-1'))
    expect(back.map(({ packages }) => packages[0]?.to)).toEqual(['3.0.11-1', '3.0.11-1'])
    expect(() => planTurns({ components: ['haproxy'], to: { haproxy: '9' } }, scenery())).toThrow(
      'no package source of debian13 has haproxy 9; on offer: 3.0.12-1, 3.0.11-1',
    )
  })

  it('leave out what a host does not have', () => {
    const { manifests, ...others } = scenery()
    const only = new Map([...manifests].map(([id, manifest]) => [id, { ...manifest, packages: [] }]))
    expect(planTurns({ components: COMPONENTS, to: {} }, { ...others, manifests: only })).toEqual([])
  })
})

/** The first one leads the cluster, the second one etcd. */
function scenery(haproxy = '3.0.11-1'): Scenery {
  const packages = [
    { name: 'haproxy', version: haproxy },
    { name: 'etcd-server', version: '3.5.16-4' },
    { name: 'etcd-client', version: '3.5.16-4' },
    { name: 'patroni', version: '4.0.7-1' },
    { name: 'python3-etcd', version: '0.4.5-1' },
    { name: 'postgresql-17', version: '17.11-1' },
  ]
  const manifest: Manifest = { ...EMPTY_MANIFEST, packages }
  const seen = (role: InstanceRole, leader: boolean): NodeObservation => ({
    observedAt: 1,
    etcd: { name: 'e', healthy: true, leader },
    instances: [{ cluster: 'pg', instance: 'pg-1', role, state: 'running', poolers: [], services: [] }],
  })
  return {
    nodes: ['1', '2'].map(id => ({ id, name: `node-${id}`, os: 'debian13' })),
    manifests: new Map([
      ['1', manifest],
      ['2', manifest],
    ]),
    observations: new Map([
      ['1', seen('primary', false)],
      ['2', seen('replica', true)],
    ]),
    offers: { debian13: OFFERS },
  }
}
