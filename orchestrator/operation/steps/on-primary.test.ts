import { describe, expect, it } from 'vitest'
import type { CommandOutcome } from '../../../shared/domain/command.ts'
import type { NodeObservation } from '../../../shared/domain/observation.ts'
import { onPrimary, type PrimaryContext } from './on-primary.ts'

const args = { instance: '', socketDirectory: '/run/pg', port: 5432, items: [] }
const CALL = {
  kind: 'postgres.retire',
  cluster: 'pg-main',
  timeoutMs: 1000,
  byInstance: { 'pg-main-1': { nodeId: 'id-1', args }, 'pg-main-2': { nodeId: 'id-2', args } },
} as const

/** A fleet whose leader changes while a command runs; what a node answers is said by `answer`. */
function stage(answer: (nodeId: string, signal: AbortSignal) => Promise<CommandOutcome>) {
  const asked: string[] = []
  let leader = '1'
  let look = Promise.withResolvers<undefined>()
  const context: PrimaryContext = {
    operationId: 'op-1',
    stepId: 'step-1',
    attempt: 1,
    signal: AbortSignal.timeout(5000),
    progress: () => undefined,
    secrets: { resolve: async value => value },
    runner: {
      run: async ({ nodeId, signal }) => {
        asked.push(nodeId)
        return answer(nodeId, signal)
      },
    },
    fleet: {
      observations: () => new Map([[`id-${leader}`, leading(`pg-main-${leader}`)]]),
      observed: async signal => {
        await Promise.race([look.promise, new Promise(done => signal.addEventListener('abort', done, { once: true }))])
      },
    },
  }
  return {
    asked,
    context,
    takesOver: (other: string) => {
      leader = other
      look.resolve(undefined)
      look = Promise.withResolvers()
    },
  }
}

function leading(instance: string): NodeObservation {
  const seen = { cluster: 'pg-main', instance, role: 'primary', state: 'running', poolers: [], services: [] } as const
  return { observedAt: 0, instances: [seen] }
}

async function silence(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted()
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

const DONE: CommandOutcome = { state: 'done', result: { changes: ['renamed'], blocked: [] } }

describe('a command for the primary', () => {
  it('goes to whoever leads, and its answer comes back', async () => {
    const { asked, context } = stage(async () => DONE)
    expect(await onPrimary(CALL, context)).toEqual({
      instance: 'pg-main-1',
      result: { changes: ['renamed'], blocked: [] },
    })
    expect(asked).toEqual(['id-1'])
  })

  it('does not wait for a primary that is no more; tried again, it goes to the new one', async () => {
    const { asked, context, takesOver } = stage((nodeId, signal) =>
      nodeId === 'id-1' ? silence(signal) : Promise.resolve(DONE),
    )
    const first = onPrimary(CALL, context)
    takesOver('2')
    await expect(first).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: 'pg-main-2 has taken over from pg-main-1 in the middle of it',
    })
    expect(await onPrimary(CALL, { ...context, attempt: 2 })).toMatchObject({ instance: 'pg-main-2' })
    expect(asked).toEqual(['id-1', 'id-2'])
  })

  it('is refused when a member leads that the plan does not know', async () => {
    const { context, takesOver } = stage(async () => DONE)
    takesOver('3')
    await expect(onPrimary(CALL, context)).rejects.toMatchObject({ code: 'stale', retryable: false })
  })
})
