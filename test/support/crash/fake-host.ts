import type { StandIn } from '../../../agent/agent.ts'
import type { Command, CommandArgs, CommandKind } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import { known } from '../../../shared/domain/facts.ts'
import type { InstanceWatch, Manifest } from '../../../shared/domain/manifest.ts'
import type { InstanceObservation, NodeObservation } from '../../../shared/domain/observation.ts'
import { aNode } from '../snapshot-builder.ts'
import type { FakeWorld } from './fake-world.ts'

/** One made-up machine: it does at once what it is told, and is seen to be what it was told to be. */
export function fakeHost(world: FakeWorld, name: string): StandIn {
  const sketch = aNode({ name }).facts
  if (sketch === undefined) throw new Error('a sketch without facts')
  const facts = { ...sketch, os: { ...sketch.os, versionId: known('13', 'test') } }
  const number = Number(/\d+$/.exec(name)?.[0] ?? 1)
  return {
    evidence: { hostname: name, machineId: `machine-${name}`, macs: [], addresses: [`10.0.0.${10 + number}`] },
    collectFacts: async () => facts,
    observer: { observe: async () => observe(world, name), close: () => undefined },
    execute: async command => {
      const result = await perform(world, name, command)
      world.tookEffect(command.commandId, command.kind)
      return result
    },
  }
}

/** Kinds of commands that the made-up machine knows. */
type Performers = { readonly [K in CommandKind]?: (args: CommandArgs<K>, world: FakeWorld, node: string) => unknown }

const PERFORMERS: Performers = {
  converge: ({ manifest, dryRun }, world, node) => {
    if (dryRun) return { dryRun, items: [] }
    world.change(state => ({ ...state, manifests: { ...state.manifests, [node]: manifest } }))
    for (const watch of running(manifest)) electWhenNobodyLeads(world, watch)
    return { dryRun, items: [{ kind: 'file', name: '/etc/made-up', status: 'changed' }] }
  },
  'disk.probe': ({ directory }) => ({
    path: directory,
    samples: 64,
    p50Micros: 100,
    p99Micros: 200,
    maxMicros: 300,
    direct: true,
  }),
  'postgres.retire': ({ items }) => ({ changes: items.map(({ action, name }) => `${action} ${name}`), blocked: [] }),
  'postgres.provision': ({ dryRun }) => ({ dryRun, changes: ['create role app'] }),
  'patroni.configure': () => ({ changed: true }),
  'postgres.checkpoint': () => ({ tookMs: 1 }),
  'postgres.inspect': ({ instance }, world) => ({
    oldestTransactionMs: 0,
    archiverFails: false,
    archiveBacklog: 0,
    standbys: standbysOf(world, instance).map(standby => ({
      instance: standby,
      state: 'streaming',
      syncState: 'sync',
      lagBytes: 0,
    })),
  }),
  'postgres.await': ({ instance, until, timeoutMs }, world) => awaitState(world, { instance, until, timeoutMs }),
  'pooler.hold': () => ({ held: true, drainedMs: 1 }),
  'pooler.release': () => ({ heldMs: 5 }),
  'postgres.settings': ({ instance }, world) => ({
    startedAt: world.state().starts[instance] ?? 0,
    inRecovery: world.state().clusters[clusterOf(world, instance)]?.leader !== instance,
    wanted: {},
    settings: [],
  }),
  'patroni.reload': () => ({ tookMs: 1 }),
  'patroni.restart': ({ instance, startedAt }, world) => {
    if ((world.state().starts[instance] ?? 0) === startedAt) startAnew(world, instance)
    return { state: 'restarted', startedAt: world.state().starts[instance], tookMs: 1 }
  },
  'patroni.reinitialise': ({ instance }, world) => {
    startAnew(world, instance)
    return { message: 'reinitialize started' }
  },
  // Who votes is seen by what runs: here it is enough that the change is known.
  'etcd.change-member': ({ change }, world) => {
    world.change(state => ({ ...state, voters: [...(state.voters ?? []), `${change.do} ${change.name}`] }))
    return { members: [change.name] }
  },
  'patroni.switchover': ({ instance, candidate }, world) => {
    const cluster = clusterOf(world, instance)
    world.change(state => {
      const now = state.clusters[cluster]
      if (now?.leader === candidate) return state
      return {
        ...state,
        clusters: { ...state.clusters, [cluster]: { leader: candidate, timeline: (now?.timeline ?? 1) + 1 } },
      }
    })
    return { message: `Successfully switched over to "${candidate}"` }
  },
}

async function perform(world: FakeWorld, node: string, { kind, args }: Command): Promise<unknown> {
  const performer = PERFORMERS[kind] as ((args: unknown, world: FakeWorld, node: string) => unknown) | undefined
  if (performer === undefined)
    throw new DroverError('failed', `a made-up machine knows no ${kind}`, { retryable: false })
  return performer(args, world, node)
}

function startAnew(world: FakeWorld, instance: string): void {
  world.change(state => ({ ...state, starts: { ...state.starts, [instance]: (state.starts[instance] ?? 0) + 1 } }))
}

async function awaitState(
  world: FakeWorld,
  wanted: { readonly instance: string; readonly until: string; readonly timeoutMs: number },
): Promise<{ readonly tookMs: number }> {
  const since = Date.now()
  const cluster = clusterOf(world, wanted.instance)
  while (world.state().clusters[cluster]?.leader !== wanted.instance) {
    if (Date.now() - since > wanted.timeoutMs)
      throw new DroverError('timeout', `${wanted.instance} is not ${wanted.until}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  return { tookMs: Date.now() - since }
}

function observe(world: FakeWorld, node: string): NodeObservation {
  const manifest = world.state().manifests[node]
  const etcd = manifest?.watches.etcd
  return {
    observedAt: Date.now(),
    instances: manifest === undefined ? [] : running(manifest).map(watch => instanceSeen(world, watch)),
    ...(etcd === undefined ? {} : { etcd: { name: etcd.name, healthy: true, leader: false, clusterVersion: '3.5.0' } }),
  }
}

function instanceSeen(world: FakeWorld, watch: InstanceWatch): InstanceObservation {
  const { cluster, instance } = watch
  const { clusters, starts } = world.state()
  const isLeader = clusters[cluster]?.leader === instance
  const isWithdrawn = withdrawnIn(world).has(instance)
  const able = standbysOf(world, clusters[cluster]?.leader ?? '').filter(each => !withdrawnIn(world).has(each))
  const isFirstStandby = able[0] === instance
  return {
    cluster,
    instance,
    role: isLeader ? 'primary' : isFirstStandby ? 'sync-standby' : 'replica',
    state: isLeader ? 'running' : 'streaming',
    timeline: clusters[cluster]?.timeline ?? 1,
    lsn: 1000,
    ...(isWithdrawn ? { noFailover: true } : {}),
    ...(isLeader ? { replication: followersSeen(world, instance) } : {}),
    startedAt: String(starts[instance] ?? 0),
    poolers: watch.poolers.map(pooler => ({ ...pooler, up: true })),
    services: watch.services.map(({ name, port }) => ({ name, port, up: true })),
  }
}

function followersSeen(world: FakeWorld, leader: string) {
  return standbysOf(world, leader).map(name => ({ name, state: 'streaming', syncState: 'async' }))
}

/** Those whose Patroni is told that they are not to be promoted. */
function withdrawnIn(world: FakeWorld): ReadonlySet<string> {
  const files = Object.values(world.state().manifests).flatMap(manifest => manifest.files)
  return new Set(
    files.flatMap(({ path, content }) =>
      path.endsWith('/patroni.yml') && /nofailover: true/.test(content) ? [path.split('/').at(-2) ?? ''] : [],
    ),
  )
}

/** Those whose Patroni is started. */
function running({ units, watches }: Manifest): readonly InstanceWatch[] {
  const started = new Set(units.flatMap(({ name, state }) => (state === 'started' ? [name] : [])))
  return watches.instances.filter(({ patroniUnit }) => started.has(patroniUnit))
}

function electWhenNobodyLeads(world: FakeWorld, { cluster, instance }: InstanceWatch): void {
  world.change(state =>
    state.clusters[cluster] === undefined
      ? { ...state, clusters: { ...state.clusters, [cluster]: { leader: instance, timeline: 1 } } }
      : state,
  )
}

function standbysOf(world: FakeWorld, leader: string): readonly string[] {
  const instances = Object.values(world.state().manifests).flatMap(running)
  const cluster = instances.find(({ instance }) => instance === leader)?.cluster
  return instances
    .filter(watch => watch.cluster === cluster && watch.instance !== leader)
    .map(({ instance }) => instance)
    .sort()
}

function clusterOf(world: FakeWorld, wanted: string): string {
  const instances = Object.values(world.state().manifests).flatMap(({ watches }) => watches.instances)
  return instances.find(({ instance }) => instance === wanted)?.cluster ?? ''
}
