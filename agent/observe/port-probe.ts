import { connect, type Socket } from 'node:net'

export interface PortProbe {
  readonly host: string
  readonly port: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Connects, has `judge` say whether somebody is there, and hangs up. Down: nobody answers in time, or the signal aborts. Never throws. */
export function probePort(
  { host, port, timeoutMs, signal }: PortProbe,
  judge: (socket: Socket, say: (up: boolean) => void) => void,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host, port })
  const say = (up: boolean): void => {
    clearTimeout(timer)
    signal.removeEventListener('abort', down)
    socket.destroy()
    resolve(up)
  }
  const down = (): void => say(false)
  const timer = setTimeout(down, timeoutMs)
  // Not by connect's own option: that never takes its listener back, and a session's signal would have one more after every look.
  signal.addEventListener('abort', down, { once: true })
  socket.on('error', down)
  socket.on('close', down)
  judge(socket, say)
  if (signal.aborted) down()
  return promise
}
