import { DroverError } from '../../../shared/domain/errors.ts'
import type { NodeId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../../shared/lib/clock.ts'
import { publicKeyFromSpki } from '../../../shared/signing/keys.ts'
import { isRecoverySigned } from '../../../shared/signing/recovery-proof.ts'
import type { Audit } from '../../observe/audit-log.ts'
import { type NodeRegistry, putNode, unchanged } from '../node-registry.ts'
import type { EnrolmentAnswer } from './enrolment-service.ts'
import { factsOf, type NodeCertificates } from './node-certificates.ts'
import type { Nonces } from './nonces.ts'
import { EnrolmentRefusal } from './refusal.ts'

/** A certificate lives 24 hours, so a healthy node that keeps losing its own needs few of these. */
const MAX_RECOVERIES = 6
const WINDOW_MS = 24 * 3_600_000
/** Of strangers: only what can be a store key is looked up. */
const ID = /^[A-Za-z0-9-]{1,64}$/

export interface RecoveryRequest {
  readonly nodeId: NodeId
  readonly nonce: Uint8Array
  readonly csr: Uint8Array
  readonly signature: Uint8Array
  readonly address: string
}

export interface RecoveryDeps {
  readonly clock: Pick<Clock, 'now'>
  readonly audit: Audit
  readonly nonces: Nonces
  readonly registry: NodeRegistry
  readonly certificates: NodeCertificates
}

/** A node whose certificate has expired proves the identity key it enrolled with, and gets a new certificate. */
export class RecoveryService {
  readonly #deps: RecoveryDeps

  constructor(deps: RecoveryDeps) {
    this.#deps = deps
  }

  /** Throws EnrolmentRefusal. */
  async recover(request: RecoveryRequest): Promise<EnrolmentAnswer> {
    const { nodeId, nonce, csr, signature } = request
    if (!this.#deps.nonces.take(nonce)) {
      throw new EnrolmentRefusal(
        'unknown-nonce',
        'the nonce is used, too old, or from before a restart',
        'ask for another',
      )
    }
    while (true) {
      const stored = ID.test(nodeId) ? await this.#deps.registry.get(nodeId) : null
      if (stored === null) throw new EnrolmentRefusal('unknown-node', 'this fleet does not know the node')
      const { record } = stored
      if (record.state === 'removed') throw new EnrolmentRefusal('removed-node', `node ${record.name} has been removed`)
      if (record.state === 'pending')
        throw new EnrolmentRefusal('pending-node', `node ${record.name} waits for approval`)
      const identity = publicKeyFromSpki(Buffer.from(record.identityKey, 'base64'))
      if (!isRecoverySigned({ identity, nonce, csr, signature })) {
        throw new EnrolmentRefusal('bad-signature', `the request is not signed by the identity key of ${record.name}`)
      }
      await this.#deps.certificates.check(csr).catch((error: unknown) => {
        throw new EnrolmentRefusal('bad-request', DroverError.from(error).message)
      })
      const now = this.#deps.clock.now()
      const recent = record.recoveries.filter(at => at > now - WINDOW_MS)
      if (recent.length >= MAX_RECOVERIES) {
        throw new EnrolmentRefusal(
          'too-many-recoveries',
          `${record.name} has recovered ${recent.length} times within a day`,
        )
      }
      const certificate = await this.#deps.certificates.issue(record, csr)
      const { succeeded } = await this.#deps.audit.commit({
        compare: [unchanged(stored)],
        success: [putNode({ ...record, certificate: factsOf(certificate), recoveries: [...recent, now] })],
        records: [
          {
            type: 'node:recovered',
            actor: request.address,
            subject: record.name,
            detail: `serial ${certificate.serial}`,
          },
        ],
      })
      if (succeeded) {
        return { state: 'active', nodeId, generation: record.generation, certificatePem: certificate.pem }
      }
    }
  }
}
