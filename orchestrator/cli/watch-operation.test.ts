import { describe, expect, it } from 'vitest'
import type { Operation__Output } from '../../proto/gen/drover/v1/Operation.ts'
import type { OperationEvent__Output } from '../../proto/gen/drover/v1/OperationEvent.ts'
import { EXIT } from './exit-codes.ts'
import { watchOperation } from './watch-operation.ts'

const event = (type: string, state: string, message: string): OperationEvent__Output => ({
  cursor: 1,
  atMs: 0,
  type,
  operationId: 'op',
  stepId: '',
  node: '',
  message,
  state,
})
const STORY = [event('operation:running', 'running', 'pg-main'), event('step:failed', 'failed', 'look: 8 bytes short')]

describe('an operation that is followed quietly, for the sake of its JSON', () => {
  it('says why it failed, and nothing of the way there', async () => {
    const { code, said } = await watch([...STORY, event('operation:failed', 'failed', 'pg-main cannot fail over')])
    expect(said).toContain('failed pg-main cannot fail over')
    expect(said).not.toContain('8 bytes short')
    expect(code).toBe(EXIT.operationFailed)
  })

  it('says nothing when all is well', async () => {
    expect(await watch([...STORY, event('operation:done', 'done', 'pg-main')])).toEqual({ code: undefined, said: '' })
  })
})

async function watch(events: readonly OperationEvent__Output[]) {
  let said = ''
  let code: number | undefined
  const output = { write: (text: string) => void (said += text), interactive: false, color: false, columns: 80 }
  const operation: Operation__Output = {
    summary: null,
    phases: [],
    failure: null,
    outputJson: '',
    tookMs: 0,
    rolledBack: false,
  }
  await watchOperation(
    {
      terminal: { out: output, err: output },
      signal: new AbortController().signal,
      connect: () => Promise.reject(new Error('nobody connects')),
      readFile: async () => '',
      writeFile: async () => undefined,
      environment: {},
      setExitCode: value => void (code = value),
    },
    {
      async *WatchOperation() {
        yield* events
      },
      ShowOperation: async () => operation,
    },
    { operationId: 'op', json: false, quiet: true },
  )
  return { code, said }
}
