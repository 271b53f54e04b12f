import type { NodeId, OperationId } from '../../shared/domain/ids.ts'
import type { Mutation } from '../store/store.ts'
import type { StepContext } from './steps/step-context.ts'

/**
 * One kind of operation, as code: what happens, in order. After a crash it runs again from the top, and every step that is
 * done answers with its journalled result; so it must reach the same steps in the same order from the same results.
 * Everything it looks at comes from its input or from a step.
 */
export interface OperationKind<Input, Output> {
  readonly kind: string
  run(input: Input, op: Program): Promise<ProgramResult<Output>>
}

export interface ProgramResult<Output> {
  /** Journalled with the operation; JSON without secrets. */
  readonly output: Output
  /** Written in the transaction that ends the operation. */
  readonly alongside?: readonly Mutation[]
}

/** What a kind may do: everything that acts is a step. */
export interface Program {
  readonly operationId: OperationId
  /** Names what follows, for people. */
  phase(name: string): void
  /** Runs the step to its end, or answers with what it gave before. Steps that are started together run side by side. */
  step<Result>(step: ProgramStep<Result>): Promise<Result>
  /**
   * Works on every item, at most so many at the same time; each item's steps are its own, in its lane. After a failure no
   * further item is begun; rejects with the first one when nothing is under way any more.
   */
  each<Item, Result>(over: Each<Item>, work: (item: Item, lane: Lane) => Promise<Result>): Promise<readonly Result[]>
  /**
   * The point of no return. A failure before it undoes the steps so far, newest first and side by side what was started together; after it the operation can only go
   * forward, and is resumed.
   */
  pivot(): Promise<void>
  /** What is done so far is complete in itself: a failure of what follows does not undo it. It can still be cancelled and resumed. */
  keep(): void
}

export interface Each<Item> {
  readonly items: readonly Item[]
  readonly atOnce: number
}

/** The steps of one item, one after the other or side by side. */
export type Lane = Pick<Program, 'operationId' | 'step'>

export interface ProgramStep<Result> {
  readonly title: string
  readonly nodeId?: NodeId
  /** Idempotent: after a crash it may run again. */
  act(context: StepContext): Promise<ActResult<Result>>
  /** Takes back what the step did or may have done; idempotent; null when there was nothing (any more). Absent: there never is. */
  compensate?(context: StepContext): Promise<{ readonly detail: string } | null>
  /**
   * What is really so: the result when the step turns out to be done, null when it has to act. Asked before a second attempt acts,
   * and as the last word when the only attempt was interrupted or its answer never came. Changes nothing.
   */
  check?(context: StepContext): Promise<ActResult<Result> | null>
  /** In all, for failures that may pass. Default 3. */
  readonly attempts?: number
  /** Between attempts. Default: 2 s, twice as long each time, at most 30 s. */
  readonly backOff?: BackOff
  /**
   * For everything: all attempts, what lies between them, and the time while no orchestrator runs. Past it the step fails with
   * `timeout`, unless `check` finds it done. Absent: as long as it takes.
   */
  readonly deadlineMs?: number
}

export interface BackOff {
  readonly firstMs: number
  readonly factor: number
  readonly longestMs: number
}

export interface ActResult<Result> {
  /** JSON without secrets; what the program goes on with. */
  readonly result: Result
  /** One phrase for the timeline. */
  readonly detail: string
  /** Written in the transaction that marks the step as done. */
  readonly alongside?: readonly Mutation[]
}
