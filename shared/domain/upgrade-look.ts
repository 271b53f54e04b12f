import type { PoolerTarget, PostgresTarget } from './command.ts'
import type { InstanceName } from './ids.ts'

/** A member's poolers, as far as it has them. */
export interface PoolerBackendsArgs {
  readonly instance: InstanceName
  readonly rw?: PoolerTarget
  readonly ro?: PoolerTarget
}

/** Server processes that poolers hold open, by process id on the machine of that server. */
export interface PoolerBackends {
  /** Of the primary, wherever it is. */
  readonly primary: readonly number[]
  /** Of this member's own server. */
  readonly own: readonly number[]
}

export interface UpgradeLookArgs extends PostgresTarget {
  /** Processes of this server that poolers hold: nobody behind them notices a restart. */
  readonly pooled: readonly number[]
  /** Younger connections are left out: poolers may have made them since they were asked. */
  readonly minAgeMs: number
  /** Replication by them is the cluster's own. */
  readonly members: readonly InstanceName[]
}

/** What an upgrade has to know of one server before it stops. */
export interface UpgradeLook {
  /** Connected past the poolers, the largest group first: each is disconnected once. */
  readonly clients: readonly DirectClients[]
  /** Of a client; absent: none is open. */
  readonly oldestTransaction?: {
    readonly ageMs: number
    readonly user: string
    readonly database: string
    readonly application: string
    /** `idle in transaction`, `active`. */
    readonly state: string
  }
  /** How far a standby is behind what it has received, milliseconds; absent of a primary. */
  readonly replayLagMs?: number
  /** Only of one that archives. */
  readonly archive?: {
    readonly failing: boolean
    readonly waitingFiles: number
    /** How old the oldest file is that waits, seconds; absent: none does. */
    readonly oldestWaitingSeconds?: number
  }
  readonly collations: CollationVersions
  /** In the databases that take connections. Empty of a standby: its primary has the same. */
  readonly extensions: readonly InstalledExtension[]
  /** Output plugins of logical replication slots. */
  readonly outputPlugins: readonly string[]
}

/** How a server's libraries sort text; absent: it has no such collation. */
export interface CollationVersions {
  readonly icu?: string
  readonly libc?: string
}

export interface InstalledExtension {
  readonly database: string
  readonly name: string
  readonly version: string
}

/** Connections with the same four words. */
export interface DirectClients {
  readonly user: string
  /** Empty of physical replication. */
  readonly database: string
  readonly application: string
  /** IP address; `socket`: on the machine itself. */
  readonly address: string
  readonly count: number
}
