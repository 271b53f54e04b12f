import type { ErrorCode } from './errors.ts'
import type { OperationEventType } from './event-type.ts'
import type { ClusterName, NodeId, OperationId } from './ids.ts'
import type { Problem } from './problem.ts'

/** A failure as a value: what is journalled, streamed and shown. Never holds a secret. */
export interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly retryable: boolean
  readonly hint?: string
  readonly problems: readonly Problem[]
}

export type OperationState = 'pending' | 'running' | 'compensating' | 'done' | 'failed' | 'cancelled'
export type StepState = 'pending' | 'dispatched' | 'running' | 'done' | 'failed' | 'compensated' | 'skipped'

export interface OperationSummary {
  readonly operationId: OperationId
  /** `apply` and later kinds. */
  readonly kind: string
  readonly state: OperationState
  /** What it works on, for people: `pg-main, pg-app`. */
  readonly subject: string
  /** Clusters that it is about. */
  readonly clusters: readonly ClusterName[]
  /** What it holds now: `fleet`, `cluster/pg-main`, `node/<id>`; nothing once it has ended. */
  readonly locks: readonly string[]
  /** Unix milliseconds. */
  readonly createdAt: number
  readonly endedAt?: number
  readonly requestedBy: string
}

export interface OperationDetails {
  readonly summary: OperationSummary
  readonly phases: readonly { readonly name: string; readonly steps: readonly OperationStepView[] }[]
  readonly failure?: Failure
  /** It ended badly, and what its steps know how to undo has been undone: it cannot be resumed. */
  readonly rolledBack: boolean
  /** What a finished operation reports, by its kind. */
  readonly output?: unknown
}

export interface OperationStepView {
  readonly stepId: string
  readonly title: string
  readonly nodeId?: NodeId
  /** Node name; absent for steps that no single node runs. */
  readonly node?: string
  readonly state: StepState
  /** Of its first attempt. */
  readonly begunAt?: number
  readonly startedAt?: number
  readonly endedAt?: number
  readonly attempt: number
  readonly detail?: string
  readonly failure?: Failure
}

/** One line of an operation's story. `cursor` is what to resume a watch from. */
export interface OperationEvent {
  readonly cursor: number
  readonly at: number
  readonly type: OperationEventType
  readonly operationId: OperationId
  readonly stepId?: string
  readonly node?: string
  readonly message: string
  /** New state of the step or of the operation. */
  readonly state?: OperationState | StepState
}
