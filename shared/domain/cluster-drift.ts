import type { ClusterName, InstanceName, NodeId } from './ids.ts'

export type ClusterDriftKind =
  /** Of a running server. */
  | 'setting'
  | 'hba'
  /** Patroni's dynamic configuration, in etcd. */
  | 'configuration'
  /** Users, databases, schemas, extensions, privileges. */
  | 'object'
  | 'member'
  | 'tag'
  | 'slot'
  | 'timeline'
  | 'version'
  | 'failover'

/** Something of a cluster that is not as it was applied. Never a secret. */
export interface ClusterDriftItem {
  readonly kind: ClusterDriftKind
  readonly name: string
  /** Of one member; absent: of the whole cluster. */
  readonly instance?: InstanceName
  readonly expected: string
  readonly found: string
  readonly repair: DriftRepair
}

/** Who repairs it. */
export type DriftRepair =
  /** Without a restart, and without taking anything away. */
  | { readonly by: 'apply'; readonly how: 'reload' | 'configure' | 'provision' }
  /** A member's next start. */
  | { readonly by: 'restart'; readonly command: string }
  /** What Drover cannot know to be unwanted, or cannot repair without a loss. */
  | { readonly by: 'people'; readonly command: string }

export interface ClusterDrift {
  readonly cluster: ClusterName
  readonly items: readonly ClusterDriftItem[]
  /** Parts that could not be compared, and why. */
  readonly unknown: readonly string[]
  /** Unix milliseconds: the oldest of what was compared. Absent: nothing was. */
  readonly checkedAt?: number
  readonly repair: ClusterRepair
}

/** What an apply does about it. */
export interface ClusterRepair {
  /** Patroni's dynamic configuration as it is, but for what is left to people; absent: it is as it should be. */
  readonly configuration?: Readonly<Record<string, unknown>>
  /** Members whose Patroni writes PostgreSQL's files anew, and what ALTER SYSTEM has set there, to be taken back. */
  readonly servers: readonly {
    readonly instance: InstanceName
    readonly nodeId: NodeId
    readonly reset: readonly string[]
  }[]
  readonly provision: boolean
}
