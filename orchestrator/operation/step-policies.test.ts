import { describe, expect, it } from 'vitest'
import { DroverError } from '../../shared/domain/errors.ts'
import { systemClock } from '../../shared/lib/clock.ts'
import { engineTools, TEST_OPERATION } from '../../test/support/engine-tools.ts'
import { temporaryStore } from '../../test/support/temporary-store.ts'
import { type EngineTools, runOperation } from './engine.ts'
import type { OperationKind, Program, ProgramStep } from './program.ts'
import { isEnded } from './state.ts'

describe('a step with a deadline', () => {
  it('fails with timeout when it is not done by then, and is not tried again', async () => {
    await using world = createWorld()
    const slow = endless({ deadlineMs: 500 })
    expect(await world.run(op => op.step(slow.step))).toMatchObject({ state: 'failed', failure: { code: 'timeout' } })
    expect(slow.acts()).toBe(1)
  })

  it('has used up its time while no orchestrator ran', async () => {
    await using world = createWorld()
    const slow = endless({ deadlineMs: 60_000 })
    await world.runUntilKilled(
      op => op.step(slow.step),
      () => slow.acts() === 1,
    )
    world.passes(61_000)
    expect(await world.run(op => op.step(slow.step))).toMatchObject({ state: 'failed', failure: { code: 'timeout' } })
    expect(slow.acts()).toBe(1)
  })

  it('has its whole time again when a person resumes the operation', async () => {
    await using world = createWorld()
    let isWell = false
    const slow = step({
      deadlineMs: 60_000,
      act: async () => {
        if (!isWell) throw new DroverError('failed', 'broken', { retryable: false })
        return { result: 1, detail: 'well' }
      },
    })
    expect(await world.run(op => op.step(slow))).toMatchObject({ state: 'failed' })
    world.passes(3_600_000)
    isWell = true
    await world.resume()
    expect(await world.run(op => op.step(slow))).toMatchObject({ state: 'done', output: 1 })
  })
})

describe('a step that is tried again', () => {
  it('waits as its policy says, and is tried as often as it says', async () => {
    await using world = createWorld()
    const failing = step({
      attempts: 4,
      backOff: { firstMs: 100, factor: 3, longestMs: 500 },
      act: async () => {
        throw new DroverError('unavailable', 'not yet')
      },
    })
    expect(await world.run(op => op.step(failing))).toMatchObject({ state: 'failed', failure: { message: 'not yet' } })
    expect(world.slept).toEqual([100, 300, 500])
  })

  it('does not get more tries because the orchestrator is killed in between', async () => {
    await using world = createWorld()
    let acts = 0
    const failing = step({
      attempts: 3,
      act: async () => {
        acts += 1
        throw new DroverError('unavailable', 'not yet')
      },
    })
    for (const killedAfter of [1, 2]) {
      await world.runUntilKilled(
        op => op.step(failing),
        () => acts === killedAfter && world.slept.length === killedAfter,
      )
    }
    expect(await world.run(op => op.step(failing))).toMatchObject({ state: 'failed' })
    expect(acts).toBe(3)
  })
})

describe('a step that can say what is really so', () => {
  it('is asked before a second attempt acts, and is done when it is so', async () => {
    await using world = createWorld()
    const told: string[] = []
    const interrupted = step({
      act: async ({ attempt }) => {
        told.push(`act ${attempt}`)
        throw new DroverError('unavailable', 'the agent died while it ran the command')
      },
      check: async ({ stepId, attempt }) => {
        told.push(`check ${stepId} ${attempt}`)
        return { result: 7, detail: 'it had happened' }
      },
    })
    expect(await world.run(op => op.step(interrupted))).toMatchObject({ state: 'done', output: 7 })
    expect(told).toEqual(['act 1', 'check 01-01-check 2'])
  })

  it('acts again when it is not so', async () => {
    await using world = createWorld()
    let acts = 0
    const interrupted = step({
      act: async () => {
        acts += 1
        if (acts === 1) throw new DroverError('unavailable', 'the agent died while it ran the command')
        return { result: acts, detail: 'done' }
      },
      check: async () => null,
    })
    expect(await world.run(op => op.step(interrupted))).toMatchObject({ state: 'done', output: 2 })
  })

  it('has the last word when its only attempt never answered', async () => {
    await using world = createWorld()
    const mute = (isSo: boolean) =>
      step({
        attempts: 1,
        deadlineMs: 30,
        act: context => untilAborted(context.signal),
        check: async () => (isSo ? { result: 1, detail: 'it is so' } : null),
      })
    expect(await world.run(op => op.step(mute(true)))).toMatchObject({ state: 'done' })
    await using other = createWorld()
    expect(await other.run(op => op.step(mute(false)))).toMatchObject({ state: 'failed', failure: { code: 'timeout' } })
  })

  it('is not asked about a failure that the agent has reported', async () => {
    await using world = createWorld()
    const failing = step({
      act: async () => {
        throw new DroverError('failed', 'disk full', { retryable: false })
      },
      check: async () => ({ result: 1, detail: 'never' }),
    })
    expect(await world.run(op => op.step(failing))).toMatchObject({
      state: 'failed',
      failure: { message: 'disk full' },
    })
  })
})

describe('work on many items', () => {
  it('has at most so many under way, and gives the results in order', async () => {
    await using world = createWorld()
    let underWay = 0
    let most = 0
    const output = await world.run(op =>
      op.each({ items: [5, 1, 3, 2, 4], atOnce: 2 }, async (item, lane) => {
        underWay += 1
        most = Math.max(most, underWay)
        const first = await lane.step(step({ act: async () => ({ result: item, detail: '' }) }))
        await new Promise(resolve => setTimeout(resolve, item))
        const second = await lane.step(step({ act: async () => ({ result: first * 10, detail: '' }) }))
        underWay -= 1
        return second
      }),
    )
    expect(output).toMatchObject({ state: 'done', output: [50, 10, 30, 20, 40] })
    expect(most).toBe(2)
  })

  it('gives every item its own steps, whoever is faster, so that a restart finds them', async () => {
    await using world = createWorld()
    const acts: string[] = []
    const work = (killed: boolean) => (op: Program) =>
      op.each({ items: ['a', 'b', 'c'], atOnce: 3 }, async (item, lane) => {
        for (const part of [1, 2])
          await lane.step(
            step({
              act: async context => {
                if (killed && item === 'b' && part === 2) return untilAborted(context.signal)
                acts.push(`${item}${part}`)
                return { result: part, detail: '' }
              },
            }),
          )
      })
    await world.runUntilKilled(work(true), () => acts.length === 5)
    expect(await world.run(work(false))).toMatchObject({ state: 'done' })
    expect(acts.toSorted()).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2'])
  })

  it('begins no further item after a failure, and waits for those under way', async () => {
    await using world = createWorld()
    const begun: number[] = []
    const ended: number[] = []
    const failed = await world.run(op =>
      op.each({ items: [1, 2, 3, 4], atOnce: 2 }, async (item, lane) => {
        begun.push(item)
        await lane.step(
          step({
            act: async () => {
              if (item === 1) throw new DroverError('failed', 'one broke', { retryable: false })
              await new Promise(resolve => setTimeout(resolve, 20))
              ended.push(item)
              return { result: item, detail: '' }
            },
          }),
        )
      }),
    )
    expect(failed).toMatchObject({ state: 'failed', failure: { message: 'one broke' } })
    expect({ begun, ended }).toEqual({ begun: [1, 2], ended: [2] })
  })
})

function step<Result>(parts: Partial<ProgramStep<Result>> & Pick<ProgramStep<Result>, 'act'>): ProgramStep<Result> {
  return { title: 'work', ...parts }
}

/** A step that never answers, and how often it was begun. */
function endless(policy: Pick<ProgramStep<never>, 'deadlineMs'>) {
  let acts = 0
  const act = (context: { readonly signal: AbortSignal }) => {
    acts += 1
    return untilAborted(context.signal)
  }
  return { step: step({ ...policy, act }), acts: () => acts }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}

type Work = (op: Program) => Promise<unknown>

/** One operation over a real store, and the wall's clock in the test's hand. */
function createWorld() {
  const temporary = temporaryStore()
  const slept: number[] = []
  let ahead = 0
  const clock: EngineTools['clock'] = {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    sleep: async (ms, signal) => {
      signal.throwIfAborted()
      slept.push(ms)
      await new Promise(resolve => setTimeout(resolve, 20))
      signal.throwIfAborted()
    },
  }
  const tools = engineTools(temporary.store, { clock })
  const { journal } = tools
  const { id } = TEST_OPERATION

  async function start(work: Work, stopping: AbortSignal): Promise<void> {
    const known = await journal.list(1)
    if (known.length === 0) await journal.create({ record: TEST_OPERATION, steps: [], input: 0, decisions: [] })
    const kind: OperationKind<never, unknown> = {
      kind: 'test',
      run: async (_, op) => {
        op.phase('work')
        return { output: await work(op) }
      },
    }
    await runOperation({ id, kind, tools, signal: stopping, stopping })
  }

  return {
    slept,
    passes: (ms: number) => {
      ahead += ms
    },
    run: async (work: Work) => {
      await start(work, new AbortController().signal)
      return (await journal.operation(id)).status
    },
    /** Works until the condition holds, and then not a moment longer. */
    runUntilKilled: async (work: Work, condition: () => boolean) => {
      const process = new AbortController()
      const running = start(work, process.signal)
      await expect.poll(condition, { interval: 1 }).toBe(true)
      process.abort()
      await running
      expect(isEnded((await journal.operation(id)).status)).toBe(false)
    },
    resume: async () => {
      const record = await journal.operation(id)
      await journal.reopen({ ...record, status: { state: 'running', startedAt: 0 }, resumes: 1 }, clock.now())
    },
    [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose](),
  }
}
