import type { StandIn } from '../../../agent/agent.ts'
import { known } from '../../../shared/domain/facts.ts'
import type { InstanceWatch } from '../../../shared/domain/manifest.ts'
import type { InstanceObservation, NodeObservation } from '../../../shared/domain/observation.ts'
import { aNode } from '../snapshot-builder.ts'
import { confirmersIn, isPaused, running, standbysIn, withdrawnIn } from './fake-cluster.ts'
import { perform } from './fake-performers.ts'
import { INSTALLED } from './fake-versions.ts'
import type { FakeWorld, WorldState } from './fake-world.ts'

const ETCD = { healthy: true, clusterVersion: '3.5.0', dbSizeBytes: 1_000_000, quotaBytes: 2_000_000_000 }

/** One made-up machine: it does at once what it is told, and is seen to be what it was told to be. */
export function fakeHost(world: FakeWorld, name: string): StandIn {
  const sketch = aNode({ name }).facts
  if (sketch === undefined) throw new Error('a sketch without facts')
  const facts = { ...sketch, os: { ...sketch.os, versionId: known('13', 'test') } }
  const number = Number(/\d+$/.exec(name)?.[0] ?? 1)
  return {
    evidence: { hostname: name, machineId: `machine-${name}`, macs: [], addresses: [`10.0.0.${10 + number}`] },
    collectFacts: async () => facts,
    observer: { observe: async () => observe(world.state(), name), close: () => undefined },
    execute: async command => {
      const result = await perform(world, name, command)
      world.tookEffect(command.commandId, command.kind)
      return result
    },
  }
}

function observe(state: WorldState, node: string): NodeObservation {
  const manifest = state.manifests[node]
  const etcd = manifest?.watches.etcd
  return {
    observedAt: Date.now(),
    instances: manifest === undefined ? [] : running(manifest).map(watch => instanceSeen(state, watch)),
    ...(etcd === undefined ? {} : { etcd: { ...ETCD, name: etcd.name, leader: etcd.name === leaderOfEtcd(state) } }),
  }
}

function leaderOfEtcd({ manifests }: WorldState): string | undefined {
  return Object.values(manifests)
    .flatMap(({ watches }) => watches.etcd?.name ?? [])
    .toSorted()[0]
}

function instanceSeen(state: WorldState, watch: InstanceWatch): InstanceObservation {
  const { cluster, instance } = watch
  const services = watch.services.map(({ name, port }) => ({ name, port, up: true }))
  const poolers = watch.poolers.map(pooler => ({ ...pooler, up: true }))
  if (state.dead.includes(instance))
    return { cluster, instance, role: 'unknown', state: 'unreachable', poolers, services }
  const isLeader = state.clusters[cluster]?.leader === instance
  const pausedUntil = state.timers[instance]
  return {
    cluster,
    instance,
    role: isLeader ? 'primary' : confirmersIn(state, cluster).includes(instance) ? 'sync-standby' : 'replica',
    state: isLeader ? 'running' : 'streaming',
    timeline: state.clusters[cluster]?.timeline ?? 1,
    lsn: 1000,
    serverVersion: state.versions[instance] ?? INSTALLED,
    ...(withdrawnIn(state).has(instance) ? { noFailover: true } : {}),
    ...(isPaused(state, cluster) ? { paused: true } : {}),
    ...(pausedUntil === undefined ? {} : { pausedUntil }),
    ...(isLeader ? { replication: followersSeen(state, cluster) } : {}),
    startedAt: String(state.starts[instance] ?? 0),
    poolers,
    services,
  }
}

function followersSeen(state: WorldState, cluster: string) {
  return standbysIn(state, cluster).map(name => ({ name, state: 'streaming', syncState: 'async' }))
}
