import type { PoolerTarget, ProvisionArgs } from './command.ts'
import type { EraseArgs } from './erase.ts'
import type { EtcdChange } from './etcd-command.ts'
import type { ClusterName, InstanceName, NodeId } from './ids.ts'
import type { EtcdWatch, Manifest } from './manifest.ts'
import type { Problem } from './problem.ts'
import type { RetireArgs } from './retire.ts'
import type { Allocations } from './snapshot.ts'
import type { FleetSpec } from './spec.ts'

export type ChangeVerb = 'create' | 'update' | 'remove'

/** Why a change is planned: a closed set. */
export type ChangeReason =
  | 'does-not-exist'
  | 'spec-changed'
  | 'facts-changed'
  | 'drifted'
  | 'not-in-spec'
  | 'dependency-changed'
  | 'unfinished'
  /** Its node is drained. */
  | 'node-drained'
  /** Its node is no part of the fleet any more. */
  | 'node-removed'
  /** An operator asked for it by name. */
  | 'requested'

export interface Change {
  readonly verb: ChangeVerb
  /** `cluster pg-main`, `instance pg-main-1`, `file /etc/...`, `package patroni`, `setting shared_buffers`. */
  readonly subject: string
  readonly reason: ChangeReason
  /** Node name; absent for fleet- and cluster-wide changes. */
  readonly node?: string
  /** Human sentence: why this node, which fact a setting came from, from → to. */
  readonly detail?: string
}

/** Why one node was chosen for one member, and why not the others. */
export interface PlacementExplanation {
  readonly cluster: ClusterName
  readonly instance: InstanceName
  readonly node: string
  readonly because: string
  readonly rejected: readonly { readonly node: string; readonly because: string }[]
}

/** One PostgreSQL setting with the fact and the rule it came from. */
export interface SettingExplanation {
  readonly cluster: ClusterName
  /** Only this member has it, because its node differs; absent: the whole cluster. */
  readonly instance?: InstanceName
  readonly name: string
  readonly value: string
  readonly because: string
  /** Fact or spec path: `facts.memory.effectiveBytes of node-1 (/proc/meminfo)`. */
  readonly from: string
  /** How a running server takes a new value. */
  readonly apply?: 'reload' | 'restart'
  /** The value last applied, when it was another. */
  readonly replaces?: string
}

/** One setting of a node's kernel, with the fact and the rule it came from. */
export interface KernelExplanation {
  readonly node: string
  /** `vm.swappiness`, `vm.nr_hugepages`, `transparent_hugepage`. */
  readonly name: string
  readonly value: string
  readonly because: string
  readonly from: string
}

/** Where everything ends up, for a picture. */
export interface PlacementLayout {
  /** Labels that the fleet's clusters keep apart over, from wide to narrow. */
  readonly levels: readonly string[]
  readonly nodes: readonly {
    readonly node: string
    readonly labels: Readonly<Record<string, string>>
    readonly voter?: string
    readonly instances: readonly {
      readonly instance: InstanceName
      readonly cluster: ClusterName
      /** `primary`: where the first primary is made, or is seen; in a standby cluster that one is the `standby-leader`. */
      readonly purpose: 'primary' | 'standby-leader' | 'standby' | 'replica' | 'offline' | 'delayed'
    }[]
    /** Share of each resource that is taken, 0 to 1 and more; a resource that is not known is absent. */
    readonly load: Readonly<Partial<Record<'cores' | 'memory' | 'disk' | 'iops', number>>>
  }[]
}

/** Moves that would spread the load better; proposals only. */
export interface Rebalance {
  readonly moves: readonly {
    /** `switchover`: the instance takes over from the primary on `from`, nothing is copied. Absent: `move`. */
    readonly kind?: 'move' | 'switchover'
    readonly cluster: ClusterName
    readonly instance: InstanceName
    readonly from: string
    readonly to: string
    /** What has to be copied, as far as it is known. */
    readonly bytes: number
    /** By how much the highest normalised load of the nodes that it concerns falls, 0 to 1; below 0 when it rises. */
    readonly gain: number
    readonly because: string
  }[]
  /** The highest normalised load of any node, before and after. */
  readonly before: number
  readonly after: number
}

/** What the engine does, in order; steps of one phase run side by side. */
export interface PlanPhase {
  readonly name: string
  readonly steps: readonly PlanStep[]
}

export type PlanStep =
  | {
      readonly kind: 'fill-packages'
      readonly os: string
      readonly packages: readonly { readonly name: string; readonly version: string }[]
    }
  | {
      readonly kind: 'converge'
      readonly nodeId: NodeId
      readonly manifest: Manifest /** the last manifest of the node in this plan */
      readonly final: boolean
    }
  | { readonly kind: 'await'; readonly condition: AwaitCondition; readonly timeoutMs: number }
  /** Runs on whichever node holds the primary when the step starts. Placeholders in verifiers as in manifests. */
  | {
      readonly kind: 'provision'
      readonly cluster: ClusterName
      readonly byInstance: Readonly<Record<InstanceName, { readonly nodeId: NodeId; readonly args: ProvisionArgs }>>
    }
  | {
      readonly kind: 'configure-patroni'
      readonly cluster: ClusterName
      readonly patch: Readonly<Record<string, unknown>>
    }
  | { readonly kind: 'mark-bootstrapped'; readonly cluster: ClusterName }
  | RetireStep
  | SettingsStep
  | AwaitClientsStep
  /** They are stopped: the time until their data are erased begins. */
  | { readonly kind: 'mark-departed'; readonly instances: readonly InstanceName[] }
  /** All members of a cluster that was stopped run again. */
  | { readonly kind: 'mark-started'; readonly cluster: ClusterName }
  /** Deletes the data directory of a departed instance; the agent refuses before its time unless it is `early`. */
  | { readonly kind: 'erase-instance'; readonly nodeId: NodeId; readonly args: EraseArgs }
  /** Deletes what Patroni keeps in etcd about a cluster that is erased, or about one member that left; on a voter's node. */
  | {
      readonly kind: 'forget-scope'
      readonly nodeId: NodeId
      readonly cluster: ClusterName
      readonly member?: InstanceName
    }
  /** The primary keeps no WAL for it any more. Never fails the apply: the slot goes by itself after half an hour. */
  | { readonly kind: 'release-slot'; readonly cluster: ClusterName; readonly member: InstanceName }
  /** What somebody has changed in PostgreSQL's files, or by ALTER SYSTEM under the names of `reset`, becomes as it was applied. */
  | {
      readonly kind: 'restore-files'
      readonly cluster: ClusterName
      readonly nodeId: NodeId
      readonly instance: InstanceName
      readonly reset: readonly string[]
    }
  /** Their tombstones are gone, and clusters of which nothing is left. */
  | { readonly kind: 'mark-erased'; readonly instances: readonly InstanceName[] }
  /** One change of etcd's membership, through whichever of these voters is well. */
  | { readonly kind: 'change-voter'; readonly change: EtcdChange; readonly via: readonly EtcdDoor[] }
  /** They vote from now on, and these do no more. */
  | { readonly kind: 'mark-voters'; readonly joined: readonly string[]; readonly left: readonly string[] }
  /** How long a durable write takes there, kept as a fact. Never fails the apply. */
  | { readonly kind: 'probe-disk'; readonly nodeId: NodeId; readonly directory: string }

/**
 * What was named to leave a cluster's PostgreSQL is put out of reach, brought back or dropped, on whichever node holds the
 * primary when the step starts; its tombstones follow. Alone in its phase, since it writes them.
 */
export interface RetireStep {
  readonly kind: 'retire-objects'
  readonly cluster: ClusterName
  readonly action: 'hide' | 'restore' | 'drop'
  /** As `parseObjectReference` reads them. */
  readonly objects: readonly string[]
  readonly byInstance: Readonly<Record<InstanceName, { readonly nodeId: NodeId; readonly args: RetireArgs }>>
}

/** Clients of poolers that stop soon get so long to leave by themselves. Alone in its phase. Never fails the apply. */
export interface AwaitClientsStep {
  readonly kind: 'await-clients'
  readonly poolers: readonly { readonly nodeId: NodeId; readonly target: PoolerTarget }[]
  readonly timeoutMs: number
}

/** A voter's node, and how its agent reaches etcd there. */
export interface EtcdDoor {
  readonly nodeId: NodeId
  readonly etcd: EtcdWatch
}

/** One that acts at once. */
export type PlainStep = Exclude<PlanStep, SettingsStep | AwaitClientsStep>

/** Alone in its phase: it makes steps of its own as it goes. */
export interface SettingsStep {
  /**
   * `compare-settings`: what Patroni, the files and the running servers say must be the same. `restart-members`: those with settings
   * that wait for a restart get it, one after the other.
   */
  readonly kind: 'compare-settings' | 'restart-members'
  readonly cluster: ClusterName
  /** No client waits for another synchronous standby before it goes on: set by durability. */
  readonly awaitSynchronous: boolean
  /** Names, by member, of what it has or had otherwise than its cluster. */
  readonly own: Readonly<Record<InstanceName, readonly string[]>>
  /** How to take back a value that PostgreSQL refuses; absent: the values are older than this plan. */
  readonly undo?: SettingsUndo
}

export interface SettingsUndo {
  /** For Patroni's configuration. */
  readonly patch: Readonly<Record<string, unknown>>
  /** What nodes had whose members have settings of their own. */
  readonly manifests: readonly { readonly nodeId: NodeId; readonly manifest: Manifest }[]
}

/** Conditions over what is observed; evaluated by a pure function each time an observation arrives. */
export type AwaitCondition =
  | { readonly kind: 'etcd-healthy'; readonly members: readonly { readonly name: string; readonly nodeId: NodeId }[] }
  | { readonly kind: 'leader'; readonly cluster: ClusterName }
  | {
      readonly kind: 'members-streaming'
      readonly cluster: ClusterName
      readonly instances: readonly InstanceName[]
      readonly syncStandbys: number
    }
  /** Somebody else leads, and it neither confirms commits nor may be promoted: it can be stopped without harm. */
  | { readonly kind: 'withdrawn'; readonly cluster: ClusterName; readonly instance: InstanceName }
  /** Still the one that leads; it has led since this was planned. */
  | { readonly kind: 'led-by'; readonly cluster: ClusterName; readonly instance: InstanceName }
  | { readonly kind: 'services-up'; readonly cluster: ClusterName; readonly instances: readonly InstanceName[] }

/** What an operator asks for by name, beside the spec. */
export interface PlanIntent {
  /** Members are restarted, one after the other, where settings wait for it. */
  readonly restart?: boolean
  /** Instances, clusters, and what is inside them (`database:pg-main/app`), that may be taken away (S5). */
  readonly remove?: readonly string[]
  /** How long the data of what leaves now are kept, milliseconds. Default {@link KEEP_MS}. */
  readonly keepMs?: number
  /** Members that leave once others have taken their place; they may be on nodes that are no longer there. */
  readonly replace?: readonly InstanceName[]
  /** Where the one that takes a replaced member's place goes. */
  readonly to?: { readonly cluster: ClusterName; readonly group?: string; readonly node: string }
  /** How long clients of the poolers of members that leave get to go by themselves, milliseconds; absent: they are not asked. */
  readonly waitClientsMs?: number
  readonly stop?: ClusterName
  readonly start?: ClusterName
  /** A removed cluster that the spec has again. */
  readonly restore?: ClusterName
  readonly erase?: {
    readonly instances: readonly InstanceName[]
    /** Retired databases, users, schemas and extensions, as `parseObjectReference` reads them. */
    readonly objects?: readonly string[]
    readonly early: boolean
  }
}

/** Seven days. */
export const KEEP_MS = 7 * 24 * 3_600_000

export interface Plan {
  /** Hash of spec, base revision and content: the same input gives the same id. */
  readonly planId: string
  readonly baseRevision: number
  readonly spec: FleetSpec
  readonly changes: readonly Change[]
  /** Warnings only; a plan with errors is not a plan. */
  readonly problems: readonly Problem[]
  readonly placements: readonly PlacementExplanation[]
  readonly settings: readonly SettingExplanation[]
  readonly kernel: readonly KernelExplanation[]
  readonly layout: PlacementLayout
  readonly rebalance?: Rebalance
  readonly allocations: Allocations
  readonly phases: readonly PlanPhase[]
}
