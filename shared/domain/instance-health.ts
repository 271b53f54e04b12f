/** How well a node and what runs on it are: looked at on the agent's own schedule, every half minute and less often. */

export interface ClockObservation {
  /** Whether the kernel's clock is kept in step; absent: nobody can tell. */
  readonly synchronized?: boolean
  /** By which service. */
  readonly source?: string
  /** The last time that the clock was set: Unix milliseconds after it, and by how much. Measured against the time since boot. */
  readonly jump?: { readonly at: number; readonly byMs: number }
}

/** A file system that holds something of PostgreSQL or etcd. */
export interface DiskSpace {
  readonly holds: 'data' | 'wal' | 'etcd'
  readonly path: string
  readonly sizeBytes: number
  /** In steps of a thousandth of its size, so that it does not move with every write. */
  readonly availableBytes: number
  /** Absent where the file system makes them as it needs them. */
  readonly inodes?: { readonly total: number; readonly free: number }
}

export interface InstanceHealth {
  readonly disks: readonly DiskSpace[]
  /**
   * Seconds between when PostgreSQL says it was started and when the kernel says so. Above 3 Patroni does not recognise its own
   * server once it is restarted itself.
   */
  readonly startSkewSeconds?: number
  /** Absent: the server has not been asked yet, or did not answer. */
  readonly server?: ServerHealth
  /** Only of the one that leads, looked at every ten minutes. */
  readonly sequences?: readonly SequenceUse[]
}

export interface ServerHealth {
  /** Oldest of all databases. */
  readonly transactionAge: { readonly database: string; readonly age: number }
  readonly multixactAge: { readonly database: string; readonly age: number }
  /** Those that nobody reads from. Without temporary ones. */
  readonly inactiveSlots: readonly {
    readonly name: string
    readonly retainedBytes: number
    /** `reserved`, `extended`, `unreserved`, `lost`; absent before PostgreSQL 13. */
    readonly walStatus?: string
  }[]
  /** Absent: archiving is off. */
  readonly archiver?: { readonly failing: boolean; readonly failed: number; readonly waitingFiles: number }
  readonly prepared: { readonly count: number; readonly oldestSeconds: number }
  /** Databases whose text was sorted by another version of the library than the one that this server has loaded. */
  readonly collations: readonly { readonly database: string; readonly recorded: string; readonly actual: string }[]
}

export interface SequenceUse {
  readonly database: string
  /** With its schema. */
  readonly name: string
  /** 0 to 1. */
  readonly used: number
}
