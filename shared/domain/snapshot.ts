import type { NodeFacts } from './facts.ts'
import type { ClusterName, InstanceName, NodeId } from './ids.ts'
import type { Manifest } from './manifest.ts'
import type { NodeObservation } from './observation.ts'
import type { FleetSpec } from './spec.ts'

/** Everything the planner may know, as data; time included. */
export interface Snapshot {
  readonly revision: number
  /** Unix milliseconds. */
  readonly now: number
  readonly fleet: { readonly id: string; readonly name: string }
  readonly nodes: readonly SnapshotNode[]
  readonly allocations: Allocations
  /** The spec last applied; absent before the first apply. */
  readonly appliedSpec?: FleetSpec
  /** The settings last applied, by cluster; a cluster that has none was never applied. */
  readonly appliedSettings?: Readonly<Record<ClusterName, AppliedSettings>>
  /** Per OS id (`debian13`): the package versions to pin. A name that is absent is not on offer. */
  readonly packages: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly repository: { readonly urls: Readonly<Record<string, string>>; readonly suite: string; readonly key: string }
}

/** PostgreSQL settings of a cluster: what all members share, and what one has otherwise because its node differs. */
export interface AppliedSettings {
  readonly shared: Readonly<Record<string, string>>
  readonly byInstance: Readonly<Record<InstanceName, Readonly<Record<string, string>>>>
}

export type NodeState = 'pending' | 'ready' | 'silent' | 'draining' | 'removed'

export interface SnapshotNode {
  readonly id: NodeId
  readonly name: string
  readonly state: NodeState
  /** Address other nodes reach it by. */
  readonly address: string
  readonly labels: Readonly<Record<string, string>>
  /** `debian13`, `debian12`; absent while facts are missing. */
  readonly os?: string
  readonly facts?: NodeFacts
  readonly observation?: NodeObservation
  /** The manifest last applied with success, with placeholders, so that secrets play no part in comparing. */
  readonly manifest?: Manifest
  /** Drift that the agent reported against that manifest. */
  readonly drifted?: boolean
}

/** Decisions that must stay: which node holds which member, numbers never reused, port blocks. */
export interface Allocations {
  readonly etcd: { readonly token: string; readonly members: readonly EtcdMember[] } | null
  readonly clusters: Readonly<Record<ClusterName, ClusterAllocation>>
}

export interface MemberAllocation {
  readonly instance: InstanceName
  readonly number: number
  readonly nodeId: NodeId
  /** The group of `replicas` it belongs to; absent: a full member, which may become primary. */
  readonly group?: string
}

export interface EtcdMember {
  readonly name: string
  readonly nodeId: NodeId
}

export interface ClusterAllocation {
  /** 0 for the first cluster of a set of nodes; ports are base + 10 × block. */
  readonly portBlock: number
  readonly postgresVersion: number
  readonly nextNumber: number
  readonly members: readonly MemberAllocation[]
  /**
   * The slowest median fsync among its nodes, as it was known when the cluster was made. Tuning counts on it for good: a
   * figure that is measured later warns, but does not retune what runs.
   */
  readonly fsync?: { readonly p50Micros: number; readonly node: string }
  /** True once the cluster has been bootstrapped: a leader existed and was provisioned. */
  readonly bootstrapped: boolean
}
