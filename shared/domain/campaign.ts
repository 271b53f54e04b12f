import type { ActivityWindow } from './activity.ts'
import type { ExtensionUpdates } from './extension-update.ts'
import type { ClusterName, InstanceName, NodeId, OperationId } from './ids.ts'
import type { RuntimeId } from './runtime.ts'
import type { DirectClients } from './upgrade-look.ts'

/** How a fleet is upgraded: in what order, how much at once, when, and when it ends early. */
export interface CampaignPolicy {
  /** First, and watched for the soak time before anybody else begins. Empty: the first cluster in order. */
  readonly canaries: readonly ClusterName[]
  /** Groups in order, such as dev before prod; clusters of none of them come last. */
  readonly stages: readonly (readonly ClusterName[])[]
  /** A node label: within a stage, clusters whose primaries share a value of it come together. */
  readonly by?: string
  /** How long a wave is watched before the next one begins, milliseconds. */
  readonly soakMs: number
  /** Empty: at any time. */
  readonly windows: readonly MaintenanceWindow[]
  /** How many clusters may fail before nothing more is begun. */
  readonly budget: number
}

/** How many clusters may be under way at the same time. */
export interface CampaignCaps {
  readonly fleet: number
  /** With members on the same node. */
  readonly node: number
  /** With members on nodes that share a value of the label. */
  readonly labels: Readonly<Record<string, number>>
}

/** Weekly. It begins no cluster outside; one that is under way goes on. */
export interface MaintenanceWindow {
  /** 0 is Sunday, as in cron. */
  readonly days: readonly number[]
  /** Minutes from midnight; `to` below `from` reaches into the next day. */
  readonly from: number
  readonly to: number
  /** IANA name, such as `Europe/Berlin`. */
  readonly zone: string
}

/** What can change while a campaign runs. */
export interface CampaignControl {
  readonly paused: boolean
  readonly caps: CampaignCaps
}

/** One cluster as a campaign sees it. */
export interface CampaignCluster {
  readonly name: ClusterName
  readonly nodes: readonly CampaignNode[]
  /** Where its primary is; absent: not known. */
  readonly primaryNode?: NodeId
  /** The cluster that it follows. */
  readonly standbyOf?: ClusterName
  readonly members: readonly InstanceName[]
  /** Its spec lets extensions be updated once its wave has been watched. */
  readonly updateExtensions?: true
}

export interface CampaignNode {
  readonly id: NodeId
  readonly labels: Readonly<Record<string, string>>
}

/** Clusters that a campaign works on before it looks at their health again. */
export interface Wave {
  /** `canary`, `dev 1 of 2`: for people. */
  readonly name: string
  readonly clusters: readonly ClusterName[]
}

/** What became of one cluster. */
export interface ClusterReport {
  readonly cluster: ClusterName
  /** `left`: it was not begun. */
  readonly result: 'upgraded' | 'failed' | 'left'
  /** Its own operation; null: it was not begun. */
  readonly operationId: OperationId | null
  readonly because?: string
  readonly serverVersion?: string
  /** What most of its members ran before. */
  readonly from?: RuntimeId | null
  /** The longest that any pooler made writers wait, and readers of a standby. */
  readonly stallMs?: number
  readonly readStallMs?: number
  /** Unix milliseconds. */
  readonly begunAt?: number
  readonly endedAt?: number
  readonly phases?: readonly PhaseSpan[]
  /** What went through its members while it was upgraded, and in up to an hour before. */
  readonly activity?: ActivityWindow
  readonly activityBefore?: ActivityWindow
}

/** `members`: one after the other restarts. `switchover`: another one leads. `back`: all are led back. */
export type PhaseKind = 'prepare' | 'members' | 'switchover' | 'watch' | 'back' | 'finish'

/** Where the time of one cluster went. Unix milliseconds. */
export interface PhaseSpan {
  readonly kind: PhaseKind
  readonly name: string
  readonly begunAt: number
  /** Absent: it goes on. */
  readonly endedAt?: number
}

export interface CampaignReport {
  readonly clusters: readonly ClusterReport[]
  /** Of clusters whose spec allows it. Absent: there is none. */
  readonly extensions?: readonly ClusterExtensions[]
}

/** `because`: they could not be updated at all. */
export type ClusterExtensions = { readonly cluster: ClusterName } & (ExtensionUpdates | { readonly because: string })

/** What was looked at before anything changes. */
export interface Check {
  /** `node node-1`, `member pg-main-2`, `version`. */
  readonly what: string
  /** `refuse`: the upgrade does not begin with it. */
  readonly grade: 'fine' | 'warn' | 'refuse'
  readonly detail: string
}

export interface ClusterPreflight {
  readonly cluster: ClusterName
  /** What its members run; several in the middle of an upgrade. */
  readonly from: readonly string[]
  /** Absent: there is no version to go to. */
  readonly to?: string
  readonly checks: readonly Check[]
  readonly refused: boolean
  /** Connected past the poolers: each is disconnected once. Absent: nobody, or nobody could be asked. */
  readonly clients?: readonly MemberClients[]
}

export interface MemberClients extends DirectClients {
  readonly instance: InstanceName
}

export interface CampaignPlan {
  readonly waves: readonly Wave[]
  readonly clusters: readonly ClusterPreflight[]
}
