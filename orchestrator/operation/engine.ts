import { DroverError } from '../../shared/domain/errors.ts'
import type { OperationId } from '../../shared/domain/ids.ts'
import type { Failure, OperationEvent } from '../../shared/domain/operation.ts'
import type { PlanStep } from '../../shared/domain/plan.ts'
import type { Log } from '../../shared/lib/log.ts'
import type { Mutation } from '../store/store.ts'
import type { OperationStory } from './dependencies.ts'
import type { Journal } from './journal.ts'
import { numberedSteps } from './numbered-steps.ts'
import type { OperationRecord, StepRecord } from './record.ts'
import { changeOperation, changeStep, type OperationTransition, type StepTransition } from './state.ts'
import { runStep } from './steps/run-step.ts'
import type { StepTools } from './steps/step-context.ts'

/** A step that failed for a passing reason is tried this often in all, each time with a new command. */
const ATTEMPTS = 3
const RETRY_DELAY_MS = 2000

/** The reason with which an operation's signal is aborted when a person cancels it, unlike when the orchestrator stops. */
export const CANCELLED = new DroverError('aborted', 'cancelled')

export interface EngineTools extends StepTools {
  readonly journal: Journal
  readonly story: OperationStory
  readonly log: Log
}

/**
 * Runs an operation from wherever its journal says it is, to its end.
 *
 * Invariants: a step's state is journalled before the step acts and after it has acted; phases run in order, and a phase
 * starts only when every step before it is done; an operation that ends releases its locks in the same transaction and
 * leaves no commands behind; an
 * aborted signal leaves the journal as it is (the next start goes on), unless the reason is CANCELLED.
 */
export async function runOperation(id: OperationId, tools: EngineTools, signal: AbortSignal): Promise<void> {
  const { journal, clock } = tools
  const plan = await journal.plan(id)
  const work = numberedSteps(plan)
  let record = await change(await journal.operation(id), { to: 'running', at: clock.now() })
  try {
    for (const phase of record.phases) await runPhase(phase.stepIds)
    record = await change(record, { to: 'done', at: clock.now() }, [
      tools.fleet.putAppliedSpec(plan.spec),
      tools.fleet.putAppliedSettings(plan.settings),
    ])
  } catch (error) {
    if (signal.aborted && signal.reason !== CANCELLED) return
    const ending: OperationTransition = signal.aborted
      ? { to: 'cancelled', at: clock.now() }
      : { to: 'failed', at: clock.now(), failure: failureOf(error) }
    record = await change(record, ending)
  }
  // What its commands said is in its steps now.
  await tools.runner.forget(id)

  async function runPhase(stepIds: readonly string[]): Promise<void> {
    const records = new Map((await journal.steps(id)).map(step => [step.id, step]))
    const outcomes = await Promise.allSettled(
      stepIds.map(async stepId => {
        const step = records.get(stepId)
        const todo = work.get(stepId)
        if (step === undefined || todo === undefined)
          throw new DroverError('internal', `step ${stepId} is not in the journal`)
        if (step.status.state !== 'done') await runToEnd({ id, step, todo: todo.step, tools, signal })
      }),
    )
    signal.throwIfAborted()
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  }

  async function change(
    current: OperationRecord,
    transition: OperationTransition,
    alongside: readonly Mutation[] = [],
  ): Promise<OperationRecord> {
    const next = { ...current, status: changeOperation(current.status, transition) }
    if (transition.to === 'running') await journal.saveOperation(next)
    else await journal.end(next, alongside)
    tools.log.info('operation changed', { operationId: id, state: next.status.state })
    await tools.story.append({
      at: transition.at,
      type: `operation:${transition.to}`,
      operationId: id,
      message: transition.to === 'failed' ? transition.failure.message : current.subject,
      state: next.status.state,
    })
    return next
  }
}

interface StepRun {
  readonly id: OperationId
  readonly step: StepRecord
  readonly todo: PlanStep
  readonly tools: EngineTools
  readonly signal: AbortSignal
}

/** Attempts the step until it is done, or its failure is final. */
async function runToEnd(run: StepRun): Promise<void> {
  const { id, todo, tools, signal } = run
  let { step } = run
  if (step.status.state === 'failed') await move({ to: 'pending' })
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted()
    await move({ to: 'running', at: tools.clock.now() })
    try {
      const result = await runStep(todo, {
        ...tools,
        operationId: id,
        stepId: step.id,
        attempt: step.status.attempt,
        signal,
        progress: line => void tell({ type: 'step:progress', message: line }),
      })
      await move({ to: 'done', at: tools.clock.now(), detail: result.detail }, result.alongside)
      return
    } catch (error) {
      signal.throwIfAborted()
      const failure = failureOf(error)
      const again = failure.retryable && tries < ATTEMPTS
      await move({ to: 'failed', at: tools.clock.now(), failure })
      if (!again) throw error
      await move({ to: 'pending' })
      await tools.clock.sleep(RETRY_DELAY_MS * tries, signal)
    }
  }

  async function move(transition: StepTransition, alongside?: readonly Mutation[]): Promise<void> {
    const status = changeStep(step.status, transition)
    if (status === step.status) return
    step = { ...step, status }
    await tools.journal.saveStep(id, step, alongside)
    await tell({ type: `step:${transition.to}`, message: messageOf(transition, step), state: status.state })
  }

  async function tell(event: Pick<OperationEvent, 'type' | 'message' | 'state'>): Promise<void> {
    await tools.story.append({
      at: tools.clock.now(),
      operationId: id,
      stepId: step.id,
      ...(step.node === undefined ? {} : { node: step.node }),
      ...event,
    })
  }
}

function messageOf(transition: StepTransition, step: StepRecord): string {
  if (transition.to === 'done') return `${step.title}: ${transition.detail}`
  if (transition.to === 'failed') return `${step.title}: ${transition.failure.message}`
  return transition.to === 'pending' ? `${step.title}: trying again` : step.title
}

function failureOf(error: unknown): Failure {
  const { code, message, retryable, hint, problems } = DroverError.from(error)
  return { code, message, retryable, ...(hint === undefined ? {} : { hint }), problems }
}
