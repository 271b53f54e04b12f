import type { HealthThresholds } from './health.ts'
import type { ObjectReference } from './object-reference.ts'

/** What the user wants, after defaults: the output of orchestrator/spec, the input of the planner. */
export interface FleetSpec {
  readonly version: 1
  readonly fleet: {
    /** Absent: the spec was an inventory of Pigsty's, which names no fleet. */
    readonly name?: string
    readonly parameters: FleetParameters
  }
  readonly etcd: EtcdSpec
  readonly clusters: readonly ClusterSpec[]
}

export interface FleetParameters {
  /** CIDRs that pg_hba lets in; `cluster` nodes are always let in. */
  readonly clientNetworks: readonly string[]
  readonly limits: FleetLimits
  /** `manage`: Drover sets what PostgreSQL needs of the kernel (sysctl, huge pages). `leave`: it only says what it would set. */
  readonly kernel: 'manage' | 'leave'
  /** What to do about drift: say so, or begin an apply of what was applied. Absent: `report`. */
  readonly drift?: 'report' | 'repair'
  /** Thresholds that this fleet has otherwise. */
  readonly health?: Partial<HealthThresholds>
  /** How the fleet is upgraded when the command line says nothing else. */
  readonly upgrades?: UpgradePolicy
}

export interface UpgradePolicy {
  /** Names of clusters, or `label=value`: clusters with all members on nodes with that label. */
  readonly canaries?: readonly string[]
  readonly stages?: readonly (readonly string[])[]
  /** A node label. */
  readonly by?: string
  readonly soakSeconds?: number
  /** `Sat,Sun 02:00-06:00 Europe/Berlin`. */
  readonly windows?: readonly string[]
  readonly budget?: number
  readonly atOnce?: number
  readonly perNode?: number
  /** By node label. */
  readonly per?: Readonly<Record<string, number>>
}

/** Shares (0 to 1; cores may be overcommitted up to 4) of what a node really has that members may demand together. */
export interface FleetLimits {
  readonly cores: number
  readonly memory: number
  readonly disk: number
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
export type WatchdogMode = 'off' | 'automatic' | 'required'

export interface ClusterSpec {
  readonly name: string
  /** Position in the source, for messages that come after parsing. */
  readonly line?: number
  /** Major version; absent: the newest that the nodes' OS offers. */
  readonly postgresVersion?: number
  /** Members that may become primary. Those that never may are in `replicas`. */
  readonly members: number
  readonly replicas: readonly ReplicaGroupSpec[]
  /** A standby cluster: its leader follows the primary of another cluster of the fleet and takes no writes. */
  readonly standbyOf?: StandbySourceSpec
  readonly placement: PlacementSpec
  readonly resources: ResourcesSpec
  readonly durability: Durability
  readonly synchronous: SynchronousSpec
  readonly failover: FailoverMode
  /** How many bytes of WAL a standby may lack and still be promoted when durability is `async`. */
  readonly failoverLagBytes: number
  /** What a new member copies in a second at most. */
  readonly cloneRateBytes: number
  readonly watchdog: WatchdogMode
  readonly workload: Workload
  readonly tuning: { readonly sharedBuffersRatio?: number }
  readonly users: readonly UserSpec[]
  readonly databases: readonly DatabaseSpec[]
  readonly template: TemplateSpec
  readonly privileges: readonly DefaultPrivilegeSpec[]
  readonly hba: readonly HbaSpec[]
  readonly services: readonly ServiceSpec[]
  readonly parameters: Readonly<Record<string, string | number | boolean>>
  /** Further packages for its nodes, such as extensions that are created by hand. */
  readonly packages: readonly string[]
  readonly pooler: PoolerSpec
  /** An upgrade ends with ALTER EXTENSION ... UPDATE of what is declared without a version. */
  readonly updateExtensions?: boolean
  /** Of a spec that was planned: what is no longer declared and still in PostgreSQL. No fleet file says it. */
  readonly left?: readonly ObjectReference[]
}

export interface PlacementSpec {
  readonly labels: Readonly<Record<string, string>>
  /** Label keys from wide to narrow over which members are spread: ['region', 'zone', 'rack']. The node itself is the last level. */
  readonly spread: readonly string[]
  /** A label key: no two members share a value of it, or there is no plan. Absent: spreading is only preferred. */
  readonly isolation?: string
  /** Explicit node names, in order; overrides choosing. */
  readonly nodes?: readonly string[]
}

/** What one member needs. */
export interface ResourcesSpec {
  readonly cores?: number
  readonly memoryBytes?: number
  readonly diskBytes?: number
  /** Write operations a second of a primary. */
  readonly iops?: number
  /** The slowest 99th percentile of one fsync that is acceptable, microseconds. */
  readonly fsyncMicros?: number
}

/** Members that never become primary and never hold up a commit. */
export interface ReplicaGroupSpec {
  /** Names the group in services; `members` and `all` are taken. */
  readonly name: string
  /** `replica`: a pool of readers. `offline`: analysis and exports, own service. `delayed`: stays behind by `delaySeconds`. */
  readonly role: 'replica' | 'offline' | 'delayed'
  readonly members: number
  readonly delaySeconds?: number
  /** 1 to 100; full members have 100. A service falls back only on groups of the same or a lower priority than those it is made of. */
  readonly priority: number
  readonly labels: Readonly<Record<string, string>>
  readonly nodes?: readonly string[]
}

export interface StandbySourceSpec {
  readonly cluster: string
  /** The whole cluster stays behind by this much; 0: as close as it can. */
  readonly delaySeconds: number
}

/** Used with durability `sync` and `strict-sync`. */
export interface SynchronousSpec {
  /** How many standbys confirm a commit. */
  readonly standbys: number
  /** A label key: whatever member is primary, at least one confirming standby has another value of it. */
  readonly across?: string
}

export interface UserSpec {
  readonly name: string
  readonly login: boolean
  readonly superuser: boolean
  readonly createdb: boolean
  readonly createrole: boolean
  readonly inherit: boolean
  readonly replication: boolean
  readonly bypassrls: boolean
  readonly connectionLimit?: number
  /** ISO 8601 date or time, or `infinity`. */
  readonly validUntil?: string
  /** A SCRAM-SHA-256 verifier of a password that clients know already; absent: Drover generates the password. */
  readonly password?: string
  readonly memberOf: readonly MembershipSpec[]
  readonly parameters: Readonly<Record<string, string>>
  readonly pooled: boolean
  readonly poolMode?: PoolMode
  readonly poolConnections?: number
  readonly comment?: string
}

export interface MembershipSpec {
  readonly role: string
  readonly admin: boolean
  /** PostgreSQL 16 and later; absent: PostgreSQL's default. */
  readonly inherit?: boolean
  readonly set?: boolean
}

export interface DatabaseSpec {
  readonly name: string
  readonly owner: string
  readonly encoding: string
  readonly locale: string
  readonly collate?: string
  readonly ctype?: string
  readonly localeProvider?: 'libc' | 'icu' | 'builtin'
  readonly icuLocale?: string
  readonly icuRules?: string
  readonly template?: string
  readonly strategy?: 'wal_log' | 'file_copy'
  readonly tablespace?: string
  readonly isTemplate: boolean
  readonly allowConnections: boolean
  /** Only the owner and roles with a grant may connect: CONNECT is revoked from PUBLIC. */
  readonly revokePublicConnect: boolean
  readonly schemas: readonly SchemaSpec[]
  readonly extensions: readonly ExtensionSpec[]
  /** SQL that runs once, right after the database has been created, as its owner's superuser. */
  readonly baseline?: string
  readonly parameters: Readonly<Record<string, string>>
  readonly pooled: boolean
  readonly pool: DatabasePoolSpec
  readonly connectionLimit?: number
  readonly comment?: string
}

export interface SchemaSpec {
  readonly name: string
  readonly owner?: string
}

export interface ExtensionSpec {
  readonly name: string
  readonly schema?: string
  readonly version?: string
  /** Of a spec that was planned: it cannot be made yet, for want of its package on every member or of a restart. No fleet file says it. */
  readonly waits?: 'packages' | 'restart'
}

export interface DatabasePoolSpec {
  readonly mode?: PoolMode
  readonly size?: number
  readonly minSize?: number
  readonly reserve?: number
  readonly maxConnections?: number
}

/** What template1 and the database `postgres` get, so that every database made later has it. */
export interface TemplateSpec {
  readonly schemas: readonly SchemaSpec[]
  readonly extensions: readonly ExtensionSpec[]
}

/** ALTER DEFAULT PRIVILEGES in every declared database: what `to` may do with objects that `for` makes from now on. */
export interface DefaultPrivilegeSpec {
  /** Roles that make objects; empty: every owner of a declared database, and the superuser. */
  readonly for: readonly string[]
  readonly to: string
  readonly on: 'schemas' | 'tables' | 'sequences' | 'functions' | 'types'
  readonly grant: readonly string[]
  /** Only objects in this schema. */
  readonly schema?: string
}

export type HbaMethod = 'scram-sha-256' | 'md5' | 'trust' | 'reject' | 'cert' | 'peer' | 'ident'

export interface HbaSpec {
  readonly title?: string
  /** Ascending; the same order as in the file among equals. */
  readonly order: number
  readonly user: string
  readonly database: string
  /** CIDR, `local` (the unix socket), `localhost`, `cluster`, `clients` or `all`. */
  readonly address: string
  readonly auth: HbaMethod
  /** False: also without TLS. */
  readonly tls: boolean
  /** Only on members that are this by declaration; `primary` and `replica` are members and readers alike, since roles move. */
  readonly role: 'all' | 'members' | 'offline' | 'delayed'
  readonly on: 'postgres' | 'pooler' | 'both'
}

/** A port of its own on every node of the cluster. */
export interface ServiceSpec {
  readonly name: string
  readonly port: number
  /** A number is a port on the members. */
  readonly target: 'pooler' | 'postgres' | number
  /** What a server has to be at the moment. */
  readonly check: 'primary' | 'replica' | 'read-only' | 'sync' | 'any'
  /** Groups that serve: `members` (those that may become primary), `all`, or names of `replicas`. */
  readonly from: readonly string[]
  /** Groups that serve while nothing in `from` is up. */
  readonly backup: readonly string[]
  readonly balance: 'roundrobin' | 'leastconn' | 'first' | 'source'
  readonly maxConnections?: number
}

export type PoolMode = 'transaction' | 'session' | 'statement'

export interface PoolerSpec {
  readonly mode: PoolMode
  readonly maxClientConnections: number
  readonly poolSize?: number
  readonly reserveSize?: number
  readonly maxDatabaseConnections?: number
  readonly maxUserConnections?: number
  readonly tls: 'disable' | 'allow' | 'prefer' | 'require'
  /** Start-up parameters of clients that the pooler ignores instead of refusing. */
  readonly ignoreStartupParameters: readonly string[]
}
