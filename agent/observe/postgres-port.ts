import { connect } from 'node:net'

/** GSSENCRequest: the one question that PostgreSQL and PgBouncer answer before any login and log nothing about. */
const QUESTION = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x30])

export interface PortProbe {
  readonly host: string
  readonly port: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Whether something that speaks PostgreSQL's protocol answers there. A proxy without a server behind it accepts and says nothing: that is down. Never throws. */
export function postgresAnswers(probe: PortProbe): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host: probe.host, port: probe.port, signal: probe.signal })
  const timer = setTimeout(() => finish(false), probe.timeoutMs)
  const finish = (up: boolean): void => {
    clearTimeout(timer)
    socket.destroy()
    resolve(up)
  }
  socket.on('connect', () => socket.write(QUESTION))
  socket.on('data', answer => finish(answer[0] === 0x4e || answer[0] === 0x47))
  socket.on('error', () => finish(false))
  socket.on('close', () => finish(false))
  return promise
}
