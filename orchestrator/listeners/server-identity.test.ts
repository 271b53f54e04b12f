import { connect } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { createLog } from '../../shared/lib/log.ts'
import { Secret } from '../../shared/lib/secret.ts'
import { createWireServer } from '../../shared/wire/channel.ts'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { createAuthority, LIFETIME, openAuthority } from '../ca/certificate-authority.ts'
import { ServerIdentity } from './server-identity.ts'

describe('the certificate of the listeners', () => {
  const server = createWireServer({ transport: 'tls' })
  afterEach(() => server.forceShutdown())

  it('is renewed after two thirds of its life, without closing the listener', async () => {
    const clock = new ManualClock(Date.now())
    const files = await createAuthority({ fleetName: 'test', now: clock.now() })
    const { certificatePem } = files
    const ca = await openAuthority({
      fleetId: 'f',
      clock,
      files: { certificatePem, privateKeyPem: new Secret(files.privateKeyPem) },
    })
    const identity = await ServerIdentity.create({
      ca,
      names: ['127.0.0.1'],
      clock,
      log: createLog({ level: 'silent' }),
    })
    const port = await server.listen('127.0.0.1:0', identity.tls())
    const first = await shownSerial(port, certificatePem)
    expect(first).toBe(identity.certificate.serial)

    await clock.advance(LIFETIME.server / 2)
    await identity.renewIfDue()
    expect(await shownSerial(port, certificatePem)).toBe(first)

    await clock.advance(LIFETIME.server / 4)
    await identity.renewIfDue()
    const second = await shownSerial(port, certificatePem)
    expect(second).not.toBe(first)
    expect(second).toBe(identity.certificate.serial)
  })
})

/** Serial of the certificate a client sees; the manual clock is ahead of this machine's, so validity is not judged. */
function shownSerial(port: number, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', ca, rejectUnauthorized: false, ALPNProtocols: ['h2'] }, () => {
      resolve(socket.getPeerCertificate().serialNumber)
      socket.destroy()
    })
    socket.once('error', reject)
  })
}
