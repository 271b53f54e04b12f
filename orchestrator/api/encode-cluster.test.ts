import { describe, expect, it } from 'vitest'
import type { InstanceObservation } from '../../shared/domain/observation.ts'
import type { NodeState } from '../../shared/domain/snapshot.ts'
import { testingCluster, testingInput } from '../plan/render/testing-input.ts'
import { encodeCluster } from './encode-cluster.ts'
import type { FleetView, NodeView } from './fleet-view.ts'

const NOW = 1_000_000
const allocation = {
  portBlock: 0,
  postgresVersion: 17,
  nextNumber: 3,
  bootstrapped: true,
  members: [
    { instance: 'pg-1', number: 1, nodeId: 'n1' },
    { instance: 'pg-2', number: 2, nodeId: 'n2' },
  ],
}
const primary = instance('pg-1', { role: 'primary', lsn: 500 })
const replica = instance('pg-2', { role: 'replica', state: 'streaming', lsn: 400 })

describe('the state of a cluster', () => {
  it('is healthy when everything is as it should be', () => {
    expect(encode({ n1: seen(primary), n2: seen(replica) })).toMatchObject({
      state: 'healthy',
      primary: 'pg-1',
      warnings: [],
    })
  })

  it('is degraded by a standby that streams on an older timeline, and says what to do', () => {
    const moved = { n1: seen({ ...primary, timeline: 3 }), n2: seen({ ...replica, timeline: 2 }) }
    expect(encode(moved)).toMatchObject({
      state: 'degraded',
      warnings: [expect.stringMatching(/^pg-2 is on timeline 2, pg-1 on 3; .*: drover cluster reinit pg pg-2$/)],
    })
    expect(encode({ ...moved, n2: seen({ ...replica, timeline: 3 }) })).toMatchObject({ state: 'healthy' })
  })

  it('is healthy with a leader that follows another cluster', () => {
    const leader = instance('pg-1', { role: 'standby-leader', state: 'streaming', lsn: 500 })
    expect(encode({ n1: seen(leader), n2: seen(replica) })).toMatchObject({ state: 'healthy', primary: 'pg-1' })
  })

  it('says what a standby cluster follows, and how much later', () => {
    const view = viewOf({
      n1: seen(instance('pg-1', { role: 'standby-leader', state: 'streaming' })),
      n2: seen(replica),
    })
    const cluster = testingCluster({ name: 'pg', standbyOf: { cluster: 'pg-main', delaySeconds: 15 } })
    const spec = { ...testingInput().spec, clusters: [cluster] }
    const following = { state: 'healthy', standbyOf: 'pg-main', delaySeconds: 15 }
    expect(encodeCluster('pg', allocation, { ...view, spec })).toMatchObject(following)
    expect(encodeCluster('pg', allocation, view)).toMatchObject({ standbyOf: '', delaySeconds: 0 })
  })

  it('says what each member is for, as far as the applied file knows it', () => {
    const group = { name: 'reports', role: 'offline', members: 1, priority: 50, labels: {} } as const
    const view = viewOf({ n1: seen(primary), n2: seen(replica) })
    const cluster = testingCluster({ name: 'pg', replicas: [group] })
    const members = allocation.members.map((member, index) => ({
      ...member,
      ...(index === 1 ? { group: 'reports' } : {}),
    }))
    const purposes = (spec: FleetView['spec']) =>
      encodeCluster(
        'pg',
        { ...allocation, members },
        { ...view, ...(spec === undefined ? {} : { spec }) },
      ).members?.map(each => each.purpose)
    expect(purposes({ ...testingInput().spec, clusters: [cluster] })).toEqual(['member', 'offline'])
    expect(purposes(undefined)).toEqual(['member', 'member'])
  })

  it('is degraded when a member is not streaming, and says which', () => {
    const cluster = encode({ n1: seen(primary), n2: seen({ ...replica, state: 'starting' }) })
    expect(cluster).toMatchObject({ state: 'degraded', warnings: ['pg-2 is starting'] })
  })

  it('is degraded when a service is down', () => {
    const services = [{ name: 'replica', port: 5434, up: false }]
    const cluster = encode({ n1: seen(primary), n2: seen({ ...replica, services }) })
    expect(cluster).toMatchObject({ state: 'degraded', warnings: ['pg-2: replica:5434 down'] })
  })

  it('is unavailable without a primary, and unknown when nobody reports', () => {
    expect(encode({ n1: silent(), n2: seen(replica) })).toMatchObject({ state: 'unavailable', primary: '' })
    expect(encode({ n1: silent(), n2: silent() }).state).toBe('unknown')
  })

  it('never trusts two primaries', () => {
    const cluster = encode({ n1: seen(primary), n2: seen({ ...replica, role: 'primary', state: 'running' }) })
    expect(cluster).toMatchObject({ state: 'unavailable', primary: '' })
    expect(cluster.warnings?.[0]).toMatch(/more than one primary/)
  })

  it('calls a member of a silent node unreachable and one without news unknown', () => {
    const old = { ...seen(primary), at: NOW - 15_001 }
    const members = encode({ n1: old, n2: { ...silent(), at: NOW - 60_000, instance: replica } }).members
    expect(members).toMatchObject([
      { state: 'unknown', role: 'unknown', observedAtMs: NOW - 15_001 },
      { state: 'unreachable', role: 'unknown', observedAtMs: NOW - 60_000 },
    ])
    expect(members?.[1]).not.toHaveProperty('lagBytes')
  })

  it('is creating until it was bootstrapped', () => {
    const view = viewOf({ n1: seen(primary), n2: seen(replica) })
    expect(encodeCluster('pg', { ...allocation, bootstrapped: false }, view).state).toBe('creating')
  })

  it('has no negative lag when a standby was looked at later', () => {
    const members = encode({ n1: seen(primary), n2: seen({ ...replica, lsn: 900 }) }).members
    expect(members?.[1]?.lagBytes).toBe(0)
  })
})

interface Sight {
  readonly state: NodeState
  readonly at?: number
  readonly instance?: InstanceObservation
}

function seen(observed: InstanceObservation): Sight {
  return { state: 'ready', at: NOW, instance: observed }
}

function silent(): Sight {
  return { state: 'silent' }
}

function encode(sights: Readonly<Record<string, Sight>>) {
  return encodeCluster('pg', allocation, viewOf(sights))
}

function viewOf(sights: Readonly<Record<string, Sight>>): FleetView {
  const nodes = Object.entries(sights).map(([id, sight]) => [id, nodeView(id, sight)] as const)
  return { now: NOW, nodes: new Map(nodes), allocations: { etcd: null, clusters: { pg: allocation } } }
}

function nodeView(id: string, { state, at, instance: observed }: Sight): NodeView {
  const content = { observedAt: 0, instances: observed === undefined ? [] : [observed] }
  return {
    state,
    live: { connected: state === 'ready', ...(at === undefined ? {} : { observation: { receivedAt: at, content } }) },
    record: {
      id,
      name: id,
      generation: 1,
      identityKey: '',
      state: 'ready',
      labels: {},
      agentVersion: '',
      address: '10.0.0.1',
      tokenId: '',
      csrHash: '',
      enrolledAt: 0,
      recoveries: [],
      evidence: { hostname: id, machineId: '', productUuid: '', macs: [], addresses: [] },
    },
  }
}

function instance(name: string, changes: Partial<InstanceObservation>): InstanceObservation {
  return { cluster: 'pg', instance: name, role: 'unknown', state: 'running', poolers: [], services: [], ...changes }
}
