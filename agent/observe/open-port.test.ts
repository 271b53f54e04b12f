import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { portStaysOpen } from './open-port.ts'

async function probe(behave: (socket: Socket) => void): Promise<boolean> {
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    behave(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    return await portStaysOpen({ host: '127.0.0.1', port, timeoutMs: 2_000, signal: new AbortController().signal })
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
}

describe('asking whether anybody is behind a port', () => {
  it('takes one that waits for the client to speak for up', async () => {
    expect(await probe(() => undefined)).toBe(true)
  })

  it('takes one that speaks first for up', async () => {
    expect(await probe(socket => socket.write('220 ready\r\n'))).toBe(true)
  })

  it('takes a proxy that hangs up for down', async () => {
    expect(await probe(socket => socket.end())).toBe(false)
  })

  it('takes a closed port for down', async () => {
    const signal = new AbortController().signal
    expect(await portStaysOpen({ host: '127.0.0.1', port: 1, timeoutMs: 1_000, signal })).toBe(false)
  })
})
