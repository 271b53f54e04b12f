import { experimental, type ServerCredentials } from '@grpc/grpc-js'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Log } from '../../shared/lib/log.ts'
import type { CertificateAuthority, ServerCertificate } from '../ca/certificate-authority.ts'

type CertificateProvider = experimental.CertificateProvider
type IdentityListener = Parameters<CertificateProvider['addIdentityCertificateListener']>[0]
type CaListener = Parameters<CertificateProvider['addCaCertificateListener']>[0]

const CHECK_MS = 3_600_000
/** Renewed when this part of its life is over. */
const RENEW_AT = 2 / 3

export interface ServerIdentityOptions {
  readonly ca: CertificateAuthority
  /** What clients dial. */
  readonly names: readonly string[]
  readonly clock: Clock
  readonly log: Log
}

/**
 * The certificate of this orchestrator's listeners. A new one is made at every start and again long before it ends;
 * listeners take it up without closing, and open connections are not disturbed.
 */
export class ServerIdentity implements CertificateProvider {
  readonly #options: ServerIdentityOptions
  readonly #identityListeners = new Set<IdentityListener>()
  #certificate: ServerCertificate

  private constructor(options: ServerIdentityOptions, certificate: ServerCertificate) {
    this.#options = options
    this.#certificate = certificate
  }

  static async create(options: ServerIdentityOptions): Promise<ServerIdentity> {
    return new ServerIdentity(options, await issue(options))
  }

  get certificate(): ServerCertificate {
    return this.#certificate
  }

  /** Anyone may connect; what they may do is proven otherwise. */
  tls(): ServerCredentials {
    return credentials(this, null, false)
  }

  /** Only clients with a certificate of the fleet's CA get through the handshake. */
  mutualTls(): ServerCredentials {
    return credentials(this, this, true)
  }

  /** Renews in time, until the signal aborts. A failure is logged and tried again. */
  async keepFresh(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options
    while (!signal.aborted) {
      await clock.sleep(CHECK_MS, signal).catch(() => undefined)
      if (signal.aborted) return
      await this.renewIfDue().catch((error: unknown) => log.error('the server certificate was not renewed', { error }))
    }
  }

  async renewIfDue(): Promise<void> {
    const { notBefore, notAfter } = this.#certificate
    if (this.#options.clock.now() < notBefore + (notAfter - notBefore) * RENEW_AT) return
    this.#certificate = await issue(this.#options)
    for (const listener of this.#identityListeners) listener(this.#update())
  }

  /** Listeners are called later, never from within: grpc-js finishes its own registration first. */
  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.add(listener)
    process.nextTick(() => listener(this.#update()))
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.delete(listener)
  }

  addCaCertificateListener(listener: CaListener): void {
    process.nextTick(() => listener({ caCertificate: Buffer.from(this.#options.ca.caPem) }))
  }

  removeCaCertificateListener(): void {
    // The CA does not change while this process runs.
  }

  #update() {
    return {
      certificate: Buffer.from(this.#certificate.pem),
      privateKey: Buffer.from(this.#certificate.privateKeyPem),
    }
  }
}

/** grpc-js 1.14 names these parameters the other way round than it uses them: the identity comes first. */
function credentials(
  identity: CertificateProvider,
  ca: CertificateProvider | null,
  requireClientCertificate: boolean,
): ServerCredentials {
  return experimental.createCertificateProviderServerCredentials(identity, ca, requireClientCertificate)
}

function issue({ ca, names }: ServerIdentityOptions): Promise<ServerCertificate> {
  return ca.issueServerCertificate({ names })
}
