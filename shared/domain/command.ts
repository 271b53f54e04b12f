import type { ActivityCounters } from './activity.ts'
import type { AgentKeepArgs, AgentStageArgs, AgentStaged, AgentSwitchArgs, AgentSwitched } from './agent-upgrade.ts'
import type { PoolerDrainArgs, RenewArgs, Renewed } from './component.ts'
import type { EraseArgs } from './erase.ts'
import type { EtcdMaintainArgs, EtcdMemberArgs, ForgetScopeArgs } from './etcd-command.ts'
import type { ExtensionUpdates, UpdateExtensionsArgs } from './extension-update.ts'
import type { FsyncProbe, NodeFacts } from './facts.ts'
import type { HaproxyRouteArgs } from './haproxy-route.ts'
import type { CommandId, FleetId, InstanceName, NodeId, OperationId } from './ids.ts'
import type { ConvergeResult, Manifest } from './manifest.ts'
import type { ObjectDifference } from './object-difference.ts'
import type { PatroniSurvey, PatroniSurveyArgs } from './patroni-survey.ts'
import type { PatroniTarget } from './patroni-target.ts'
import type { PoolerRelease } from './pooler-release.ts'
import type { RetireArgs, RetireResult } from './retire.ts'
import type { RuntimeTrial, RuntimeTrialArgs } from './runtime-trial.ts'
import type { ServerSetting } from './server-settings.ts'
import type { PoolerBackends, PoolerBackendsArgs, UpgradeLook, UpgradeLookArgs } from './upgrade-look.ts'

/** The closed list of what an agent can be told to do. Arguments and results are JSON in the signed payload. */
export interface CommandCatalogue {
  /** Make the manifest so, or with `dryRun` report the difference. */
  readonly converge: { args: { readonly manifest: Manifest; readonly dryRun: boolean }; result: ConvergeResult }
  readonly 'facts.collect': { args: Record<string, never>; result: NodeFacts }
  readonly 'disk.probe': { args: { readonly directory: string }; result: FsyncProbe }
  /** Roles, databases, schemas, extensions of a cluster, on its current primary; refuses with `conflict` on a standby. */
  readonly 'postgres.provision': { args: ProvisionArgs; result: ProvisionResult }
  /**
   * Puts databases, users, schemas and extensions that were named out of reach, brings them back, or drops them when their time has
   * come, on the current primary; refuses with `conflict` on a standby.
   */
  readonly 'postgres.retire': { args: RetireArgs; result: RetireResult }
  /** Change Patroni's dynamic configuration through the local REST API; result says whether anything differed. */
  readonly 'patroni.configure': { args: PatroniConfigureArgs; result: { readonly changed: boolean } }
  /** What a switchover has to know of a primary beforehand. */
  readonly 'postgres.inspect': { args: PostgresTarget; result: PostgresInspection }
  readonly 'postgres.checkpoint': { args: PostgresTarget; result: { readonly tookMs: number } }
  /** Waits; fails with `timeout`. `writable`: not in recovery. `synchronous`: a synchronous standby streams. */
  readonly 'postgres.await': { args: PostgresAwaitArgs; result: PostgresAwaited }
  /**
   * Lets running transactions end and queues new ones. Arms a timer of systemd first, which releases the pooler whatever
   * becomes of agent and orchestrator (S4). Transactions that do not end in time are not held up: the pooler is released again.
   */
  readonly 'pooler.hold': { args: PoolerHoldArgs; result: PoolerHold }
  /** Lets clients go on; does nothing to a pooler that is not held. A hold of it that is still under way is given up. */
  readonly 'pooler.release': { args: PoolerReleaseArgs; result: PoolerRelease }
  /** Asks the leader's Patroni to hand over; answers when Patroni says how it went. */
  readonly 'patroni.switchover': { args: PatroniSwitchoverArgs; result: { readonly message: string } }
  /** What one living member knows of its cluster before somebody is promoted by hand: Patroni's view, and who answers it. */
  readonly 'patroni.survey': { args: PatroniSurveyArgs; result: PatroniSurvey }
  /** Asks Patroni to promote this member once the lease of the old primary is over; answers when Patroni says how it went. */
  readonly 'patroni.failover': { args: PatroniTarget; result: { readonly message: string } }
  /** Writes as a client would, and rolls it back; fails on whatever takes no writes. */
  readonly 'postgres.probe-write': { args: PostgresTarget; result: { readonly tookMs: number } }
  /**
   * A timer of systemd that turns Patroni's automatic failover on again, whatever becomes of agent, orchestrator and host (S4);
   * one an instance, and it tries until it succeeds. `until: null` takes it away.
   */
  readonly 'patroni.pause-deadline': { args: PauseDeadlineArgs; result: Record<string, never> }
  /** Throws a standby's data away and has it cloned anew; answers once its old server is down. */
  readonly 'patroni.reinitialise': { args: PatroniTarget; result: { readonly message: string } }
  /** What Patroni, the configuration files and the running server say of the settings that are written somewhere. */
  readonly 'postgres.settings': { args: PostgresTarget & { readonly patroni: PatroniTarget }; result: ServerSettings }
  /** Restarts one server through its Patroni, unless it was restarted since; answers when it takes connections again. */
  readonly 'patroni.restart': { args: PatroniRestartArgs; result: PatroniRestart }
  /**
   * Patroni reads its file again and writes PostgreSQL's; answers when PostgreSQL has read it. Before that, what ALTER SYSTEM has set
   * under the names of `reset` is taken back.
   */
  readonly 'patroni.reload': {
    args: PostgresTarget & { readonly patroni: PatroniTarget; readonly reset?: readonly string[] }
    result: { readonly tookMs: number }
  }
  /**
   * Deletes the data directory of an instance that this node's own manifest names as departed, once its time has come or somebody
   * asked for it by name. `left`: tablespaces and WAL that lie elsewhere.
   */
  readonly 'instance.erase': {
    args: EraseArgs
    result: { readonly erased: boolean; readonly left: readonly string[] }
  }
  /** Has the primary drop the replication slot of a member that left. */
  readonly 'patroni.release-slot': { args: ReleaseSlotArgs; result: { readonly released: boolean } }
  /**
   * Deletes what Patroni keeps in etcd about a cluster of which no member is there any more; or of one member that left, which is known
   * until its key runs out.
   */
  readonly 'etcd.forget-scope': { args: ForgetScopeArgs; result: { readonly deleted: number } }
  /** One change of etcd's membership; what is so already is left so. Refuses what would leave etcd without a majority. */
  readonly 'etcd.change-member': { args: EtcdMemberArgs; result: { readonly members: readonly string[] } }
  /** Gives free pages of one member's database back, or takes the alarm NOSPACE back. */
  readonly 'etcd.maintain': { args: EtcdMaintainArgs; result: { readonly tookMs: number } }
  /**
   * Starts the programs of a runtime on a data directory of their own, loads every library and creates extensions there, and throws it
   * away. Errors: `failed` with what does not work, in PostgreSQL's words.
   */
  readonly 'runtime.try': { args: RuntimeTrialArgs; result: RuntimeTrial }
  /** Which processes of servers the poolers of a member hold open. */
  readonly 'pooler.backends': { args: PoolerBackendsArgs; result: PoolerBackends }
  /** What an upgrade has to know of a server before it stops: who is connected past the poolers, what stands in the way. */
  readonly 'postgres.upgrade-look': { args: UpgradeLookArgs; result: UpgradeLook }
  /** Lays a version of the agent out beside the running one and has it say its version. Nothing that runs is touched. */
  readonly 'agent.stage': { args: AgentStageArgs; result: AgentStaged }
  /**
   * Starts the agent anew as that version, once nothing else is under way; refuses with `locked` while something is. A timer of systemd,
   * armed before, leads the host back to what ran before, whatever becomes of agent, orchestrator and host, unless the version is kept.
   */
  readonly 'agent.switch': { args: AgentSwitchArgs; result: AgentSwitched }
  /** Takes that timer away; `conflict`, with the last words of the version, when another one runs here. */
  readonly 'agent.keep': { args: AgentKeepArgs; result: Record<string, never> }
  /** ALTER EXTENSION ... UPDATE, on the current primary; refuses with `conflict` on a standby. */
  readonly 'postgres.update-extensions': { args: UpdateExtensionsArgs; result: ExtensionUpdates }
  /** Counts what has gone through a member up to now. */
  readonly 'instance.activity': { args: { readonly instance: InstanceName }; result: ActivityCounters }
  /** Has a component of the node's manifest run from the files that are installed now; nothing happens when it does already. */
  readonly 'component.renew': { args: RenewArgs; result: Renewed }
  /** Waits until no client of a pooler is connected, or the time is over; says how many are left. */
  readonly 'pooler.drain': { args: PoolerDrainArgs; result: { readonly clients: number } }
  /** Take a new key set into use (signed by the old and the new root). */
  readonly 'keyset.update': { args: { readonly document: string }; result: { readonly version: number } }
}

export type CommandKind = keyof CommandCatalogue
export type CommandArgs<K extends CommandKind> = CommandCatalogue[K]['args']
export type CommandResult<K extends CommandKind> = CommandCatalogue[K]['result']

/** A record, so that none can be left out. */
const KINDS: Readonly<Record<CommandKind, true>> = {
  converge: true,
  'facts.collect': true,
  'disk.probe': true,
  'postgres.provision': true,
  'postgres.retire': true,
  'patroni.configure': true,
  'postgres.inspect': true,
  'postgres.checkpoint': true,
  'postgres.await': true,
  'pooler.hold': true,
  'pooler.release': true,
  'patroni.switchover': true,
  'patroni.survey': true,
  'patroni.failover': true,
  'patroni.pause-deadline': true,
  'postgres.probe-write': true,
  'patroni.reinitialise': true,
  'postgres.settings': true,
  'patroni.restart': true,
  'patroni.reload': true,
  'instance.erase': true,
  'patroni.release-slot': true,
  'etcd.forget-scope': true,
  'etcd.change-member': true,
  'etcd.maintain': true,
  'runtime.try': true,
  'pooler.backends': true,
  'postgres.update-extensions': true,
  'instance.activity': true,
  'postgres.upgrade-look': true,
  'agent.stage': true,
  'agent.switch': true,
  'agent.keep': true,
  'component.renew': true,
  'pooler.drain': true,
  'keyset.update': true,
}

export const COMMAND_KINDS = Object.keys(KINDS) as readonly CommandKind[]

/** A PostgreSQL server on the node, through its socket. */
export interface PostgresTarget {
  readonly instance: InstanceName
  readonly socketDirectory: string
  readonly port: number
}

export interface PostgresInspection {
  /** Age of the oldest open transaction of a client, milliseconds. */
  readonly oldestTransactionMs: number
  /** The archiver's last try failed; a server with a backlog takes long to stop. */
  readonly archiverFails: boolean
  /** WAL files that wait to be archived: PostgreSQL does not end before. */
  readonly archiveBacklog: number
  readonly standbys: readonly {
    readonly instance: InstanceName
    readonly state: string
    readonly syncState: string
    readonly lagBytes: number
  }[]
}

export interface PostgresAwaitArgs extends PostgresTarget {
  readonly until: 'writable' | 'synchronous'
  readonly timeoutMs: number
  /** With `writable`: also waits for a synchronous standby, this long at most; that none comes is no failure. */
  readonly synchronousWithinMs?: number
  /** A Patroni that is woken while no standby is synchronous: it names one only when it looks at its cluster. */
  readonly wake?: PatroniTarget
}

export interface PostgresAwaited {
  readonly tookMs: number
  /** When a synchronous standby streamed, counted from the beginning too; absent when it was not waited for, or in vain. */
  readonly synchronousMs?: number
}

/** A PgBouncer on the node, through its console's socket. */
export interface PoolerTarget {
  readonly instance: InstanceName
  readonly socketDirectory: string
  readonly port: number
}

export interface PoolerHoldArgs extends PoolerTarget {
  /** How long running transactions may take to end. */
  readonly drainMs: number
  /** When the timer releases the pooler. */
  readonly releaseAfterMs: number
}

export type PoolerHold =
  | { readonly held: true; readonly drainedMs: number }
  /** Transactions did not end in time; nothing is held. */
  | { readonly held: false }

export interface PoolerReleaseArgs extends PoolerTarget {
  /** Told to the local HAProxy just before, so that the pooler finds the new primary at once. */
  readonly route?: HaproxyRouteArgs
}

export interface PatroniSwitchoverArgs extends PatroniTarget {
  readonly candidate: InstanceName
}

export interface PauseDeadlineArgs extends PatroniTarget {
  /** Unix milliseconds. */
  readonly until: number | null
}

export interface ServerSettings {
  /** When its postmaster started: Unix milliseconds, the server's clock. Another value means another start. */
  readonly startedAt: number
  readonly inRecovery: boolean
  /** Parameters of Patroni's configuration in the DCS. */
  readonly wanted: Readonly<Record<string, string>>
  /** By name: everything that is wanted, or that the files set. Never a connection string. */
  readonly settings: readonly ServerSetting[]
}

export interface PatroniRestartArgs extends PatroniTarget {
  readonly postgres: PostgresTarget
  /** Where what PostgreSQL says while it starts is logged. */
  readonly unit: string
  /** The start that is to be followed by another one; a server that has started since is left alone. */
  readonly startedAt: number
  /** `writable`: a primary again. `running`: it takes connections. */
  readonly until: 'running' | 'writable'
  /** Patroni refuses when it is something else by now. */
  readonly onlyAs?: 'replica'
  /** After this many seconds without a start Patroni hands a primary's role to somebody else. */
  readonly startTimeoutSeconds: number
  readonly timeoutMs: number
  /** A Patroni that is woken meanwhile: a synchronous standby waits until its primary has chosen another one. */
  readonly wake?: PatroniTarget
}

export type PatroniRestart =
  | {
      readonly state: 'restarted'
      readonly startedAt: number
      readonly tookMs: number
    }
  /** PostgreSQL did not come back; in its own words. */
  | { readonly state: 'refused'; readonly because: string }

export interface ReleaseSlotArgs extends PatroniTarget {
  readonly postgres: PostgresTarget
  readonly member: InstanceName
}

export interface PatroniConfigureArgs extends PatroniTarget {
  /** JSON merge patch for PATCH /config; null removes a key. */
  readonly patch: Readonly<Record<string, unknown>>
}

export interface ProvisionArgs {
  readonly instance: InstanceName
  readonly socketDirectory: string
  readonly port: number
  readonly roles: readonly RoleItem[]
  readonly databases: readonly DatabaseItem[]
  /** What `template1`, `postgres` and every database that is made from now on have. */
  readonly template: ContentItem
  readonly privileges: readonly DefaultPrivilegeItem[]
  readonly dryRun: boolean
}

export interface RoleItem {
  readonly name: string
  /** A SCRAM-SHA-256 verifier, never a plain password; absent for NOLOGIN roles. */
  readonly passwordVerifier?: string
  readonly attributes: {
    readonly login: boolean
    readonly superuser: boolean
    readonly createdb: boolean
    readonly createrole: boolean
    readonly inherit: boolean
    readonly replication: boolean
    readonly bypassrls: boolean
  }
  readonly connectionLimit?: number
  /** ISO 8601; a date is its first moment in UTC. Absent: the password does not expire. */
  readonly validUntil?: string
  readonly memberOf: readonly MembershipItem[]
  readonly parameters: Readonly<Record<string, string>>
  readonly comment?: string
}

export interface MembershipItem {
  readonly role: string
  readonly admin: boolean
  /** PostgreSQL 16 and later; absent: as PostgreSQL decides when it is granted. */
  readonly inherit?: boolean
  readonly set?: boolean
}

export interface DatabaseItem extends ContentItem {
  readonly name: string
  readonly owner: string
  readonly encoding?: string
  readonly locale?: string
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
  readonly revokePublicConnect: boolean
  /** SQL that runs once, at the end of making the database. */
  readonly baseline?: string
  readonly parameters: Readonly<Record<string, string>>
  readonly connectionLimit?: number
  readonly comment?: string
}

/** What is inside a database. */
export interface ContentItem {
  readonly schemas: readonly { readonly name: string; readonly owner?: string }[]
  readonly extensions: readonly { readonly name: string; readonly schema?: string; readonly version?: string }[]
}

/** In every database of the command: what `to` may do with objects that each role of `for` makes from now on. */
export interface DefaultPrivilegeItem {
  readonly for: readonly string[]
  readonly to: string
  readonly on: 'schemas' | 'tables' | 'sequences' | 'functions' | 'types'
  readonly grant: readonly string[]
  /** Only objects in this schema, where there is one of that name. */
  readonly schema?: string
}

export interface ProvisionResult {
  readonly dryRun: boolean
  /** One line a change, without secrets: `create role app`, `create extension vector in app`. */
  readonly changes: readonly string[]
  /** Of a dry run: what it found otherwise, property by property. */
  readonly differences?: readonly ObjectDifference[]
}

/** Everything the signature covers (DESIGN 5.3). Times are Unix milliseconds. */
export interface Command<K extends CommandKind = CommandKind> {
  readonly fleetId: FleetId
  readonly nodeId: NodeId
  readonly nodeGeneration: number
  readonly commandId: CommandId
  readonly operationId: OperationId
  readonly stepId: string
  readonly attempt: number
  readonly kind: K
  readonly args: CommandArgs<K>
  readonly keysetVersion: number
  readonly leaderEpoch: number
  /** Strictly increasing per node and generation. */
  readonly sequence: number
  readonly issuedAt: number
  /** At most 15 min after issuedAt. */
  readonly notAfter: number
  readonly maxRuntimeMs: number
}

/** Why an agent refused, in the order of the checks. Closed: tests and audit name them. */
export type RefusalReason =
  | 'oversize'
  | 'unknown-type'
  | 'unknown-key'
  | 'revoked-key'
  | 'bad-signature'
  | 'key-not-allowed'
  | 'malformed'
  | 'wrong-fleet'
  | 'wrong-node'
  | 'wrong-generation'
  | 'stale-keyset'
  | 'stale-epoch'
  | 'replayed-sequence'
  | 'stale-sequence'
  | 'expired'
  | 'issued-in-future'
  | 'window-too-long'
  | 'policy'

export type CommandOutcome =
  | { readonly state: 'done'; readonly result: unknown }
  | { readonly state: 'failed'; readonly code: string; readonly message: string; readonly retryable: boolean }
  | { readonly state: 'refused'; readonly reason: RefusalReason; readonly message: string }
  /** The agent died while it ran: the effect is unknown, `check()` decides. */
  | { readonly state: 'interrupted' }
