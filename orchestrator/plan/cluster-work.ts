import type { InstanceName } from '../../shared/domain/ids.ts'
import { leads } from '../../shared/domain/observation.ts'
import type { Allocations, ClusterAllocation, Snapshot } from '../../shared/domain/snapshot.ts'
import type { ClusterSpec, DatabaseSpec, FleetSpec, UserSpec } from '../../shared/domain/spec.ts'
import { equal } from './equal.ts'
import { instancePaths } from './render/paths.ts'
import type { Renderer, Settings } from './render/render-input.ts'
import { tune } from './tuning/tuning.ts'

/** What has to be done for one cluster beyond its nodes' manifests. */
export interface ClusterWork {
  readonly cluster: ClusterSpec
  readonly allocation: ClusterAllocation
  /** `new`: an apply makes it. `unfinished`: an apply was interrupted. `running`: it has been bootstrapped. */
  readonly state: 'new' | 'unfinished' | 'running'
  readonly newInstances: readonly InstanceName[]
  /** Where the first primary is made, or where a primary is seen already. */
  readonly leader: InstanceName
  /** True when a primary is seen: then every member may start at once. */
  readonly hasPrimary: boolean
  /** Users and databases that PostgreSQL may not have yet, or has otherwise. */
  readonly users: readonly UserSpec[]
  readonly databases: readonly DatabaseSpec[]
  readonly settings: readonly {
    readonly name: string
    readonly from: string | undefined
    readonly to: string | undefined
  }[]
  /** JSON merge patch that takes the cluster from the applied configuration to the wanted one; absent when they are the same. */
  readonly patch?: Readonly<Record<string, unknown>>
}

export interface WorkInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly allocations: Allocations
  readonly settings: Readonly<Record<string, Settings>>
  readonly memberSettings: Readonly<Record<InstanceName, Settings>>
  readonly renderer: Renderer
}

export function clusterWork(cluster: ClusterSpec, input: WorkInput): ClusterWork | undefined {
  const { snapshot, allocations } = input
  const allocation = allocations.clusters[cluster.name]
  const known = snapshot.allocations.clusters[cluster.name]
  if (allocation === undefined) return undefined
  const state = known === undefined ? 'new' : known.bootstrapped ? 'running' : 'unfinished'
  const applied = snapshot.appliedSpec?.clusters.find(each => each.name === cluster.name)
  const before = state === 'running' ? applied : undefined
  const primary = observedPrimary(cluster.name, snapshot)
  return {
    cluster,
    allocation,
    state,
    newInstances: allocation.members.flatMap(({ instance }) =>
      known?.members.some(member => member.instance === instance) ? [] : [instance],
    ),
    leader: primary ?? allocation.members.find(({ group }) => group === undefined)?.instance ?? '',
    hasPrimary: primary !== undefined,
    users: cluster.users.filter(user => !before?.users.some(each => equal(each, user))),
    databases: cluster.databases.filter(database => !before?.databases.some(each => equal(each, database))),
    ...configuration({ cluster, before, state, input }),
  }
}

/** The difference between the configuration of the applied spec and the wanted one, both tuned from today's facts. */
function configuration({
  cluster,
  before,
  state,
  input,
}: {
  readonly cluster: ClusterSpec
  readonly before: ClusterSpec | undefined
  readonly state: ClusterWork['state']
  readonly input: WorkInput
}): Pick<ClusterWork, 'settings' | 'patch'> {
  const { snapshot, allocations, renderer } = input
  const wanted = input.settings[cluster.name] ?? {}
  if (state !== 'running') return { settings: [] }
  const config = renderer.patroniDynamicConfig({ cluster, settings: wanted, bootstrap: false, fleet: input })
  const known = snapshot.allocations.clusters[cluster.name]
  if (before === undefined || snapshot.appliedSpec === undefined || known === undefined)
    return { settings: [], patch: config }
  const fleet = {
    spec: snapshot.appliedSpec,
    snapshot,
    allocations: { ...allocations, clusters: snapshot.allocations.clusters },
  }
  const old = tune({
    ...fleet,
    cluster: before,
    allocation: known,
  }).shared
  const oldConfig = renderer.patroniDynamicConfig({ cluster: before, settings: old, bootstrap: false, fleet })
  const names = [...new Set([...Object.keys(old), ...Object.keys(wanted)])].sort()
  const settings = names
    .filter(name => old[name] !== wanted[name])
    .map(name => ({ name, from: old[name], to: wanted[name] }))
  return equal(oldConfig, config) ? { settings } : { settings, patch: withNulls(oldConfig, config) }
}

/** The wanted configuration, and null for every key that only the old one has. */
export function withNulls(
  old: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(wanted)])]
  return Object.fromEntries(
    keys.map(key => {
      const [before, after] = [old[key], wanted[key]]
      if (isMap(before) && isMap(after)) return [key, withNulls(before, after)]
      return [key, after ?? null]
    }),
  )
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Patroni 4 says `streaming` for the leader of a standby cluster. */
const RUNNING: ReadonlySet<string> = new Set(['running', 'streaming'])

export function observedPrimary(cluster: string, snapshot: Snapshot): InstanceName | undefined {
  return snapshot.nodes
    .flatMap(node => node.observation?.instances ?? [])
    .find(instance => instance.cluster === cluster && leads(instance.role) && RUNNING.has(instance.state))?.instance
}

/**
 * Facts change the tuning without any change of the spec. Each member's Patroni file seeds the configuration, so its
 * difference tells that the one in etcd has to follow; patching it with what it holds already changes nothing.
 */
export function followFacts(work: ClusterWork, changedFiles: ReadonlySet<string>, input: WorkInput): ClusterWork {
  const { cluster, state, allocation } = work
  const seeded = allocation.members.some(({ instance }) => changedFiles.has(instancePaths(instance).patroniConfig))
  if (state !== 'running' || work.patch !== undefined || !seeded) return work
  const settings = input.settings[cluster.name] ?? {}
  return { ...work, patch: input.renderer.patroniDynamicConfig({ cluster, settings, bootstrap: false, fleet: input }) }
}
