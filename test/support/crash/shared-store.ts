import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Store } from '../../../orchestrator/store/store.ts'
import { assertNever, DroverError } from '../../../shared/domain/errors.ts'
import { type Answer, type Asked, pack, unpack } from './store-wire.ts'

/** Lets several processes use one store, as several orchestrators use one etcd. Returns the way to end it. */
export async function shareStore(store: Store, path: string): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    const gone = new AbortController()
    socket.on('close', () => gone.abort())
    socket.on('error', () => gone.abort())
    const lines = createInterface({ input: socket })
    // It repeats those of its input.
    lines.on('error', () => gone.abort())
    lines.on('line', line => void answer(socket, unpack<Asked>(line), gone.signal))
  })
  await new Promise<void>(resolve => server.listen(path, resolve))
  return async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise(resolve => server.close(resolve))
  }

  async function answer(socket: Socket, asked: Asked, gone: AbortSignal): Promise<void> {
    const say = (message: Answer) => void (socket.writable && socket.write(`${pack(message)}\n`))
    const { id } = asked
    try {
      if (asked.method === 'watch') {
        const { prefix, after } = asked
        for await (const events of store.watch({ prefix, after, signal: gone })) say({ id, events })
        return
      }
      say({ id, result: await perform(asked) })
    } catch (error) {
      const { code, message, retryable } = DroverError.from(error)
      say({ id, failure: { code, message, retryable } })
    }
  }

  async function perform(asked: Exclude<Asked, { method: 'watch' }>): Promise<unknown> {
    switch (asked.method) {
      case 'get':
        return store.get(asked.key)
      case 'range':
        return store.range(asked.prefix, asked.options)
      case 'txn':
        return store.txn(asked.transaction)
      case 'revision':
        return store.revision()
      default:
        return assertNever(asked)
    }
  }
}
