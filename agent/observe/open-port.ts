import { connect } from 'node:net'
import type { PortProbe } from './postgres-port.ts'

/** A proxy without a server behind it hangs up at once; one that waits this long has somebody. */
const HOLD_MS = 250

/** Whether a connection to a port is taken and kept. Says nothing, so that any protocol may be behind it. Never throws. */
export function portStaysOpen(probe: PortProbe): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host: probe.host, port: probe.port, signal: probe.signal })
  let timer = setTimeout(() => finish(false), probe.timeoutMs)
  const finish = (up: boolean): void => {
    clearTimeout(timer)
    socket.destroy()
    resolve(up)
  }
  socket.on('connect', () => {
    clearTimeout(timer)
    timer = setTimeout(() => finish(true), HOLD_MS)
  })
  socket.on('data', () => finish(true))
  socket.on('error', () => finish(false))
  socket.on('close', () => finish(false))
  return promise
}
