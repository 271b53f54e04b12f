import { appliedSettings } from '../../shared/domain/applied-settings.ts'
import type { ClusterName, NodeId, OperationId } from '../../shared/domain/ids.ts'
import type { Manifest } from '../../shared/domain/manifest.ts'
import type { PlacementExplanation, SettingExplanation } from '../../shared/domain/plan.ts'
import type { Allocations, Snapshot } from '../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import { decodeJson, encodeJson } from '../events/json.ts'
import type { Mutation, Store } from '../store/store.ts'

export const SPEC_KEY = 'spec/applied'
export const ALLOCATIONS_KEY = 'allocations'
export const MANIFEST_PREFIX = 'manifests/'
/** A key a cluster: clusters that are bootstrapped at the same time must not overwrite each other's mark. */
export const BOOTSTRAPPED_PREFIX = 'bootstrapped/'
export const SETTINGS_KEY = 'settings/applied'
const EXPLANATIONS_KEY = 'explanations'

/** The manifest a node last converged to, with its placeholders: no secrets in it. */
export interface AppliedManifest {
  readonly manifest: Manifest
  readonly operationId: OperationId
  /** Unix milliseconds. */
  readonly appliedAt: number
}

/** Why the last applied plan chose what it chose; what `cluster show` explains. */
export interface Explanations {
  readonly placements: readonly PlacementExplanation[]
  readonly settings: readonly SettingExplanation[]
}

const NO_ALLOCATIONS: Allocations = { etcd: null, clusters: {} }

/** What was decided and applied. Reads here; writes are mutations, so that the engine can put them into its own transactions. */
export class FleetState {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async appliedSpec(): Promise<FleetSpec | undefined> {
    return this.#read<FleetSpec>(SPEC_KEY)
  }

  /** With what has been bootstrapped since they were decided. */
  async allocations(): Promise<Allocations> {
    const [allocations, { entries }] = await Promise.all([
      this.#read<Allocations>(ALLOCATIONS_KEY),
      this.#store.range(BOOTSTRAPPED_PREFIX),
    ])
    const { clusters, ...others } = allocations ?? NO_ALLOCATIONS
    const bootstrapped = new Set(entries.map(entry => entry.key.slice(BOOTSTRAPPED_PREFIX.length)))
    const current = Object.entries(clusters).map(([name, cluster]) => [
      name,
      bootstrapped.has(name) ? { ...cluster, bootstrapped: true } : cluster,
    ])
    return { ...others, clusters: Object.fromEntries(current) as Allocations['clusters'] }
  }

  /** By cluster; empty before the first apply is done. */
  async appliedSettings(): Promise<NonNullable<Snapshot['appliedSettings']>> {
    return appliedSettings((await this.#read<readonly SettingExplanation[]>(SETTINGS_KEY)) ?? [])
  }

  async explanations(): Promise<Explanations> {
    return (await this.#read<Explanations>(EXPLANATIONS_KEY)) ?? { placements: [], settings: [] }
  }

  async manifest(id: NodeId): Promise<AppliedManifest | undefined> {
    return this.#read<AppliedManifest>(`${MANIFEST_PREFIX}${id}`)
  }

  async manifests(): Promise<ReadonlyMap<NodeId, AppliedManifest>> {
    const { entries } = await this.#store.range(MANIFEST_PREFIX)
    return new Map(entries.map(entry => [entry.key.slice(MANIFEST_PREFIX.length), decodeJson<AppliedManifest>(entry)]))
  }

  async #read<T>(key: string): Promise<T | undefined> {
    const entry = await this.#store.get(key)
    return entry === null ? undefined : decodeJson<T>(entry)
  }
}

export function putAppliedSpec(spec: FleetSpec): Mutation {
  return { kind: 'put', key: SPEC_KEY, value: encodeJson(spec) }
}

export function putAppliedSettings(settings: readonly SettingExplanation[]): Mutation {
  return { kind: 'put', key: SETTINGS_KEY, value: encodeJson(settings) }
}

export function putAllocations(allocations: Allocations): Mutation {
  return { kind: 'put', key: ALLOCATIONS_KEY, value: encodeJson(allocations) }
}

export function putBootstrapped(cluster: ClusterName): Mutation {
  return { kind: 'put', key: BOOTSTRAPPED_PREFIX + cluster, value: encodeJson({}) }
}

export function forgetBootstrapped(cluster: ClusterName): Mutation {
  return { kind: 'delete', key: BOOTSTRAPPED_PREFIX + cluster }
}

export function putExplanations(explanations: Explanations): Mutation {
  return { kind: 'put', key: EXPLANATIONS_KEY, value: encodeJson(explanations) }
}

export function putManifest(id: NodeId, applied: AppliedManifest): Mutation {
  return { kind: 'put', key: `${MANIFEST_PREFIX}${id}`, value: encodeJson(applied) }
}

/** Placements and settings of one cluster. */
export function explanationsOf(explanations: Explanations, cluster: ClusterName): Explanations {
  return {
    placements: explanations.placements.filter(placement => placement.cluster === cluster),
    settings: explanations.settings.filter(setting => setting.cluster === cluster),
  }
}
