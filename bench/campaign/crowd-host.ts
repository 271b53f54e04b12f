import { setTimeout as delay } from 'node:timers/promises'
import type { StandIn } from '../../agent/agent.ts'
import type { CommandArgs, CommandKind } from '../../shared/domain/command.ts'
import { known } from '../../shared/domain/facts.ts'
import type { InstanceWatch } from '../../shared/domain/manifest.ts'
import type { InstanceObservation, NodeObservation } from '../../shared/domain/observation.ts'
import { running } from '../../test/support/crash/fake-cluster.ts'
import { perform } from '../../test/support/crash/fake-performers.ts'
import { aNode } from '../../test/support/snapshot-builder.ts'
import { type CrowdWorld, NEWER, OLDER } from './crowd-world.ts'

const ETCD = { healthy: true, clusterVersion: '3.5.0', dbSizeBytes: 1_000_000, quotaBytes: 2_000_000_000 }
/** About what a small machine takes. */
const TAKES_MS: Partial<Record<CommandKind, number>> = {
  converge: 300,
  'runtime.try': 3_000,
  'patroni.restart': 1_000,
  'patroni.switchover': 500,
}

/** One of many made-up machines. `whole`: all members of a cluster run the same version now. */
export function crowdHost(world: CrowdWorld, name: string, whole: (cluster: string, version: string) => void): StandIn {
  const sketch = aNode({ name }).facts
  if (sketch === undefined) throw new Error('a sketch without facts')
  const facts = { ...sketch, os: { ...sketch.os, versionId: known('13', 'made up') } }
  const number = Number(/\d+$/.exec(name)?.[0] ?? 1)
  return {
    evidence: {
      hostname: name,
      machineId: `machine-${name}`,
      macs: [],
      addresses: [`10.1.${Math.floor(number / 250)}.${1 + (number % 250)}`],
    },
    collectFacts: async () => facts,
    observer: { observe: async () => observe(world, name), close: () => undefined },
    execute: async command => {
      await delay(TAKES_MS[command.kind] ?? 0)
      if (command.kind === 'runtime.try')
        return {
          serverVersion: (command.args as CommandArgs<'runtime.try'>).runtime === null ? OLDER : NEWER,
          extensions: {},
          available: {},
          sizeBytes: 76_000_000,
          tookMs: 3_000,
        }
      const result = await perform(world, name, command)
      if (command.kind === 'patroni.restart') {
        const found = world.started(name, (command.args as CommandArgs<'patroni.restart'>).instance)
        if (found !== null) whole(found.cluster, found.version)
      }
      return result
    },
  }
}

function observe(world: CrowdWorld, node: string): NodeObservation {
  const { manifests } = world.state()
  const manifest = manifests[node]
  const etcd = manifest?.watches.etcd
  return {
    observedAt: Date.now(),
    instances: manifest === undefined ? [] : running(manifest).map(watch => seen(world, watch)),
    ...(etcd === undefined ? {} : { etcd: { ...ETCD, name: etcd.name, leader: etcd.name === 'etcd-1' } }),
  }
}

/** Standbys that confirm commits are not made up here: durability of the crowd is `async`. */
function seen(world: CrowdWorld, watch: InstanceWatch): InstanceObservation {
  const { cluster, instance } = watch
  const { clusters, starts } = world.state()
  const isLeader = clusters[cluster]?.leader === instance
  const standbys = world.members(cluster).filter(each => each !== instance)
  return {
    cluster,
    instance,
    role: isLeader ? 'primary' : 'replica',
    state: isLeader ? 'running' : 'streaming',
    timeline: clusters[cluster]?.timeline ?? 1,
    lsn: 1000,
    serverVersion: world.versionOf(watch),
    startedAt: String(starts[instance] ?? 0),
    ...(isLeader ? { replication: standbys.map(name => ({ name, state: 'streaming', syncState: 'async' })) } : {}),
    poolers: watch.poolers.map(pooler => ({ ...pooler, up: true })),
    services: watch.services.map(({ name, port }) => ({ name, port, up: true })),
  }
}
