import type { InstanceActivity } from './activity.ts'
import type { ClusterName, InstanceName } from './ids.ts'
import type { ClockObservation, DiskSpace, InstanceHealth } from './instance-health.ts'
import type { ConvergeResult } from './manifest.ts'

/** What an agent sees on its node now; never what was asked for. */
export interface NodeObservation {
  /** Unix milliseconds, agent clock. */
  readonly observedAt: number
  readonly etcd?: EtcdObservation
  readonly instances: readonly InstanceObservation[]
  readonly clock?: ClockObservation
  /** Items that a dry run of the current manifest found different. */
  readonly drift?: DriftReport
}

export interface EtcdObservation {
  readonly name: string
  readonly healthy: boolean
  readonly leader: boolean
  readonly version?: string
  /** What the members have agreed to speak; 3.0.0 in a new cluster until its leader has seen every member's version. */
  readonly clusterVersion?: string
  readonly dbSizeBytes?: number
  readonly quotaBytes?: number
  /** The rest of its database is free pages, which only defragmenting gives back. */
  readonly dbSizeInUseBytes?: number
  /** Of its cluster: `NOSPACE`, `CORRUPT`. Absent: none. */
  readonly alarms?: readonly string[]
  readonly disk?: DiskSpace
  readonly members?: number
  readonly detail?: string
}

/** `standby-leader`: the one of a standby cluster that follows the other cluster's primary. */
export type InstanceRole = 'primary' | 'standby-leader' | 'sync-standby' | 'replica' | 'unknown'

/** The one of a cluster that the others follow and that takes its configuration. */
export function leads(role: InstanceRole): boolean {
  return role === 'primary' || role === 'standby-leader'
}

/** Patroni's words where Patroni answers: running, streaming, starting, stopped, creating replica ...; `unreachable` when it does not. */
export type InstanceState = string

/** Patroni 4 says `streaming` of a standby, and of the leader of a standby cluster. */
export function isRunning(state: InstanceState | undefined): boolean {
  return state === 'running' || state === 'streaming'
}

export interface InstanceObservation {
  readonly cluster: ClusterName
  readonly instance: InstanceName
  readonly role: InstanceRole
  readonly state: InstanceState
  readonly serverVersion?: string
  /** When the server was started, in PostgreSQL's words: another text is another start. */
  readonly startedAt?: string
  readonly timeline?: number
  /** Absolute byte position: current WAL LSN of a primary, replayed LSN of a standby. */
  readonly lsn?: number
  readonly pendingRestart?: boolean
  /** What it would change; Patroni before 4 does not say. */
  readonly pendingSettings?: readonly { readonly name: string; readonly from: string; readonly to: string }[]
  /** Patroni's automatic failover is off in the whole cluster. */
  readonly paused?: boolean
  /** Unix milliseconds: when this host's timer turns it on again; absent: none is armed here. */
  readonly pausedUntil?: number
  /** Its Patroni carries the tag that keeps it from being promoted. */
  readonly noFailover?: boolean
  readonly replication?: readonly {
    readonly name: string
    readonly state: string
    readonly syncState: string
    readonly replayLsn?: number
  }[]
  readonly poolers: readonly { readonly name: string; readonly port: number; readonly up: boolean }[]
  readonly services: readonly { readonly name: string; readonly port: number; readonly up: boolean }[]
  readonly detail?: string
  readonly health?: InstanceHealth
  readonly activity?: InstanceActivity
  /** How often systemd has restarted a Patroni that does not answer. */
  readonly restarts?: number
}

/** Against a manifest that was applied. `checkedAt`: Unix milliseconds, agent clock. */
export interface DriftReport {
  readonly checkedAt: number
  readonly manifestHash: string
  readonly items: readonly { readonly kind: string; readonly name: string; readonly detail: string }[]
}

/** What a dry run or a converge left different. */
export function driftItems({ items }: ConvergeResult): DriftReport['items'] {
  return items
    .filter(({ status }) => status === 'would-change' || status === 'failed')
    .map(({ kind, name, detail }) => ({ kind, name, detail: detail ?? 'differs' }))
}
