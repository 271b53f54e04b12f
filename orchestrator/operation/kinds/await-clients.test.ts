import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DroverError } from '../../../shared/domain/errors.ts'
import { systemClock } from '../../../shared/lib/clock.ts'
import { engineTools, TEST_OPERATION } from '../../../test/support/engine-tools.ts'
import { temporaryStore } from '../../../test/support/temporary-store.ts'
import { type EngineTools, runOperation } from '../engine.ts'
import type { OperationKind } from '../program.ts'
import { awaitClients } from './await-clients.ts'

const target = { instance: 'pg-main-1', socketDirectory: '/run/drover-pgbouncer/pg-main-1-rw', port: 6432 }
const kind: OperationKind<never, null> = {
  kind: 'test',
  async run(_, op) {
    op.phase('wait for clients to leave')
    const poolers = [{ nodeId: 'n1', target }]
    await awaitClients({ kind: 'await-clients', poolers, timeoutMs: 60_000 }, op)
    return { output: null }
  },
}

describe('clients that get time to leave', () => {
  let temporary: ReturnType<typeof temporaryStore>
  beforeEach(() => {
    temporary = temporaryStore()
  })
  afterEach(() => temporary[Symbol.asyncDispose]())

  /** Each question to the agent takes 25 s of the story's time; answers with what was asked for, and what became of it. */
  async function play(answer: (tries: number) => { readonly clients: number }) {
    let now = 0
    const asked: number[] = []
    const run = async (command: { readonly args: unknown }) => {
      asked.push((command.args as { readonly timeoutMs: number }).timeoutMs)
      now += 25_000
      return { state: 'done', result: answer(asked.length) }
    }
    const tools = engineTools(temporary.store, {
      clock: { ...systemClock, now: () => now, sleep: async () => void (now += 2_000) },
      runner: {
        run,
        forget: async () => undefined,
        operations: async () => new Set(),
      } as unknown as EngineTools['runner'],
    })
    await tools.journal.create({ record: TEST_OPERATION, steps: [], input: 0, decisions: [] })
    const { signal } = new AbortController()
    await runOperation({ id: TEST_OPERATION.id, kind, tools, signal, stopping: signal })
    const steps = await tools.journal.steps(TEST_OPERATION.id)
    const { status } = await tools.journal.operation(TEST_OPERATION.id)
    return { asked, state: status.state, last: steps.at(-1)?.status }
  }

  it('are waited for until they are gone', async () => {
    expect(await play(() => ({ clients: 0 }))).toMatchObject({
      asked: [60_000],
      state: 'done',
      last: { detail: 'nobody is left' },
    })
  })

  it('are waited for no longer than was asked for, however often the question is lost', async () => {
    const lost = (tries: number) => {
      if (tries < 3) throw new DroverError('unavailable', 'the agent has gone', { retryable: true })
      return { clients: 2 }
    }
    const { asked, state, last } = await play(lost)
    expect(asked).toEqual([60_000, 33_000, 6_000])
    expect(state).toBe('done')
    expect(last).toMatchObject({ detail: expect.stringContaining('2 clients did not leave') })
  })

  it('hold nothing up when their pooler cannot be asked', async () => {
    const dead = () => {
      throw new DroverError('failed', 'the pooler of pg-main-1 does not answer', { retryable: false })
    }
    expect(await play(dead)).toMatchObject({
      state: 'done',
      last: { detail: 'warning: the pooler of pg-main-1 does not answer' },
    })
  })
})
