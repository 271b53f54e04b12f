import { getEventListeners, once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { probePort } from './port-probe.ts'

it('leaves nothing on a signal that outlives it, however often it asks', async () => {
  const server = createServer(socket => socket.end('here'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { signal } = new AbortController()
  const ask = (of: number): Promise<boolean> =>
    probePort({ host: '127.0.0.1', port: of, timeoutMs: 2_000, signal }, (socket, say) =>
      socket.on('data', () => say(true)),
    )
  for (let asked = 0; asked < 5; asked += 1) expect([await ask(port), await ask(1)]).toEqual([true, false])
  await setImmediate()
  expect(getEventListeners(signal, 'abort')).toEqual([])
  server.close()
})

it('ends at once when the signal aborts', async () => {
  const server = createServer(socket => socket.on('error', () => undefined))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const controller = new AbortController()
  const asked = probePort({ host: '127.0.0.1', port, timeoutMs: 60_000, signal: controller.signal }, () => undefined)
  controller.abort()
  expect(await asked).toBe(false)
  server.close()
})
