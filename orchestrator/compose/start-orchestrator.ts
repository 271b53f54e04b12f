import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import type { EtcdObservation } from '../../shared/domain/observation.ts'
import { type Clock, systemClock } from '../../shared/lib/clock.ts'
import { createLog, type Log } from '../../shared/lib/log.ts'
import { uuidV7 } from '../../shared/lib/uuid.ts'
import { type OrchestratorConfig, readConfig } from '../config.ts'
import { buildSnapshot, currentDrift } from '../inventory/snapshot-builder.ts'
import { type Listeners, listenError, openListeners, type Ports } from '../listeners/listeners.ts'
import { ServerIdentity } from '../listeners/server-identity.ts'
import { type ObserveServer, openObserveServer } from '../observe/observe-server.ts'
import { createCompareHosts } from '../operation/compare-hosts.ts'
import { createCompareClusters } from '../operation/drift/compare-clusters.ts'
import type { FleetDrift } from '../operation/drift/fleet-drift.ts'
import { type DriftScene, runDriftRepair } from '../operation/drift-repair.ts'
import { runEtcdCare } from '../operation/etcd-care.ts'
import type { Operations } from '../operation/operations.ts'
import { runReaper, type Tombstones } from '../operation/reaper.ts'
import { createSecrets } from '../operation/secrets.ts'
import { openPackageRepository } from '../packages/fleet-package-repository.ts'
import { machineSources } from '../packages/machine-sources.ts'
import type { PackageRepository } from '../packages/package-repository.ts'
import { runCommand } from '../packages/run-command.ts'
import { type Core, type CoreOptions, openCore } from './core.ts'
import { createEngine } from './engine.ts'
import { createHandlers } from './handlers.ts'
import { startUpkeep } from './upkeep.ts'
import { watchMetrics } from './watch-metrics.ts'

export interface StartOptions extends Pick<CoreOptions, 'failpoints' | 'openStore'> {
  /** State made by `initOrchestrator`. */
  readonly directory: string
  readonly clock?: Clock
  readonly log?: Log
  /** Default: the fleet repository as config.yml describes it. */
  readonly openPackages?: (config: OrchestratorConfig) => Promise<PackageRepository>
  /** Default: the durable engine. */
  readonly createOperations?: (core: Core, packages: PackageRepository, drift: FleetDrift) => Operations
}

export interface RunningOrchestrator {
  readonly core: Core
  readonly operations: Operations
  readonly ports: Ports & { readonly metrics: number }
  readonly socket: string
  /** Says goodbye to agents, closes every listener and the store. Takes at most about eight seconds. */
  stop(): Promise<void>
}

const STOP_STEP_MS = 3000
/** What has to be asked for the repair of drift. */
const SCENE_WITHIN_MS = 10_000

/** Everything that `drover serve` runs. When a step fails, what was opened before it is closed again. */
export async function startOrchestrator(options: StartOptions): Promise<RunningOrchestrator> {
  const { directory, clock = systemClock } = options
  await refuseForeignFolder(directory)
  const config = await readConfig(directory)
  const log = options.log ?? createLog({ level: config.log })
  const stopping = new AbortController()
  const closers: (() => Promise<void>)[] = []
  const stop = () => closeAll({ closers, stopping, log })
  try {
    const { failpoints, openStore } = options
    const core = await openCore({
      directory,
      config,
      clock,
      log,
      ...(failpoints === undefined ? {} : { failpoints }),
      ...(openStore === undefined ? {} : { openStore }),
    })
    closers.push(
      () => core.store.close(),
      () => core.live.flush(),
    )
    const packages = await (options.openPackages ?? (each => openPackages(directory, each)))(config)
    closers.push(() => packages.close())
    const drift = driftOf(core)
    const operations = (options.createOperations ?? createEngine)(core, packages, drift)
    const { listeners, observe } = await listen({
      core,
      config,
      packages,
      operations,
      drift,
      stopping: stopping.signal,
      closers,
    })
    closers.push(() => core.sessions.close('the orchestrator is stopping'))
    startUpkeep({ core, heartbeatMs: config.heartbeatMs, signal: stopping.signal })
    closers.push(() => operations.stop())
    await operations.start()
    void runReaper({ clock, log, operations, tombstones: () => tombstonesOf(core) }, stopping.signal)
    void runEtcdCare({ clock, log, operations, voters: () => votersOf(core) }, stopping.signal)
    const scene = () => driftScene(core, drift, stopping.signal)
    void runDriftRepair({ ...core, operations, scene }, stopping.signal)
    log.info('orchestrator serves', { fleet: core.fleet.name, ...listeners.ports, socket: config.listen.socket })
    return {
      core,
      operations,
      ports: { ...listeners.ports, metrics: observe.port },
      socket: config.listen.socket,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function votersOf({ live, silentAfterMs, clock }: Core): readonly EtcdObservation[] {
  return live.ids().flatMap(id => {
    const { connected, observation } = live.get(id)
    const isFresh = connected && clock.now() - (observation?.receivedAt ?? 0) <= silentAfterMs
    return isFresh ? (observation?.content.etcd ?? []) : []
  })
}

async function driftScene(core: Core, drift: FleetDrift, signal: AbortSignal): Promise<DriftScene> {
  const { state, registry, live } = core
  const [spec, records, manifests] = await Promise.all([state.appliedSpec(), registry.list(), state.manifests()])
  const policy = spec?.fleet.parameters.drift ?? 'report'
  if (policy === 'report') return { policy, drifted: [], clusters: [] }
  const drifted = records.flatMap(({ id, name, state: kept }) => {
    const applied = manifests.get(id)
    const isThere = kept !== 'removed' && kept !== 'pending' && live.get(id).connected
    const items = isThere ? (currentDrift(live.get(id), applied)?.items ?? []) : []
    return applied === undefined || items.length === 0 ? [] : [{ node: name, manifest: applied.manifest, items }]
  })
  const clusters = await drift.compareClusters({ snapshot: await drift.snapshot(), withinMs: SCENE_WITHIN_MS, signal })
  return { policy, drifted, clusters: [...clusters.values()] }
}

async function tombstonesOf({ state, registry, live }: Core): Promise<Tombstones> {
  const [allocations, records] = await Promise.all([state.allocations(), registry.list()])
  const nodes = records.filter(record => record.state !== 'removed')
  return { allocations, nodes: nodes.map(({ id, state: kept }) => ({ id, state: live.state(id, kept) })) }
}

function driftOf(core: Core): FleetDrift {
  const tools = {
    ...core,
    runner: core.dispatcher,
    secrets: createSecrets(core.store),
    isChanging: (nodeId: NodeId) => core.dispatcher.manifestsInFlight(nodeId).length > 0,
    newId: () => uuidV7(core.clock.now()),
  }
  const { fleet } = core
  const nothing = { packages: {}, repository: { urls: {}, suite: '', key: '' } }
  return {
    compareHosts: createCompareHosts(tools),
    compareClusters: createCompareClusters(tools),
    snapshot: () => buildSnapshot({ ...core, fleet: { id: fleet.id, name: fleet.name } }, nothing),
  }
}

async function listen(parts: {
  readonly core: Core
  readonly config: OrchestratorConfig
  readonly packages: PackageRepository
  readonly operations: Operations
  readonly drift: FleetDrift
  readonly stopping: AbortSignal
  readonly closers: (() => Promise<void>)[]
}): Promise<{ readonly listeners: Listeners; readonly observe: ObserveServer }> {
  const { core, config, packages, operations, drift, stopping, closers } = parts
  const { clock, log } = core
  const names = [...new Set([...config.addresses, 'localhost', '127.0.0.1'])]
  const identity = await ServerIdentity.create({ ca: core.fleet.ca, names, clock, log })
  let ports: Ports = { api: 0, enrol: 0, mesh: 0 }
  const handlers = createHandlers({
    core,
    config,
    operations,
    packages,
    drift,
    stopping,
    ports: () => ports,
  })
  const observe = await openObserve(core, config.listen.metrics)
  closers.push(() => observe.close())
  watchMetrics(core, operations)
  const listeners = await openListeners({ config: config.listen, identity, handlers })
  closers.push(() => listeners.close())
  ports = listeners.ports
  void identity.keepFresh(stopping)
  return { listeners, observe }
}

async function openObserve(core: Core, address: string): Promise<ObserveServer> {
  const { metrics, log, store } = core
  const health = async () => {
    await store.txn({ success: [{ kind: 'put', key: 'health', value: Buffer.from('ok') }] })
  }
  return openObserveServer({ ...hostAndPort(address), metrics, health, log }).catch((error: unknown) => {
    throw listenError(error, { name: 'metrics', address })
  })
}

async function openPackages(directory: string, config: OrchestratorConfig): Promise<PackageRepository> {
  const { packages, listen, addresses } = config
  const where = hostAndPort(listen.packages)
  const [address = ''] = addresses
  return openPackageRepository({
    directory: packages.directory ?? join(directory, 'packages'),
    sources:
      packages.sources === undefined
        ? await machineSources({ run: runCommand })
        : { byOs: packages.sources as Awaited<ReturnType<typeof machineSources>>['byOs'] },
    listen: where,
    commandPrefix: packages.commandPrefix,
    ...(packages.architecture === undefined ? {} : { architecture: packages.architecture }),
    ...(packages.advertisedUrl === undefined && where.port === 0
      ? {}
      : { advertisedUrl: packages.advertisedUrl ?? `http://${bracketed(address)}:${where.port}` }),
  }).catch((error: unknown) => {
    const isListening = error instanceof Error && 'syscall' in error && error.syscall === 'listen'
    throw isListening ? listenError(error, { name: 'packages', address: listen.packages }) : error
  })
}

/** What another user owns would be left with files that its owner cannot read. */
async function refuseForeignFolder(directory: string): Promise<void> {
  const found = await stat(directory).catch((cause: unknown) => {
    throw new DroverError('not-found', `there is no fleet in ${directory}`, {
      cause,
      hint: 'make one with: drover init',
    })
  })
  const user = process.getuid?.()
  if (user !== undefined && found.uid !== user) {
    throw new DroverError('denied', `${directory} belongs to user ${found.uid}, this is user ${user}`, {
      hint: 'run drover serve as the user that owns the folder',
    })
  }
}

/** Last opened, first closed; one that hangs or fails does not keep the others open. */
async function closeAll(parts: {
  readonly closers: (() => Promise<void>)[]
  readonly stopping: AbortController
  readonly log: Log
}): Promise<void> {
  const { closers, stopping, log } = parts
  stopping.abort(new DroverError('unavailable', 'the orchestrator is stopping'))
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, STOP_STEP_MS)
    await Promise.race([close(), late]).catch((error: unknown) => log.warn('something did not close well', { error }))
    clearTimeout(timer)
  }
}

function hostAndPort(address: string): { readonly host: string; readonly port: number } {
  const cut = address.lastIndexOf(':')
  return { host: address.slice(0, cut).replace(/^\[|\]$/g, ''), port: Number(address.slice(cut + 1)) }
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
