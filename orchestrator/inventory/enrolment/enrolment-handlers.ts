import type { CallContext } from 'nice-grpc'
import type { EnrolResponse } from '../../../proto/gen/drover/v1/EnrolResponse.ts'
import type { Evidence__Output } from '../../../proto/gen/drover/v1/Evidence.ts'
import type { Clock } from '../../../shared/lib/clock.ts'
import type { Envelope } from '../../../shared/signing/envelope.ts'
import { serverProof } from '../../../shared/signing/server-proof.ts'
import { encodeEnvelope } from '../../../shared/wire/codec.ts'
import type { EnrolmentServer } from '../../../shared/wire/services.ts'
import type { Audit } from '../../observe/audit-log.ts'
import type { NodeEvidence } from '../node-record.ts'
import { addressOfPeer } from './cidr.ts'
import type { EnrolmentAnswer, EnrolmentService } from './enrolment-service.ts'
import type { Nonces } from './nonces.ts'
import type { RateLimit } from './rate-limit.ts'
import type { RecoveryService } from './recovery-service.ts'
import { EnrolmentRefusal, type EnrolmentRefusalReason, unknownToken } from './refusal.ts'
import type { TokenStore } from './token-store.ts'

export interface EnrolmentHandlerDeps {
  readonly service: EnrolmentService
  readonly recovery: RecoveryService
  readonly nonces: Nonces
  readonly tokens: TokenStore
  readonly clock: Pick<Clock, 'now'>
  readonly audit: Audit
  readonly metrics: { enrolmentRefused(reason: EnrolmentRefusalReason): void }
  /** Everyone together, and each address. */
  readonly limits: { readonly all: RateLimit; readonly perAddress: RateLimit }
  /** How often refusals of the limits are worth an audit record. */
  readonly auditFloods: RateLimit
  readonly fleet: { readonly id: string; readonly caPem: string; readonly rootKeySet: Envelope }
  /** Where agents go next: `host:port`, or `:port` on the host they dialled. */
  readonly meshAddresses: () => readonly string[]
}

/** The only surface a stranger reaches: small messages, rate limits first, every refusal audited. */
export function createEnrolmentHandlers(deps: EnrolmentHandlerDeps): EnrolmentServer {
  const { fleet, clock } = deps
  return {
    Bootstrap: async (_request, context) =>
      guarded({ context, subject: 'bootstrap' }, async () => ({
        keysetEnvelope: encodeEnvelope(fleet.rootKeySet),
        caPem: fleet.caPem,
        fleetId: fleet.id,
        serverTimeMs: clock.now(),
      })),
    Challenge: async (request, context) =>
      guarded({ context, subject: 'challenge' }, async () => {
        const nonce = deps.nonces.issue()
        return { nonce, serverTimeMs: clock.now(), serverProof: await prove(request.tokenId, nonce) }
      }),
    Enrol: async (request, context) =>
      guarded({ context, subject: request.evidence?.hostname ?? 'unknown host' }, async address => {
        const { tokenId, nonce, csr, identityKey, proof } = request
        const { evidence, agentVersion } = readEvidence(request.evidence)
        const enrolment = { tokenId, nonce, csr, identityKey, proof, evidence, agentVersion, address }
        return encodeAnswer(await deps.service.enrol(enrolment), deps)
      }),
    Recover: async (request, context) =>
      guarded({ context, subject: request.nodeId }, async address => {
        const { nodeId, nonce, csr, signature } = request
        return encodeAnswer(await deps.recovery.recover({ nodeId, nonce, csr, signature, address }), deps)
      }),
  }

  /** Empty for a recovery, whose node knows the CA already. */
  async function prove(tokenId: string, nonce: Uint8Array): Promise<Buffer> {
    if (tokenId === '') return Buffer.alloc(0)
    const verifier = await deps.tokens.verifier(tokenId)
    if (verifier === null) throw unknownToken()
    return serverProof({ verifier, nonce, caPem: fleet.caPem })
  }

  async function guarded<T>(
    call: { readonly context: CallContext; readonly subject: string },
    work: (address: string) => Promise<T>,
  ): Promise<T> {
    const address = addressOfPeer(call.context.peer)
    try {
      if (!deps.limits.perAddress(address) || !deps.limits.all('')) {
        throw new EnrolmentRefusal('rate-limited', 'too many requests', 'wait a few seconds and try again')
      }
      return await work(address)
    } catch (error) {
      if (error instanceof EnrolmentRefusal) await refused(error, { address, subject: call.subject })
      throw error
    }
  }

  async function refused(error: EnrolmentRefusal, who: { readonly address: string; readonly subject: string }) {
    deps.metrics.enrolmentRefused(error.reason)
    if (error.reason === 'rate-limited' && !deps.auditFloods(who.address)) return
    await deps.audit.append({
      type: 'enrolment:refused',
      actor: who.address,
      subject: printable(who.subject),
      detail: `${error.reason}: ${error.message}`,
    })
  }
}

/** Texts of strangers end up in records: bounded here, once. */
function readEvidence(evidence: Evidence__Output | null): { evidence: NodeEvidence; agentVersion: string } {
  return {
    evidence: {
      hostname: evidence?.hostname ?? '',
      machineId: printable(evidence?.machineId ?? ''),
      productUuid: printable(evidence?.productUuid ?? ''),
      macs: (evidence?.macs ?? []).slice(0, 64).map(printable),
      addresses: (evidence?.addresses ?? []).slice(0, 64).map(printable),
    },
    agentVersion: printable(evidence?.agentVersion ?? ''),
  }
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100)
}

function encodeAnswer(
  answer: EnrolmentAnswer,
  deps: Pick<EnrolmentHandlerDeps, 'fleet' | 'meshAddresses'>,
): EnrolResponse {
  return answer.state === 'pending'
    ? { state: 'PENDING', nodeId: answer.nodeId, message: answer.message }
    : {
        state: 'ACTIVE',
        nodeId: answer.nodeId,
        generation: answer.generation,
        certificatePem: answer.certificatePem,
        caPem: deps.fleet.caPem,
        meshAddresses: [...deps.meshAddresses()],
      }
}
