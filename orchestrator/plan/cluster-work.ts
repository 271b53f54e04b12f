import { appliedSettings } from '../../shared/domain/applied-settings.ts'
import type { ClusterRepair } from '../../shared/domain/cluster-drift.ts'
import type { ClusterName, InstanceName, NodeId } from '../../shared/domain/ids.ts'
import { leads } from '../../shared/domain/observation.ts'
import type { PlanIntent, SettingExplanation } from '../../shared/domain/plan.ts'
import type { Allocations, AppliedSettings, ClusterAllocation, Snapshot } from '../../shared/domain/snapshot.ts'
import type { ClusterSpec, DatabaseSpec, FleetSpec, UserSpec } from '../../shared/domain/spec.ts'
import { repairOf } from './cluster-repair.ts'
import type { Leaving } from './departures/leaving.ts'
import { equal } from './equal.ts'
import { instancePaths } from './render/paths.ts'
import type { KernelSettings, Renderer, Settings } from './render/render-input.ts'
import { type SettingChange, settingChanges } from './setting-changes.ts'
import { isComponentSetting } from './tuning/component-settings.ts'
import { tune } from './tuning/tuning.ts'

/** What has to be done for one cluster beyond its nodes' manifests. */
export interface ClusterWork {
  readonly cluster: ClusterSpec
  readonly allocation: ClusterAllocation
  /** `new`: an apply makes it. `unfinished`: an apply was interrupted. `running`: it has been bootstrapped. */
  readonly state: 'new' | 'unfinished' | 'running'
  readonly newInstances: readonly InstanceName[]
  /** It stands still and is left so. */
  readonly asleep: boolean
  /** It stood still and is being started. */
  readonly waking: boolean
  /** Where the first primary is made, or where a primary is seen already. */
  readonly leader: InstanceName
  /** True when a primary is seen: then every member may start at once. */
  readonly hasPrimary: boolean
  /** Users and databases that PostgreSQL may not have yet, or has otherwise. */
  readonly users: readonly UserSpec[]
  readonly databases: readonly DatabaseSpec[]
  /** What else provisioning is to make, for the same reason. */
  readonly otherObjects: readonly OtherObjects[]
  readonly settings: readonly SettingChange[]
  /** JSON merge patch that takes the cluster from the applied configuration to the wanted one; absent when they are the same. */
  readonly patch?: Readonly<Record<string, unknown>>
  /** The part of it that comes later: libraries, which must lie on every member before any of them can be told to load them. */
  readonly preload?: Readonly<Record<string, unknown>>
  /** JSON merge patch that takes the parameters back; absent when none change, or the old ones are not known. */
  readonly undo?: Readonly<Record<string, unknown>>
  /** What somebody changed by hand and is put back. */
  readonly repair?: ClusterRepair
}

export type OtherObjects = 'template' | 'default privileges'

export interface WorkInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly allocations: Allocations
  readonly settings: Readonly<Record<string, Settings>>
  readonly memberSettings: Readonly<Record<InstanceName, Settings>>
  /** Of all settings above, and of the components around PostgreSQL. */
  readonly explanations: readonly SettingExplanation[]
  /** Of nodes that hold instances. */
  readonly kernel: Readonly<Record<NodeId, KernelSettings>>
  readonly renderer: Renderer
  /** Members are restarted where settings wait for it: the operator's word. */
  readonly restart?: boolean
  /** Of running clusters, those on their way out. */
  readonly leaving: Leaving
  /** How long clients of the leavers' poolers are waited for. */
  readonly waitClientsMs?: number
  /** What is to be erased; absent: nothing. */
  readonly erase?: NonNullable<PlanIntent['erase']>
}

export function clusterWork(cluster: ClusterSpec, input: WorkInput): ClusterWork | undefined {
  const { snapshot, allocations } = input
  const allocation = allocations.clusters[cluster.name]
  const known = knownAllocation(cluster.name, snapshot)
  if (allocation === undefined) return undefined
  const state = known === undefined ? 'new' : known.bootstrapped ? 'running' : 'unfinished'
  const applied = snapshot.appliedSpec?.clusters.find(each => each.name === cluster.name)
  const asleep = isAsleep(allocation)
  const waking = allocation.hibernated?.starting === true
  // What was asked for while it stood still is made when it runs again.
  const before = state === 'running' && !waking ? applied : undefined
  const primary = observedPrimary(cluster.name, snapshot) ?? allocation.hibernated?.primary
  const repair = repairOf(cluster, snapshot)
  return {
    cluster,
    allocation,
    state,
    newInstances: allocation.members.flatMap(({ instance }) =>
      known?.members.some(member => member.instance === instance) ? [] : [instance],
    ),
    asleep,
    waking,
    leader: primary ?? allocation.members.find(({ group }) => group === undefined)?.instance ?? '',
    hasPrimary: observedPrimary(cluster.name, snapshot) !== undefined,
    users: cluster.users.filter(user => !before?.users.some(each => equal(each, user))),
    databases: cluster.databases.filter(database => !before?.databases.some(each => equal(each, database))),
    otherObjects: otherObjects(cluster, before),
    ...(asleep || waking ? { settings: [] } : configuration({ cluster, before, state, input })),
    ...(asleep || waking || state !== 'running' || repair === undefined ? {} : { repair }),
  }
}

/** As it was before this plan; a removed cluster that comes back is known, too. */
export function knownAllocation(cluster: ClusterName, { allocations }: Snapshot): ClusterAllocation | undefined {
  return allocations.clusters[cluster] ?? allocations.removed?.[cluster]?.allocation
}

/** True for a cluster that is to stand still. */
export function isAsleep({ hibernated }: Pick<ClusterAllocation, 'hibernated'>): boolean {
  return hibernated !== undefined && hibernated.starting !== true
}

function otherObjects(cluster: ClusterSpec, before: ClusterSpec | undefined): readonly OtherObjects[] {
  const { schemas, extensions } = cluster.template
  const template = schemas.length + extensions.length > 0 && !equal(before?.template, cluster.template)
  const privileges = cluster.privileges.length > 0 && !equal(before?.privileges, cluster.privileges)
  return [...(template ? ['template' as const] : []), ...(privileges ? ['default privileges' as const] : [])]
}

/**
 * The difference between the configuration that was applied and the wanted one. Where none was kept, the applied spec is
 * tuned from today's facts.
 */
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
}): Pick<ClusterWork, 'settings' | 'patch' | 'preload' | 'undo'> {
  const { snapshot, allocations, renderer } = input
  const wanted = input.settings[cluster.name] ?? {}
  if (state !== 'running') return { settings: [] }
  const config = renderer.patroniDynamicConfig({ cluster, settings: wanted, bootstrap: false, fleet: input })
  const known = snapshot.allocations.clusters[cluster.name]
  if (before === undefined || snapshot.appliedSpec === undefined || known === undefined)
    return { settings: [], ...inTwo(config) }
  const fleet = {
    spec: snapshot.appliedSpec,
    snapshot,
    allocations: { ...allocations, clusters: snapshot.allocations.clusters },
  }
  const old =
    snapshot.appliedSettings?.[cluster.name] ??
    byCluster(tune({ ...fleet, cluster: before, allocation: known }).explanations, cluster.name)
  const oldConfig = renderer.patroniDynamicConfig({
    cluster: before,
    settings: postgresSettings(old.shared),
    bootstrap: false,
    fleet,
  })
  const settings = settingChanges({
    before: old,
    wanted: byCluster(input.explanations, cluster.name),
    instances: known.members.map(({ instance }) => instance),
    major: known.postgresVersion,
  })
  const found = repairOf(cluster, snapshot)?.configuration
  if (found === undefined && equal(oldConfig, config)) return { settings }
  const undo = parametersBack(oldConfig, config)
  const patch = withNulls({ ...oldConfig, ...found }, config)
  const loadsOthers = settings.some(({ name }) => name === LIBRARIES)
  return { settings, ...(loadsOthers ? inTwo(patch) : { patch }), ...(undo === undefined ? {} : { undo }) }
}

const LIBRARIES = 'shared_preload_libraries'

/** True when a cluster's new settings can be compared before its libraries are named. */
export function changesMoreThanLibraries({ settings }: Pick<ClusterWork, 'settings'>): boolean {
  return settings.some(({ name }) => name !== LIBRARIES && !isComponentSetting(name))
}

/** A server does not start that is told to load what its host does not have. */
function inTwo(patch: Readonly<Record<string, unknown>>): Pick<ClusterWork, 'patch' | 'preload'> {
  const { postgresql } = patch
  const parameters = isMap(postgresql) ? postgresql['parameters'] : undefined
  if (!isMap(postgresql) || !isMap(parameters) || parameters[LIBRARIES] === undefined) return { patch }
  const { [LIBRARIES]: libraries, ...others } = parameters
  return {
    patch: { ...patch, postgresql: { ...postgresql, parameters: others } },
    preload: { postgresql: { parameters: { [LIBRARIES]: libraries } } },
  }
}

function parametersBack(
  old: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  const of = ({ postgresql }: Readonly<Record<string, unknown>>): unknown =>
    isMap(postgresql) ? postgresql['parameters'] : undefined
  const [before, after] = [of(old), of(wanted)]
  if (!isMap(before) || !isMap(after) || equal(before, after)) return undefined
  return { postgresql: { parameters: withNulls(after, before) } }
}

function byCluster(explanations: readonly SettingExplanation[], cluster: ClusterName): AppliedSettings {
  return (
    appliedSettings(explanations.filter(each => each.cluster === cluster))[cluster] ?? { shared: {}, byInstance: {} }
  )
}

function postgresSettings(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !isComponentSetting(name)))
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
  if (state !== 'running' || work.asleep || work.waking || work.patch !== undefined || !seeded) return work
  const settings = input.settings[cluster.name] ?? {}
  return { ...work, patch: input.renderer.patroniDynamicConfig({ cluster, settings, bootstrap: false, fleet: input }) }
}
