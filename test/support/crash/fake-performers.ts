import { packagesOf } from '../../../orchestrator/plan/component-manifest.ts'
import type { Command, CommandArgs, CommandKind, CommandResult } from '../../../shared/domain/command.ts'
import { componentOf } from '../../../shared/domain/component.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { InstanceWatch, Manifest } from '../../../shared/domain/manifest.ts'
import type { PatroniSurvey } from '../../../shared/domain/patroni-survey.ts'
import { clusterOf, confirmersIn, isPaused, merged, parametersOf, running, seedOf, standbysIn } from './fake-cluster.ts'
import { INSTALLED, versionAtStart } from './fake-versions.ts'
import type { FakeWorld, WorldState } from './fake-world.ts'

/** A server takes it only when it starts. */
const AT_START = ['track_commit_timestamp']

/** Does what a command asks for to the made-up world, at once. Throws for a kind that no made-up machine knows. */
export async function perform(world: FakeWorld, node: string, { kind, args }: Command): Promise<unknown> {
  const performer = PERFORMERS[kind] as ((args: unknown, world: FakeWorld, node: string) => unknown) | undefined
  if (performer === undefined)
    throw new DroverError('failed', `a made-up machine knows no ${kind}`, { retryable: false })
  return performer(args, world, node)
}

type Performers = {
  readonly [K in CommandKind]?: (
    args: CommandArgs<K>,
    world: FakeWorld,
    node: string,
  ) => CommandResult<K> | Promise<CommandResult<K>>
}

const PERFORMERS: Performers = {
  converge: ({ manifest, dryRun }, world, node) => {
    if (dryRun) return { dryRun, items: [] }
    world.change(({ manifests }) => ({ manifests: { ...manifests, [node]: manifest } }))
    for (const watch of running(manifest)) beginsToRun(world, manifest, watch)
    return { dryRun, items: [{ kind: 'file', name: '/etc/made-up', status: 'changed' }] }
  },
  'disk.probe': ({ directory }) => ({
    path: directory,
    samples: 64,
    p50Micros: 100,
    p99Micros: 200,
    maxMicros: 300,
    direct: true,
    takenAt: '2026-01-01T00:00:00Z',
  }),
  'postgres.retire': ({ items }) => ({ changes: items.map(({ action, name }) => `${action} ${name}`), blocked: [] }),
  'postgres.provision': ({ dryRun }) => ({ dryRun, changes: ['create role app'] }),
  'postgres.checkpoint': () => ({ tookMs: 1 }),
  'postgres.inspect': ({ instance }, world) => {
    const state = world.state()
    const cluster = clusterOf(state, instance)
    const confirmers = confirmersIn(state, cluster)
    const standbys = standbysIn(state, cluster).map(standby => ({
      instance: standby,
      state: 'streaming',
      syncState: confirmers.includes(standby) ? 'sync' : 'async',
      lagBytes: 0,
    }))
    return { oldestTransactionMs: 0, archiverFails: false, archiveBacklog: 0, standbys }
  },
  'runtime.try': ({ runtime }) => ({
    serverVersion: runtime?.split('-')[0] ?? INSTALLED,
    extensions: {},
    available: {},
    sizeBytes: 1,
    tookMs: 1,
  }),
  'instance.activity': () => ({ at: Date.now() }),
  'postgres.update-extensions': () => ({ updated: [], refused: [] }),
  'pooler.backends': () => ({ primary: [], own: [] }),
  'postgres.upgrade-look': () => ({ clients: [], collations: {}, extensions: [], outputPlugins: [] }),
  'postgres.await': ({ instance, until, timeoutMs }, world) => awaitState(world, { instance, until, timeoutMs }),
  'postgres.probe-write': ({ instance }, world) => {
    if (!leads(world.state(), instance)) throw new DroverError('failed', `${instance} takes no writes`)
    return { tookMs: 1 }
  },
  'pooler.hold': ({ instance, port }, world) => {
    const pooler = `${instance} ${port}`
    world.change(({ held }) => ({ held: [...held.filter(each => each !== pooler), pooler] }))
    return { held: true, drainedMs: 1 }
  },
  'pooler.release': ({ instance, port }, world) => {
    const pooler = `${instance} ${port}`
    if (!world.state().held.includes(pooler)) return {}
    world.change(({ held }) => ({ held: held.filter(each => each !== pooler) }))
    return { heldMs: 5 }
  },
  'postgres.settings': ({ instance }, world) => {
    const state = world.state()
    const wanted = parametersAtStart(state, clusterOf(state, instance))
    return {
      startedAt: state.starts[instance] ?? 0,
      inRecovery: !leads(state, instance),
      wanted,
      settings: Object.entries(wanted).map(([name, file]) => {
        const now = state.startedWith[instance]?.[name] ?? file
        return { name, running: now, file, type: 'bool', pending: now !== file }
      }),
    }
  },
  'patroni.configure': ({ instance, patch }, world) => {
    world.change(state => {
      const cluster = clusterOf(state, instance)
      return { dynamic: { ...state.dynamic, [cluster]: merged(state.dynamic[cluster] ?? {}, patch) } }
    })
    return { changed: true }
  },
  'patroni.reload': () => ({ tookMs: 1 }),
  'patroni.restart': ({ instance, startedAt }, world) => {
    if ((world.state().starts[instance] ?? 0) === startedAt) startAnew(world, instance)
    return { state: 'restarted', startedAt: world.state().starts[instance] ?? 0, tookMs: 1 }
  },
  'patroni.reinitialise': ({ instance }, world) => {
    startAnew(world, instance)
    return { message: 'reinitialize started' }
  },
  'patroni.pause-deadline': ({ instance, until }, world) => {
    world.change(({ timers: { [instance]: _ended, ...timers } }) => ({
      timers: until === null ? timers : { ...timers, [instance]: until },
    }))
    return {}
  },
  'patroni.switchover': ({ instance, candidate }, world) => {
    promote(world, clusterOf(world.state(), instance), candidate)
    return { message: `Successfully switched over to "${candidate}"` }
  },
  'patroni.survey': ({ instance }, world) => survey(world.state(), instance),
  // Whoever was dead is back, and follows.
  'patroni.failover': ({ instance }, world) => {
    promote(world, clusterOf(world.state(), instance), instance)
    world.change(() => ({ dead: [] }))
    return { message: `Successfully failed over to "${instance}"` }
  },
  'patroni.release-slot': () => ({ released: true }),
  'instance.erase': ({ instance, early, notBefore }, world) => {
    if (!early && Date.now() < notBefore) throw new DroverError('conflict', `${instance} is kept`)
    if (world.state().erased.includes(instance)) return { erased: false, left: [] }
    world.change(({ erased }) => ({ erased: [...erased, instance] }))
    return { erased: true, left: [] }
  },
  // A cluster of which etcd knows nothing is a new one when it comes again.
  'etcd.forget-scope': ({ scope, member }, world) => {
    if (member === undefined)
      world.change(({ clusters: { [scope]: _gone, ...clusters }, dynamic: { [scope]: _dynamic, ...dynamic } }) => ({
        clusters,
        dynamic,
      }))
    return { deleted: 1 }
  },
  // Who votes is seen by what runs: here it is enough that the change is known.
  'etcd.change-member': ({ change }, world) => {
    world.change(({ voters }) => ({ voters: [...voters, `${change.do} ${change.name}`] }))
    return { members: [change.name] }
  },
  'component.renew': ({ unit }, world, node) => renew(world, node, unit),
  'pooler.drain': () => ({ clients: 0 }),
  'etcd.maintain': ({ do: what }, world, node) => {
    const name = world.state().manifests[node]?.watches.etcd?.name ?? ''
    if (what === 'defragment')
      world.change(({ defragmented }) => ({
        defragmented: { ...defragmented, [name]: (defragmented[name] ?? 0) + 1 },
      }))
    return { tookMs: 1 }
  },
}

/** What is asked of a Patroni while nobody has paused its cluster would take its server with it. */
function renew(world: FakeWorld, node: string, unit: string): CommandResult<'component.renew'> {
  const state = world.state()
  const component = componentOf(unit)
  const manifest = state.manifests[node]
  if (component === undefined || manifest === undefined) throw new DroverError('denied', `${unit} is no component`)
  const instance = /@(.*)\.service$/.exec(unit)?.[1] ?? ''
  if (component === 'patroni' && !isPaused(state, clusterOf(state, instance)))
    throw new DroverError('conflict', `${instance} is not paused`)
  const version = packagesOf(component, manifest)[0]?.version ?? ''
  if (state.renewed[unit] === version) return { renewed: false, tookMs: 1 }
  world.change(({ renewed }) => ({ renewed: { ...renewed, [unit]: version } }))
  return { renewed: true, tookMs: 1 }
}

/** Patroni elects the first one of a cluster that has no leader, which seeds its configuration. */
function beginsToRun(world: FakeWorld, manifest: Manifest, { cluster, instance }: InstanceWatch): void {
  world.change(state => {
    const isNew = state.clusters[cluster] === undefined
    const dynamic = isNew ? { ...state.dynamic, [cluster]: seedOf(manifest, instance) } : state.dynamic
    const startedWith = state.startedWith[instance] ?? parametersAtStart({ ...state, dynamic }, cluster)
    return {
      dynamic,
      erased: state.erased.filter(each => each !== instance),
      startedWith: { ...state.startedWith, [instance]: startedWith },
      clusters: isNew ? { ...state.clusters, [cluster]: { leader: instance, timeline: 1 } } : state.clusters,
    }
  })
}

function startAnew(world: FakeWorld, instance: string): void {
  world.change(state => ({
    starts: { ...state.starts, [instance]: (state.starts[instance] ?? 0) + 1 },
    versions: { ...state.versions, [instance]: versionThere(state, instance) },
    startedWith: { ...state.startedWith, [instance]: parametersAtStart(state, clusterOf(state, instance)) },
  }))
}

function versionThere({ manifests }: WorldState, instance: string): string {
  const there = Object.values(manifests).find(({ watches }) =>
    watches.instances.some(each => each.instance === instance),
  )
  return there === undefined ? INSTALLED : versionAtStart(there, instance)
}

function parametersAtStart(state: WorldState, cluster: string): Readonly<Record<string, string>> {
  const parameters = Object.entries(parametersOf(state, cluster))
  return Object.fromEntries(
    parameters.flatMap(([name, value]) => (AT_START.includes(name) ? [[name, String(value)]] : [])),
  )
}

function promote(world: FakeWorld, cluster: string, candidate: string): void {
  const now = world.state().clusters[cluster]
  if (now?.leader === candidate) return
  const next = { leader: candidate, timeline: (now?.timeline ?? 1) + 1 }
  world.change(({ clusters }) => ({ clusters: { ...clusters, [cluster]: next } }))
}

function leads({ clusters, dead, ...state }: WorldState, instance: string): boolean {
  return clusters[clusterOf({ clusters, dead, ...state }, instance)]?.leader === instance && !dead.includes(instance)
}

/** What Patroni last knew of the dead one's standbys; whoever is dead cannot say. */
function survey(state: WorldState, instance: string): PatroniSurvey {
  if (state.dead.includes(instance)) throw new DroverError('failed', 'no answer', { retryable: false })
  const cluster = clusterOf(state, instance)
  const leader = state.clusters[cluster]?.leader ?? ''
  const isLeaderThere = leads(state, leader)
  const confirmers = confirmersIn(state, cluster)
  const standbys = standbysIn(state, cluster)
  return {
    ...(isLeaderThere ? { leader } : {}),
    paused: isPaused(state, cluster),
    members: [
      ...(isLeaderThere ? [{ instance: leader, state: 'running', synchronous: false, noFailover: false }] : []),
      ...standbys.map(standby => ({
        instance: standby,
        state: 'streaming',
        synchronous: confirmers.includes(standby),
        lagBytes: 0,
        noFailover: false,
      })),
    ],
    answers: [
      ...(isLeaderThere ? [{ instance: leader, role: 'primary', state: 'running' }] : []),
      ...standbys.map(standby => ({ instance: standby, role: 'replica', state: 'streaming' })),
    ],
    ttlSeconds: 30,
    loopWaitSeconds: 10,
  }
}

async function awaitState(
  world: FakeWorld,
  wanted: { readonly instance: string; readonly until: string; readonly timeoutMs: number },
): Promise<{ readonly tookMs: number }> {
  const since = Date.now()
  while (!leads(world.state(), wanted.instance)) {
    if (Date.now() - since > wanted.timeoutMs)
      throw new DroverError('timeout', `${wanted.instance} is not ${wanted.until}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  return { tookMs: Date.now() - since }
}
