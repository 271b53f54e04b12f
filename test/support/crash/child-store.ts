import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import type { Entry, RangeResult, Store, TransactionResult } from '../../../orchestrator/store/store.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import { Queue } from '../../../shared/lib/queue.ts'
import { type Answer, type Asked, pack, unpack } from './store-wire.ts'

type Question = Asked extends infer Each ? (Each extends Asked ? Omit<Each, 'id'> : never) : never

/** The store that another process shares over this socket. */
export function openChildStore(path: string): Store {
  const socket = connect(path)
  const waiting = new Map<number, (answer: Answer) => void>()
  let asked = 0
  createInterface({ input: socket }).on('line', line => {
    const answer = unpack<Answer>(line)
    waiting.get(answer.id)?.(answer)
  })

  function ask(question: Question, take: (answer: Answer) => void): number {
    asked += 1
    waiting.set(asked, take)
    socket.write(`${pack({ id: asked, ...question })}\n`)
    return asked
  }

  function call<T>(question: Question): Promise<T> {
    return new Promise((resolve, reject) => {
      const id = ask(question, answer => {
        waiting.delete(id)
        if ('failure' in answer) reject(errorOf(answer.failure))
        else if ('result' in answer) resolve(answer.result as T)
      })
    })
  }

  return {
    get: key => call<Entry | null>({ method: 'get', key }),
    range: (prefix, options) =>
      call<RangeResult>({ method: 'range', prefix, ...(options === undefined ? {} : { options }) }),
    txn: transaction => call<TransactionResult>({ method: 'txn', transaction }),
    revision: () => call<number>({ method: 'revision' }),
    watch: async function* ({ prefix, after, signal }) {
      const queue = new Queue<Answer>({ maxItems: 100_000 })
      const id = ask({ method: 'watch', prefix, after }, answer => queue.push(answer))
      const stop = () => queue.close({ discard: true })
      signal.addEventListener('abort', stop, { once: true })
      try {
        for await (const answer of queue) {
          if ('failure' in answer) throw errorOf(answer.failure)
          if ('events' in answer) yield answer.events
        }
        signal.throwIfAborted()
      } finally {
        waiting.delete(id)
      }
    },
    grantLease: async () => {
      throw new DroverError('internal', 'no lease in this test')
    },
    compact: async () => undefined,
    close: async () => void socket.destroy(),
  }
}

function errorOf(failure: Extract<Answer, { failure: unknown }>['failure']): DroverError {
  return new DroverError(failure.code, failure.message, { retryable: failure.retryable })
}
