import type { CampaignControl } from '../../shared/domain/campaign.ts'
import type { CommandArgs, CommandKind, CommandOutcome } from '../../shared/domain/command.ts'
import type { FsyncProbe } from '../../shared/domain/facts.ts'
import type { ClusterName, NodeId, OperationId } from '../../shared/domain/ids.ts'
import type { Manifest, PackageItem } from '../../shared/domain/manifest.ts'
import type { OperationEvent } from '../../shared/domain/operation.ts'
import type { Plan } from '../../shared/domain/plan.ts'
import type { Allocations, Snapshot } from '../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import type { HeldRelease } from '../plan/campaign/held-releases.ts'
import type { ReleaseNote } from '../plan/campaign/release-notes.ts'
import type { Compare, Mutation, TransactionResult } from '../store/store.ts'
import type { Observations } from './conditions.ts'

/** Sends one signed command and waits for what became of it; the same (operation, step, attempt) never makes a second one. */
export interface CommandRunner {
  run<K extends CommandKind>(command: {
    readonly nodeId: NodeId
    readonly kind: K
    readonly args: CommandArgs<K>
    readonly operationId: OperationId
    readonly stepId: string
    readonly attempt: number
    readonly timeoutMs: number
    readonly signal: AbortSignal
    readonly onProgress?: (line: string) => void
  }): Promise<CommandOutcome>
  /** Drops every command and outcome of an operation that has ended; what is still under way counts as interrupted. */
  forget(operationId: OperationId): Promise<void>
  /** Operations that have commands or outcomes which were not forgotten. */
  operations(): Promise<ReadonlySet<OperationId>>
}

/** What the engine reads and writes of what is known about nodes. */
export interface FleetAccess {
  snapshot(packages: Snapshot['packages']): Promise<Snapshot>
  observations(): Observations
  /** Resolves at the next observation of any node, or when the signal fires. */
  observed(signal: AbortSignal): Promise<void>
  /** Has these nodes tell what they see now; who is not connected is not asked. */
  lookAgain(nodeIds: readonly NodeId[]): void
  /** Which agent a node had when it last connected, and whether it is connected now; null: there is no such node. */
  agent(nodeId: NodeId): Promise<{ readonly version: string; readonly connected: boolean } | null>
  nodeNames(): Promise<ReadonlyMap<NodeId, string>>
  /** The manifest that the node has converged to, with placeholders. */
  recordManifest(nodeId: NodeId, manifest: Manifest, operationId: OperationId): Promise<void>
  /** Mutations that make the node so; a removed one loses its name and the right to every certificate it has. Throws `not-found`. */
  putNodeState(nodeId: NodeId, state: 'ready' | 'draining' | 'removed'): Promise<readonly Mutation[]>
  /** Ends the session of a node that is no more. */
  disconnect(nodeId: NodeId): void
  /** The manifest last recorded for the node. */
  manifest(nodeId: NodeId): Promise<Manifest | null>
  /** Of all nodes, in their order; without those that have none. */
  manifests(): Promise<ReadonlyMap<NodeId, Manifest>>
  /** Mutations for a transaction of the caller. */
  putAllocations(allocations: Allocations): Mutation
  /** A key of its own, so that clusters which get there at the same time do not overwrite each other. */
  putBootstrapped(cluster: ClusterName): Mutation
  /** Of a cluster that is no more. */
  forgetBootstrapped(cluster: ClusterName): Mutation
  /** The node's figure from now on, whatever facts it reports later. */
  putFsync(nodeId: NodeId, probe: FsyncProbe): Mutation
  /** What people have said about a campaign since it began; undefined: nothing. */
  campaignControl(id: OperationId): Promise<CampaignControl | undefined>
  /** Releases that people of this fleet have named as not to be moved to. */
  heldReleases(): Promise<readonly HeldRelease[]>
  /** What people of this fleet have written of releases. */
  releaseNotes(): Promise<readonly ReleaseNote[]>
  putExplanations(plan: Pick<Plan, 'placements' | 'settings'>): Mutation
  putAppliedSpec(spec: FleetSpec): Mutation
  /** Of an apply that is done: what the next plan compares its settings with. */
  putAppliedSettings(settings: Plan['settings']): Mutation
}

export interface PackageShelf {
  /** Every version on offer, newest first. */
  offers(
    os: string,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, readonly string[]>>>
  /** These and all that they depend on, at exact versions. Errors: `not-found`. */
  closure(request: {
    readonly os: string
    readonly packages: readonly PackageItem[]
    readonly signal: AbortSignal
  }): Promise<readonly PackageItem[]>
  fill(request: {
    readonly os: string
    readonly packages: readonly { readonly name: string; readonly version: string }[]
    readonly signal: AbortSignal
    readonly onProgress: (line: string) => void
  }): Promise<void>
}

/** The story stamps it with its own clock, in the order of what happened. */
export type NewOperationEvent = Omit<OperationEvent, 'cursor' | 'at'>

/** The story of operations for whoever watches. */
export interface OperationStory {
  append(event: NewOperationEvent): Promise<void>
  /** One transaction that changes the journal and tells it: both happen or neither. */
  commit(told: {
    readonly compare?: readonly Compare[]
    readonly success: readonly Mutation[]
    readonly events: readonly NewOperationEvent[]
  }): Promise<TransactionResult>
  /** Past and future events of one operation after a cursor. */
  watch(operationId: OperationId, afterCursor: number, signal: AbortSignal): AsyncIterable<OperationEvent>
}
