import { assertNever, DroverError } from '../../shared/domain/errors.ts'
import { failureOf } from '../../shared/domain/failure.ts'
import type { OperationId } from '../../shared/domain/ids.ts'
import type { Failure } from '../../shared/domain/operation.ts'
import { deadlineController } from '../../shared/lib/abort.ts'
import { NO_FAILPOINTS } from '../../shared/lib/failpoint.ts'
import type { NewOperationEvent } from './dependencies.ts'
import type { EngineTools } from './engine.ts'
import type { Told } from './journal.ts'
import type { ActResult, ProgramStep } from './program.ts'
import type { StepRecord } from './record.ts'
import { delayBefore, isOutOfTime, mayTryAgain, remainingMs } from './retry-policy.ts'
import { changeStep, type StepTransition } from './state.ts'
import type { StepContext } from './steps/step-context.ts'

/** How long a look at what is really so may take, also when the step's own time is over. */
const CHECK_MS = 15_000
const UNDO_ATTEMPTS = 3

/** Thrown by a step that was never begun while a program is only replayed. */
const END_OF_STORY = new DroverError('internal', 'the journal ends here')

/** Runs the steps of one operation, each moved in transactions of its own, and undoes them. */
export interface StepRunner {
  run<Result>(step: ProgramStep<Result>, place: Place): Promise<Result>
  /** Nothing that was begun so far is undone any more. */
  keep(): void
  /**
   * Undoes what was done or begun, newest first, and side by side what was started together; what cannot be undone does not hold up
   * the rest. Returns what is left.
   */
  compensate(signal: AbortSignal): Promise<readonly string[]>
  /** True when there is anything to undo. */
  readonly canCompensate: boolean
}

interface Place {
  readonly stepId: string
  readonly phase: string
}

interface Begun {
  /** The same number: started together, before anything else had ended. */
  readonly turn: number
  readonly compensate: NonNullable<ProgramStep<unknown>['compensate']>
  readonly moved: Moved
}

/** A step's record, and the one door to change it. */
interface Moved {
  record(): StepRecord
  move(transition: StepTransition, alongside?: Told['alongside']): Promise<void>
  /** The operation was resumed since this step was last taken up. */
  isOfFormerRound(): boolean
  /** With the next attempt, its whole time and all its tries. */
  beginAnew(): Promise<void>
}

export function createStepRunner(input: {
  readonly id: OperationId
  readonly records: readonly StepRecord[]
  /** Of the operation: how often it was resumed. */
  readonly resumes: number
  readonly tools: EngineTools
  readonly signal: AbortSignal
  readonly replayOnly: boolean
}): StepRunner {
  const { id, tools, signal, resumes } = input
  const { clock, failpoints = NO_FAILPOINTS } = tools
  const known = new Map(input.records.map(record => [record.id, record]))
  const begun: Begun[] = []
  let turn = 0
  let hasEnded = true
  let nodeNames: ReturnType<EngineTools['fleet']['nodeNames']> | undefined

  return {
    run,
    keep: () => void begun.splice(0),
    compensate,
    get canCompensate() {
      return begun.length > 0
    },
  }

  async function run<Result>(step: ProgramStep<Result>, place: Place): Promise<Result> {
    // At once, so that steps which are started together are of one turn, whichever is faster.
    if (hasEnded) turn += 1
    hasEnded = false
    try {
      return await runIn(turn, step, place)
    } finally {
      hasEnded = true
    }
  }

  async function runIn<Result>(itsTurn: number, step: ProgramStep<Result>, place: Place): Promise<Result> {
    const moved = follow(known.get(place.stepId) ?? (await newRecord(step, place)))
    const before = moved.record().status
    const wasBegun = before.state !== 'pending' || before.attempt > 1
    if (wasBegun) remember(itsTurn, step, moved)
    if (before.state === 'done') return before.result as Result
    if (input.replayOnly) throw END_OF_STORY
    if (moved.isOfFormerRound()) await moved.beginAnew()
    // A former process died between this failure and what follows from it.
    else if (before.state === 'failed') await tryAgainOrThrow(before.failure, step, moved)
    for (let isFirst = !wasBegun; ; isFirst = false) {
      signal.throwIfAborted()
      await moved.move({ to: 'running', at: clock.now() })
      if (isFirst) remember(itsTurn, step, moved)
      try {
        const { result, detail, alongside } = await attempt(step, moved.record())
        failpoints.reach('step:acted')
        const kept = result === undefined ? {} : { result }
        await moved.move({ to: 'done', at: clock.now(), detail, ...kept }, alongside)
        return result
      } catch (error) {
        signal.throwIfAborted()
        const failure = failureOf(error)
        await moved.move({ to: 'failed', at: clock.now(), failure })
        await tryAgainOrThrow(failure, step, moved)
      }
    }
  }

  async function tryAgainOrThrow(failure: Failure, step: ProgramStep<unknown>, moved: Moved): Promise<void> {
    const record = moved.record()
    if (!mayTryAgain({ step, record, failure, now: clock.now() })) throw toError(failure)
    await moved.move({ to: 'pending' })
    await clock.sleep(delayBefore(step, moved.record()), signal)
  }

  /** Once, within what is left of the step's time; what is really so is asked before a second try acts. */
  async function attempt<Result>(step: ProgramStep<Result>, record: StepRecord): Promise<ActResult<Result>> {
    const { deadlineMs = Number.POSITIVE_INFINITY } = step
    if (record.status.attempt > 1 || isOutOfTime(step, record, clock.now())) {
      const found = await check(step, record)
      if (found !== null) return found
    }
    const left = remainingMs(step, record, clock.now())
    if (left <= 0) throw outOfTime(step.title, deadlineMs)
    using deadline = left === Number.POSITIVE_INFINITY ? null : deadlineController(left, signal)
    try {
      return await step.act(contextOf(record, deadline?.signal ?? signal))
    } catch (error) {
      signal.throwIfAborted()
      const thrown = deadline?.signal.aborted === true ? outOfTime(step.title, deadlineMs) : error
      const failure = failureOf(thrown)
      if (!isEffectUnknown(failure) || mayTryAgain({ step, record, failure, now: clock.now() })) throw thrown
      const found = await check(step, record).catch(() => null)
      if (found === null) throw thrown
      return found
    }
  }

  async function check<Result>(step: ProgramStep<Result>, record: StepRecord): Promise<ActResult<Result> | null> {
    if (step.check === undefined) return null
    using deadline = deadlineController(CHECK_MS, signal)
    return step.check(contextOf({ ...record, id: `${record.id}-check` }, deadline.signal))
  }

  function follow(first: StepRecord): Moved {
    let record = first
    const move: Moved['move'] = async (transition, alongside = []) => {
      const status = changeStep(record.status, transition)
      if (status === record.status) return
      const begunAt = transition.to === 'running' ? (record.begunAt ?? transition.at) : record.begunAt
      record = { ...record, ...(begunAt === undefined ? {} : { begunAt }), status }
      const told = { type: `step:${transition.to}` as const, message: messageOf(transition, record) }
      const event = { ...eventOf(record), ...told, state: status.state }
      await tools.journal.saveStep(id, record, { event, alongside })
    }
    return {
      record: () => record,
      move,
      isOfFormerRound: () => (record.resumes ?? 0) < resumes,
      beginAnew: async () => {
        const { begunAt: _, ...rest } = record
        record = { ...rest, resumes, firstAttempt: record.status.attempt + 1 }
        await move({ to: 'pending' })
      },
    }
  }

  async function newRecord(
    step: ProgramStep<unknown>,
    { stepId, phase }: { readonly stepId: string; readonly phase: string },
  ): Promise<StepRecord> {
    if (input.replayOnly) throw END_OF_STORY
    nodeNames ??= tools.fleet.nodeNames()
    const node = step.nodeId === undefined ? undefined : (await nodeNames).get(step.nodeId)
    return {
      id: stepId,
      phase,
      title: step.title,
      ...(resumes === 0 ? {} : { resumes }),
      ...(step.nodeId === undefined ? {} : { nodeId: step.nodeId }),
      ...(node === undefined ? {} : { node }),
      status: { state: 'pending', attempt: 1 },
    }
  }

  function remember(itsTurn: number, step: ProgramStep<unknown>, moved: Moved): void {
    const { compensate: undoStep } = step
    if (undoStep === undefined || moved.record().status.state === 'compensated') return
    begun.push({ turn: itsTurn, compensate: context => undoStep.call(step, context), moved })
  }

  async function compensate(undoSignal: AbortSignal): Promise<readonly string[]> {
    const left: string[] = []
    for (const now of new Set(begun.map(each => each.turn).toSorted((one, other) => other - one)))
      await Promise.all(begun.filter(each => each.turn === now).map(each => takeBack(each, left, undoSignal)))
    return left
  }

  async function takeBack(
    { compensate: undoStep, moved }: Begun,
    left: string[],
    undoSignal: AbortSignal,
  ): Promise<void> {
    const undone = await undo(undoStep, moved.record(), undoSignal)
    if (undone === null) return
    if ('detail' in undone) await moved.move({ to: 'compensated', at: clock.now(), detail: undone.detail })
    else left.push(`${moved.record().title} could not be taken back: ${undone.failure.message}`)
  }

  async function undo(
    undoStep: Begun['compensate'],
    record: StepRecord,
    undoSignal: AbortSignal,
  ): Promise<{ readonly detail: string } | { readonly failure: Failure } | null> {
    for (let tries = 1; ; tries += 1) {
      try {
        const status = { ...record.status, attempt: tries }
        return await undoStep(contextOf({ ...record, status, id: `${record.id}-undo` }, undoSignal))
      } catch (error) {
        undoSignal.throwIfAborted()
        if (tries >= UNDO_ATTEMPTS) return { failure: failureOf(error) }
        await clock.sleep(delayBefore({}, { status: { attempt: tries + 1 } }), undoSignal)
      }
    }
  }

  function contextOf(record: StepRecord, stepSignal: AbortSignal): StepContext {
    return {
      ...tools,
      operationId: id,
      stepId: record.id,
      attempt: record.status.attempt,
      signal: stepSignal,
      progress: line => {
        tools.story.append({ ...eventOf(record), type: 'step:progress', message: line }).catch((error: unknown) => {
          tools.log.warn('a line of progress was lost', { operationId: id, error })
        })
      },
    }
  }

  function eventOf({ id: stepId, node }: StepRecord): Pick<NewOperationEvent, 'operationId' | 'stepId' | 'node'> {
    return { operationId: id, stepId, ...(node === undefined ? {} : { node }) }
  }
}

/** Nobody said how it went: the command was interrupted, or its answer never came. */
function isEffectUnknown({ code }: Failure): boolean {
  return code === 'unavailable' || code === 'timeout'
}

function outOfTime(title: string, deadlineMs: number): DroverError {
  return new DroverError('timeout', `${title}: not done within ${Math.round(deadlineMs / 1000)} s`, {
    retryable: false,
  })
}

function toError({ code, message, retryable, hint, problems }: Failure): DroverError {
  return new DroverError(code, message, { retryable, problems, ...(hint === undefined ? {} : { hint }) })
}

function messageOf(transition: StepTransition, step: StepRecord): string {
  switch (transition.to) {
    case 'done':
      return `${step.title}: ${transition.detail}`
    case 'compensated':
      return `${step.title}: taken back, ${transition.detail}`
    case 'failed':
      return `${step.title}: ${transition.failure.message}`
    case 'pending':
      return `${step.title}: trying again`
    case 'running':
      return step.title
    default:
      return assertNever(transition)
  }
}
