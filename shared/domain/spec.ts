/** What the user wants, after defaults: the output of orchestrator/spec, the input of the planner. */
export interface FleetSpec {
  readonly version: 1
  readonly fleet: { readonly name: string; readonly parameters: FleetParameters }
  readonly etcd: EtcdSpec
  readonly clusters: readonly ClusterSpec[]
}

export interface FleetParameters {
  /** CIDRs that pg_hba lets in; `cluster` nodes are always let in. */
  readonly clientNetworks: readonly string[]
}

export interface EtcdSpec {
  /** Odd. */
  readonly members: number
  /** Only nodes with these labels. */
  readonly labels: Readonly<Record<string, string>>
  readonly quotaBytes: number
  readonly compactionRetentionHours: number
}

export type Durability = 'async' | 'sync' | 'strict-sync'
export type FailoverMode = 'fast' | 'norm' | 'safe' | 'wide'
export type Workload = 'oltp' | 'olap' | 'crit' | 'tiny' | 'mixed'

export interface ClusterSpec {
  readonly name: string
  /** Position in the source, for messages that come after parsing. */
  readonly line?: number
  /** Major version; absent: the newest that the nodes' OS offers. */
  readonly postgresVersion?: number
  readonly members: number
  readonly placement: {
    readonly labels: Readonly<Record<string, string>>
    /** Label keys from wide to narrow over which members are spread: ['zone', 'rack']. */
    readonly spread: readonly string[]
    /** With `require`, too few distinct values of the first spread label is a problem, not a compromise. */
    readonly isolation: 'prefer' | 'require'
    /** Explicit node names, in order; overrides choosing. */
    readonly nodes?: readonly string[]
  }
  readonly resources: { readonly cores?: number; readonly memoryBytes?: number; readonly diskBytes?: number }
  readonly durability: Durability
  readonly failover: FailoverMode
  readonly workload: Workload
  readonly users: readonly UserSpec[]
  readonly databases: readonly DatabaseSpec[]
  readonly hba: readonly HbaSpec[]
  readonly parameters: Readonly<Record<string, string | number | boolean>>
  readonly pooler: {
    readonly mode: 'transaction' | 'session' | 'statement'
    readonly maxClientConnections: number
    readonly poolSize?: number
  }
}

export interface UserSpec {
  readonly name: string
  readonly login: boolean
  readonly superuser: boolean
  readonly createdb: boolean
  readonly createrole: boolean
  readonly replication: boolean
  readonly bypassrls: boolean
  readonly connectionLimit?: number
  readonly memberOf: readonly string[]
  readonly parameters: Readonly<Record<string, string>>
  readonly pooled: boolean
  readonly comment?: string
}

export interface DatabaseSpec {
  readonly name: string
  readonly owner: string
  readonly encoding: string
  readonly locale: string
  readonly schemas: readonly { readonly name: string; readonly owner?: string }[]
  readonly extensions: readonly { readonly name: string; readonly schema?: string; readonly version?: string }[]
  readonly parameters: Readonly<Record<string, string>>
  readonly pooled: boolean
  readonly connectionLimit?: number
  readonly comment?: string
}

export interface HbaSpec {
  readonly user: string
  readonly database: string
  /** CIDR, `cluster`, `clients` or `all`. */
  readonly address: string
  readonly auth: 'scram-sha-256' | 'reject' | 'cert'
}
