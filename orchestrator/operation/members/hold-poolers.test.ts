import { describe, expect, it } from 'vitest'
import { engineTools, TEST_OPERATION } from '../../../test/support/engine-tools.ts'
import { ManualClock } from '../../../test/support/manual-clock.ts'
import { temporaryStore } from '../../../test/support/temporary-store.ts'
import { type EngineTools, runOperation } from '../engine.ts'
import type { OperationKind, Program, ProgramStep } from '../program.ts'
import type { StepContext } from '../steps/step-context.ts'
import { assertHeld, holdPoolers } from './hold-poolers.ts'
import type { Member } from './member.ts'

it('counts from the first pooler that was asked, and lets nothing begin when its timer is about to release it', async () => {
  const clock = new ManualClock(1_000_000)
  const held = await holdPoolers(
    { cluster: 'pg-main', members: [member('pg-main-1'), member('pg-main-2')] },
    oneByOne(),
  )
  expect(held.beginUntil).toBeLessThan(1_000_000 + 15_000)
  expect(() => assertHeld(held, clock.now())).not.toThrow()
  await clock.advance(15_000)
  expect(() => assertHeld(held, clock.now())).toThrow('too much time has passed')

  /** The second pooler is asked a second after the first one. */
  function oneByOne(): Pick<Program, 'step'> {
    let last: Promise<unknown> = Promise.resolve()
    return {
      step: <Result>(step: ProgramStep<Result>) => {
        const result = last.then(async () => {
          const { result } = await step.act(context())
          await clock.advance(1_000)
          return result
        })
        last = result
        return result
      },
    }
  }

  function context(): StepContext {
    const held = { state: 'done', result: { held: true, drainedMs: 3 } } as const
    return { clock, runner: { run: () => Promise.resolve(held) }, signal: AbortSignal.timeout(10_000) } as never
  }
})

describe('a pooler that is not held in time', () => {
  it('is held at the next try, before which all are released', async () => {
    const { state, commands } = await holdWith(asked => asked('hold pg-main-2') === 1)
    expect(state).toMatchObject({ state: 'done' })
    expect(commands).toEqual([
      'hold pg-main-1',
      'hold pg-main-2',
      'release pg-main-1',
      'release pg-main-2',
      'hold pg-main-1',
      'hold pg-main-2',
    ])
  })

  it('fails the operation when it is so three times, and nobody is held then', async () => {
    const { state, commands } = await holdWith(asked => asked('hold pg-main-2') > 0)
    const failure = { code: 'timeout', message: expect.stringContaining('clients of pg-main could not be held: ') }
    expect(state).toMatchObject({ state: 'failed', failure })
    expect(commands.filter(command => command === 'hold pg-main-1')).toHaveLength(3)
    expect(commands.findLastIndex(command => command === 'release pg-main-1')).toBeGreaterThan(
      commands.lastIndexOf('hold pg-main-1'),
    )
  })
})

/** The agent of pg-main-2 dies when it is asked and `dies`, which is told how often a command was given. */
async function holdWith(dies: (asked: (command: string) => number) => boolean) {
  await using temporary = temporaryStore()
  const commands: string[] = []
  const run: EngineTools['runner']['run'] = async ({ kind, args }) => {
    const { instance } = args as { readonly instance: string }
    commands.push(`${kind.replace('pooler.', '')} ${instance}`)
    const asked = (command: string): number => commands.filter(each => each === command).length
    if (kind === 'pooler.release') return { state: 'done', result: {} }
    if (instance === 'pg-main-2' && dies(asked)) return { state: 'interrupted' }
    return { state: 'done', result: { held: true, drainedMs: 3 } }
  }
  const tools = engineTools(temporary.store)
  const kind: OperationKind<never, unknown> = {
    kind: 'test',
    run: async (_, op) => {
      op.phase('hold')
      const members = [member('pg-main-1'), member('pg-main-2')]
      return { output: await holdPoolers({ cluster: 'pg-main', members }, op) }
    },
  }
  await tools.journal.create({ record: TEST_OPERATION, steps: [], input: 0, decisions: [] })
  const { signal } = new AbortController()
  const { id } = TEST_OPERATION
  await runOperation({ id, kind, tools: { ...tools, runner: { ...tools.runner, run } }, signal, stopping: signal })
  return { state: (await tools.journal.operation(id)).status, commands }
}

function member(instance: string): Member {
  return { nodeId: `node of ${instance}`, instance, watch: { poolers: [{ name: 'pool-rw', port: 6432 }] } } as never
}
