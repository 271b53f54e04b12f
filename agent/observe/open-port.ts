import { type PortProbe, probePort } from './port-probe.ts'

/** A proxy without a server behind it hangs up at once; one that waits this long has somebody. */
const HOLD_MS = 250

/** Whether a connection to a port is taken and kept. Says nothing, so that any protocol may be behind it. Never throws. */
export function portStaysOpen(probe: PortProbe): Promise<boolean> {
  return probePort(probe, (socket, say) => {
    socket.on('connect', () => {
      const held = setTimeout(() => say(true), HOLD_MS)
      socket.on('close', () => clearTimeout(held))
    })
    socket.on('data', () => say(true))
  })
}
