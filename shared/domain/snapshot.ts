import type { ClusterDrift } from './cluster-drift.ts'
import type { NodeFacts } from './facts.ts'
import type { ClusterName, InstanceName, NodeId } from './ids.ts'
import type { Manifest } from './manifest.ts'
import type { ObjectReference } from './object-reference.ts'
import type { NodeObservation } from './observation.ts'
import type { FleetRuntime, RuntimeId } from './runtime.ts'
import type { ClusterSpec, FleetSpec } from './spec.ts'

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
  /** Clusters that are not as they were applied, beyond what their nodes' manifests hold. Absent: none was compared. */
  readonly clusterDrift?: Readonly<Record<ClusterName, ClusterDrift>>
  /** PostgreSQL versions beside the installed ones. Absent: none. */
  readonly runtimes?: FleetRuntimes
  /** Per OS id (`debian13`): the package versions to pin. A name that is absent is not on offer. */
  readonly packages: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly repository: { readonly urls: Readonly<Record<string, string>>; readonly suite: string; readonly key: string }
}

/** Which runtimes there are, and who runs what. */
export interface FleetRuntimes {
  readonly known: Readonly<Record<RuntimeId, FleetRuntime>>
  /** Null: what is installed. Absent: what its cluster has. */
  readonly ofInstance: Readonly<Record<InstanceName, RuntimeId | null>>
  /** What new members get. Absent or null: what is installed. */
  readonly ofCluster: Readonly<Record<ClusterName, RuntimeId | null>>
  /** Laid out before anything runs from them. */
  readonly staged: Readonly<Record<NodeId, readonly RuntimeId[]>>
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
  readonly etcd: EtcdAllocation | null
  readonly clusters: Readonly<Record<ClusterName, ClusterAllocation>>
  /** Members that left, whose data stay on their nodes until they are erased. Absent: none. */
  readonly departed?: readonly DepartedMember[]
  /** Clusters that were taken away and can still be brought back. Absent: none. */
  readonly removed?: Readonly<Record<ClusterName, RemovedCluster>>
  /** What was taken out of a cluster's PostgreSQL by name, and can still be brought back. Absent: nothing. */
  readonly retired?: readonly RetiredObject[]
}

/** A tombstone of something inside PostgreSQL. */
export interface RetiredObject extends ObjectReference {
  /** Milliseconds from the moment when it is out of reach to its end. */
  readonly keepMs: number
  /** What a database or schema is called meanwhile. */
  readonly hiddenAs?: string
  /** Absent: it is still on its way out. Unix milliseconds. */
  readonly hidden?: { readonly at: number; readonly dropAfter: number }
  /** The spec declares it again: it is on its way back. */
  readonly returning?: true
  /** Why it could not be dropped when its time had come. */
  readonly blocked?: string
  /** It is gone; remembered until the applied spec does not name it as left any more. */
  readonly dropped?: true
}

/**
 * A tombstone. Its node keeps its units stopped and its configuration absent; its data directory, its disk space and its
 * ports stay taken until it is erased. Its number is never used again.
 */
export interface DepartedMember extends MemberAllocation {
  readonly cluster: ClusterName
  readonly portBlock: number
  readonly dataDirectory: string
  /** Milliseconds from its stop to the erasing of its data. */
  readonly keepMs: number
  /** Absent: it is still on its way out. Unix milliseconds. */
  readonly stopped?: { readonly at: number; readonly eraseAfter: number }
}

export interface RemovedCluster {
  /** Absent when no apply of it was ever finished: then it cannot be brought back. */
  readonly spec?: ClusterSpec
  /** As it was, hibernated. */
  readonly allocation: ClusterAllocation
}

export interface MemberAllocation {
  readonly instance: InstanceName
  readonly number: number
  readonly nodeId: NodeId
  /** The group of `replicas` it belongs to; absent: a full member, which may become primary. */
  readonly group?: string
}

/** Who votes in etcd. Absent lists are empty; names are never reused. */
export interface EtcdAllocation {
  readonly token: string
  /** Those that are to vote, newcomers included. */
  readonly members: readonly EtcdMember[]
  /** Those that are to vote no more and have not been seen out; their nodes may be gone. */
  readonly leaving?: readonly EtcdMember[]
  /** Whom the first voters began with. Absent: they are the members. */
  readonly founders?: readonly EtcdPeer[]
  readonly nextNumber?: number
}

export interface EtcdMember {
  readonly name: string
  readonly nodeId: NodeId
  /** Whom it found when it joined, itself included. Absent: it is a founder. */
  readonly joins?: readonly EtcdPeer[]
  /** It has not been made a voter yet. */
  readonly joining?: true
}

export interface EtcdPeer {
  readonly name: string
  readonly address: string
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
  /**
   * It is stopped, or being stopped, until somebody starts it; `starting`: somebody has. The primary is stopped last and has
   * to be started first.
   */
  readonly hibernated?: { readonly primary?: InstanceName; readonly starting?: true }
}
