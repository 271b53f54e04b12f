import type { ProvisionArgs } from '../../../shared/domain/command.ts'
import type { ClusterName, InstanceName, NodeId } from '../../../shared/domain/ids.ts'
import type { Manifest, PackageItem } from '../../../shared/domain/manifest.ts'
import type { Allocations, ClusterAllocation, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../../shared/domain/spec.ts'

/** PostgreSQL settings of a cluster after tuning, user parameters already merged in. */
export type Settings = Readonly<Record<string, string>>

export interface KernelSettings {
  readonly sysctl: Readonly<Record<string, string>>
  readonly transparentHugepages: 'never' | 'madvise' | 'always'
}

/** Everything the manifest of one node is made from. */
export interface RenderInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly allocations: Allocations
  readonly nodeId: NodeId
  readonly settings: Readonly<Record<ClusterName, Settings>>
  /** What single members have otherwise than their cluster: goes into their own Patroni file. */
  readonly memberSettings: Readonly<Record<InstanceName, Settings>>
  /** What the node's kernel is to have; absent: left alone. */
  readonly kernel?: KernelSettings
  /** Exact packages of this node, sorted by name. */
  readonly packages: readonly PackageItem[]
  readonly stage: RenderStage
}

/**
 * How far a node has come. A later stage starts more, never less: whatever runs already is always in the stage, so
 * no stage ever stops an instance that is not said to be stopped. A unit outside its stage is rendered with its files,
 * enablement and state `unmanaged`.
 */
export interface RenderStage {
  readonly startEtcd: boolean
  /** Instances whose Patroni may run. */
  readonly start: ReadonlySet<InstanceName>
  /** Clusters whose poolers and HAProxy run. */
  readonly services: ReadonlySet<ClusterName>
  /** Clusters that are to stand still but for the instances of `start`: their doors are shut. Absent: none. */
  readonly asleep?: ReadonlySet<ClusterName>
  /** Members that no longer confirm commits and may not be promoted, because they are about to leave. Absent: none. */
  readonly withdrawn?: ReadonlySet<InstanceName>
}

/** The fleet around a cluster: who follows whom, and where members are. */
export type FleetView = Pick<RenderInput, 'spec' | 'snapshot' | 'allocations'>

export interface DynamicConfigInput {
  readonly cluster: ClusterSpec
  readonly settings: Settings
  /** True for the section that bootstraps a cluster (loop_wait 1), false for the final values. */
  readonly bootstrap: boolean
  readonly fleet: FleetView
}

export interface ProvisionInput {
  readonly cluster: ClusterSpec
  readonly instance: InstanceName
  readonly allocation: ClusterAllocation
}

/** The seam between the planner and the data path: pure functions, passed to `plan` as one argument. */
export interface Renderer {
  renderNode(input: RenderInput): Manifest
  /** Patroni's dynamic configuration: the body of `bootstrap.dcs` and of PATCH /config. */
  patroniDynamicConfig(input: DynamicConfigInput): Readonly<Record<string, unknown>>
  provisionArgs(input: ProvisionInput): ProvisionArgs
}
