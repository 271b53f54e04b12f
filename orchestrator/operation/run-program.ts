import type { OperationId } from '../../shared/domain/ids.ts'
import { eachAtMost } from '../../shared/lib/each-at-most.ts'
import type { EngineTools } from './engine.ts'
import { stepIdOf, twoDigits } from './numbered-steps.ts'
import type { Each, Lane, Program, ProgramStep } from './program.ts'
import type { StepRecord } from './record.ts'
import { createStepRunner, type StepRunner } from './step-runner.ts'

/** The program of one operation as the engine holds it: steps by position, each moved in a transaction of its own. */
export interface RunningProgram extends Pick<StepRunner, 'compensate' | 'canCompensate'> {
  readonly program: Program
  /** Resolves when nothing of it is under way any more; never rejects. */
  settled(): Promise<void>
}

export interface ProgramInput {
  readonly id: OperationId
  readonly records: readonly StepRecord[]
  /** How often the operation was resumed. */
  readonly resumes: number
  readonly tools: EngineTools
  readonly signal: AbortSignal
  /** Only tells what was done and begun; nothing acts. */
  readonly replayOnly: boolean
  readonly onPivot: () => Promise<void>
}

export function createProgram(input: ProgramInput): RunningProgram {
  const { id } = input
  const runner = createStepRunner(input)
  const underWay = new Set<Promise<unknown>>()
  let phase = { number: 0, name: '', steps: 0 }

  return {
    program: { operationId: id, phase: enter, step: next, each, pivot: input.onPivot, keep: () => runner.keep() },
    settled: async () => void (await Promise.allSettled(underWay)),
    compensate: signal => runner.compensate(signal),
    get canCompensate() {
      return runner.canCompensate
    },
  }

  function enter(name: string): void {
    phase = { number: phase.number + 1, name, steps: 0 }
  }

  /** The position is taken at once, so that steps which are started together always get the same ones. */
  function next<Result>(step: ProgramStep<Result>): Promise<Result> {
    return track(step, takePosition())
  }

  function takePosition(): string {
    phase = { ...phase, steps: phase.steps + 1 }
    return stepIdOf(phase.number, phase.steps)
  }

  /** Every item takes its position beforehand and numbers its own steps below it, whoever is faster. */
  async function each<Item, Result>(
    { items, atOnce }: Each<Item>,
    work: (item: Item, lane: Lane) => Promise<Result>,
  ): Promise<readonly Result[]> {
    const lanes = items.map((item, index) => ({ item, index, lane: laneAt(takePosition()) }))
    const results = new Map<number, Result>()
    await eachAtMost({
      items: lanes,
      atMost: atOnce,
      work: async ({ item, index, lane }) => void results.set(index, await work(item, lane)),
    })
    return items.map((_, index) => results.get(index) as Result)
  }

  function laneAt(position: string): Lane {
    let steps = 0
    return {
      operationId: id,
      step: step => {
        steps += 1
        return track(step, `${position}-${twoDigits(steps)}`)
      },
    }
  }

  function track<Result>(step: ProgramStep<Result>, stepId: string): Promise<Result> {
    const running = runner.run(step, { stepId, phase: phase.name })
    underWay.add(running)
    return running
  }
}
