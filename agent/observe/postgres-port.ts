import { type PortProbe, probePort } from './port-probe.ts'

/** GSSENCRequest: the one question that PostgreSQL and PgBouncer answer before any login and log nothing about. */
const QUESTION = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x30])

/** Whether something that speaks PostgreSQL's protocol answers there. A proxy without a server behind it accepts and says nothing: that is down. Never throws. */
export function postgresAnswers(probe: PortProbe): Promise<boolean> {
  return probePort(probe, (socket, say) => {
    socket.on('connect', () => socket.write(QUESTION))
    socket.on('data', answer => say(answer[0] === 0x4e || answer[0] === 0x47))
  })
}
