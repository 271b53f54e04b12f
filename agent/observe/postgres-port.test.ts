import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { postgresAnswers } from './postgres-port.ts'

async function probe(behave: (socket: Socket) => void, timeoutMs = 2_000): Promise<boolean> {
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    behave(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    return await postgresAnswers({ host: '127.0.0.1', port, timeoutMs, signal: new AbortController().signal })
  } finally {
    server.close()
  }
}

describe('asking a port for PostgreSQL', () => {
  it('takes the one letter that answers GSSENCRequest for a sign of life', async () => {
    const seen: string[] = []
    const up = await probe(socket =>
      socket.once('data', data => {
        seen.push(data.toString('hex'))
        socket.write('N')
      }),
    )
    expect(up).toBe(true)
    expect(seen).toEqual(['0000000804d21630'])
  })

  it('takes a proxy that accepts and hangs up for down', async () => {
    expect(await probe(socket => socket.end())).toBe(false)
  })

  it('does not wait for ever for one that says nothing', async () => {
    expect(await probe(() => undefined, 50)).toBe(false)
  })

  it('takes another protocol for down', async () => {
    expect(await probe(socket => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))).toBe(false)
  })

  it('takes a closed port and an aborted question for down', async () => {
    const aborted = AbortSignal.abort()
    const call = { host: '127.0.0.1', port: 1, timeoutMs: 1_000 }
    expect(await postgresAnswers({ ...call, signal: new AbortController().signal })).toBe(false)
    expect(await postgresAnswers({ ...call, signal: aborted })).toBe(false)
  })
})
