import { assertNever, DroverError } from '../../shared/domain/errors.ts'
import { failureOf } from '../../shared/domain/failure.ts'
import type { OperationId } from '../../shared/domain/ids.ts'
import type { Failure, OperationEvent } from '../../shared/domain/operation.ts'
import type { Mutation } from '../store/store.ts'
import type { EngineTools } from './engine.ts'
import { stepIdOf } from './numbered-steps.ts'
import type { Program, ProgramStep } from './program.ts'
import type { StepRecord } from './record.ts'
import { changeStep, type StepTransition } from './state.ts'
import type { StepContext } from './steps/step-context.ts'

const ATTEMPTS = 3
const RETRY_DELAY_MS = 2000

/** The program of one operation as the engine holds it: steps by position, each moved in a transaction of its own. */
export interface RunningProgram {
  readonly program: Program
  /** Resolves when nothing of it is under way any more; never rejects. */
  settled(): Promise<void>
  /** Undoes what was done or begun, newest first; what cannot be undone does not hold up the rest. Returns what is left. */
  compensate(signal: AbortSignal): Promise<readonly string[]>
  /** True when there is anything to undo. */
  readonly canCompensate: boolean
}

/** Thrown by a step that was never begun while a program is only replayed. */
const END_OF_STORY = new DroverError('internal', 'the journal ends here')

export interface ProgramInput {
  readonly id: OperationId
  readonly records: readonly StepRecord[]
  readonly tools: EngineTools
  readonly signal: AbortSignal
  /** Only tells what was done and begun; nothing acts. */
  readonly replayOnly: boolean
  readonly onPivot: () => Promise<void>
}

interface Begun {
  readonly compensate: NonNullable<ProgramStep<unknown>['compensate']>
  readonly record: () => StepRecord
  readonly move: Mover
}

type Mover = (transition: StepTransition, alongside?: readonly Mutation[]) => Promise<void>

export function createProgram(input: ProgramInput): RunningProgram {
  const { id, tools, signal } = input
  const known = new Map(input.records.map(record => [record.id, record]))
  const underWay = new Set<Promise<unknown>>()
  const begun: Begun[] = []
  let nodeNames: ReturnType<EngineTools['fleet']['nodeNames']> | undefined
  let phase = { number: 0, name: '', steps: 0 }

  return {
    program: { operationId: id, phase: enter, step: track, pivot: input.onPivot },
    settled: async () => void (await Promise.allSettled(underWay)),
    compensate,
    get canCompensate() {
      return begun.length > 0
    },
  }

  function enter(name: string): void {
    phase = { number: phase.number + 1, name, steps: 0 }
  }

  /** The position is taken at once, so that steps which are started together always get the same ones. */
  function track<Result>(step: ProgramStep<Result>): Promise<Result> {
    phase = { ...phase, steps: phase.steps + 1 }
    const running = run(step, stepIdOf(phase.number, phase.steps), phase.name)
    underWay.add(running)
    return running
  }

  async function run<Result>(step: ProgramStep<Result>, stepId: string, phaseName: string): Promise<Result> {
    let record = known.get(stepId) ?? (await newRecord(step, stepId, phaseName))
    const move: Mover = async (transition, alongside) => {
      const status = changeStep(record.status, transition)
      if (status === record.status) return
      record = { ...record, status }
      await tools.journal.saveStep(id, record, alongside)
      await tell(record, { type: `step:${transition.to}`, message: messageOf(transition, record), state: status.state })
    }
    const wasBegun = record.status.state !== 'pending'
    if (wasBegun) remember(step, () => record, move)
    if (record.status.state === 'done') return record.status.result as Result
    if (input.replayOnly) throw END_OF_STORY
    if (record.status.state === 'failed') await move({ to: 'pending' })
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted()
      await move({ to: 'running', at: tools.clock.now() })
      if (tries === 1 && !wasBegun) remember(step, () => record, move)
      try {
        const { result, detail, alongside } = await step.act(contextOf(record, signal))
        await move(
          { to: 'done', at: tools.clock.now(), detail, ...(result === undefined ? {} : { result }) },
          alongside,
        )
        return result
      } catch (error) {
        signal.throwIfAborted()
        const failure = failureOf(error)
        await move({ to: 'failed', at: tools.clock.now(), failure })
        if (!failure.retryable || tries >= (step.attempts ?? ATTEMPTS)) throw error
        await move({ to: 'pending' })
        await tools.clock.sleep(RETRY_DELAY_MS * tries, signal)
      }
    }
  }

  async function newRecord(step: ProgramStep<unknown>, stepId: string, phaseName: string): Promise<StepRecord> {
    if (input.replayOnly) throw END_OF_STORY
    nodeNames ??= tools.fleet.nodeNames()
    const node = step.nodeId === undefined ? undefined : (await nodeNames).get(step.nodeId)
    return {
      id: stepId,
      phase: phaseName,
      title: step.title,
      ...(step.nodeId === undefined ? {} : { nodeId: step.nodeId }),
      ...(node === undefined ? {} : { node }),
      status: { state: 'pending', attempt: 1 },
    }
  }

  function remember(step: ProgramStep<unknown>, record: () => StepRecord, move: Mover): void {
    const { compensate } = step
    if (compensate !== undefined && record().status.state !== 'compensated') {
      begun.push({ compensate: context => compensate.call(step, context), record, move })
    }
  }

  async function compensate(undoSignal: AbortSignal): Promise<readonly string[]> {
    const left: string[] = []
    for (const { compensate, record, move } of begun.toReversed()) {
      const undone = await undo(compensate, record(), undoSignal)
      if ('detail' in undone) await move({ to: 'compensated', at: tools.clock.now(), detail: undone.detail })
      else left.push(`${record().title} could not be taken back: ${undone.failure.message}`)
    }
    return left
  }

  async function undo(
    compensate: Begun['compensate'],
    record: StepRecord,
    undoSignal: AbortSignal,
  ): Promise<{ readonly detail: string } | { readonly failure: Failure }> {
    for (let tries = 1; ; tries += 1) {
      try {
        const status = { ...record.status, attempt: tries }
        return await compensate(contextOf({ ...record, status, id: `${record.id}-undo` }, undoSignal))
      } catch (error) {
        undoSignal.throwIfAborted()
        if (tries >= ATTEMPTS) return { failure: failureOf(error) }
        await tools.clock.sleep(RETRY_DELAY_MS * tries, undoSignal)
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
      progress: line => void tell(record, { type: 'step:progress', message: line }),
    }
  }

  async function tell(record: StepRecord, event: Pick<OperationEvent, 'type' | 'message' | 'state'>): Promise<void> {
    await tools.story.append({
      at: tools.clock.now(),
      operationId: id,
      stepId: record.id,
      ...(record.node === undefined ? {} : { node: record.node }),
      ...event,
    })
  }
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
