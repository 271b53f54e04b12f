import { DroverError } from '../../shared/domain/errors.ts'
import { failureOf } from '../../shared/domain/failure.ts'
import type { OperationId } from '../../shared/domain/ids.ts'
import type { Failure } from '../../shared/domain/operation.ts'
import { type Failpoints, NO_FAILPOINTS } from '../../shared/lib/failpoint.ts'
import type { Log } from '../../shared/lib/log.ts'
import type { Mutation } from '../store/store.ts'
import type { OperationStory } from './dependencies.ts'
import type { Journal } from './journal.ts'
import type { OperationKind } from './program.ts'
import { createProgram, type RunningProgram } from './run-program.ts'
import { changeOperation, type OperationTransition } from './state.ts'
import type { StepTools } from './steps/step-context.ts'

/** The reason with which an operation's signal is aborted when a person cancels it, unlike when the orchestrator stops. */
export const CANCELLED = new DroverError('aborted', 'cancelled')

export interface EngineTools extends StepTools {
  readonly journal: Journal
  readonly story: OperationStory
  readonly log: Log
  readonly failpoints?: Failpoints
}

export interface Run {
  readonly id: OperationId
  readonly kind: OperationKind<unknown, unknown>
  readonly tools: EngineTools
  /** Aborted with CANCELLED by a person, or with anything else when the orchestrator stops. */
  readonly signal: AbortSignal
  /** Aborted only when the orchestrator stops. */
  readonly stopping: AbortSignal
  /** Told at once when the pivot is reached: from then on nobody may abort `signal` with CANCELLED. */
  readonly onPivot?: () => void
}

/**
 * Runs an operation from wherever its journal says it is, to its end.
 *
 * Invariants: a step's state is journalled before the step acts and after it has acted; a failure or a cancellation before
 * the pivot undoes every step that was begun, newest first; an operation that ends releases its locks in the same
 * transaction and leaves no commands behind; a stopping orchestrator leaves the journal as it is, and the next start goes on.
 */
export async function runOperation(run: Run): Promise<void> {
  const { id, kind, tools, signal, stopping } = run
  const { journal, clock } = tools
  const input = await journal.input(id)
  let record = await journal.operation(id)
  try {
    if (record.status.state === 'compensating') await endUndone(await retold())
    else await goForward()
  } catch (error) {
    if (stopping.aborted) return
    throw error
  }
  ;(tools.failpoints ?? NO_FAILPOINTS).reach('operation:ended')
  // What its commands said is in its steps.
  await tools.runner.forget(id)

  async function goForward(): Promise<void> {
    await change({ to: 'running', at: clock.now() })
    const running = await open({ replayOnly: false })
    try {
      const { output, alongside } = await kind.run(input, running.program)
      await change({ to: 'done', at: clock.now(), output }, alongside)
    } catch (error) {
      await running.settled()
      stopping.throwIfAborted()
      const ending = signal.aborted ? 'cancelled' : 'failed'
      const failure = failureOf(signal.aborted ? CANCELLED : error)
      if (record.pivoted || !running.canCompensate) return await end(ending, failure)
      await change({ to: 'compensating', at: clock.now(), ending, failure })
      await endUndone(running)
    }
  }

  /** Replays the program as far as its journal goes, to learn what there is to undo. */
  async function retold(): Promise<RunningProgram> {
    const running = await open({ replayOnly: true })
    await kind.run(input, running.program).catch(() => undefined)
    await running.settled()
    return running
  }

  async function endUndone(running: RunningProgram): Promise<void> {
    if (record.status.state !== 'compensating') throw new DroverError('internal', `${id} is not being undone`)
    const { ending, failure } = record.status
    const left = await running.compensate(stopping)
    await end(left.length === 0 ? ending : 'failed', { ...failure, message: [failure.message, ...left].join('; ') })
  }

  async function end(how: 'failed' | 'cancelled', failure: Failure): Promise<void> {
    await change(how === 'failed' ? { to: how, at: clock.now(), failure } : { to: how, at: clock.now() })
  }

  async function open({ replayOnly }: { readonly replayOnly: boolean }): Promise<RunningProgram> {
    return createProgram({
      id,
      records: await journal.steps(id),
      resumes: record.resumes ?? 0,
      tools,
      signal,
      replayOnly,
      onPivot: async () => {
        if (record.pivoted || replayOnly) return
        signal.throwIfAborted()
        run.onPivot?.()
        record = { ...record, pivoted: true }
        await journal.saveOperation(record)
      },
    })
  }

  async function change(transition: OperationTransition, alongside: readonly Mutation[] = []): Promise<void> {
    record = { ...record, status: changeOperation(record.status, transition) }
    const event = {
      type: `operation:${transition.to}` as const,
      operationId: id,
      message: 'failure' in transition ? transition.failure.message : record.subject,
      state: record.status.state,
    }
    if (transition.to === 'running' || transition.to === 'compensating') await journal.saveOperation(record, { event })
    else await journal.end(record, { event, alongside })
    tools.log.info('operation changed', { operationId: id, state: record.status.state })
  }
}
