import type { Channel } from 'nice-grpc'
import type { EnrolResponse__Output } from '../../proto/gen/drover/v1/EnrolResponse.ts'
import type { Evidence } from '../../proto/gen/drover/v1/Evidence.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { deadlineController } from '../../shared/lib/abort.ts'
import { type JoinToken, joinProof, tokenVerifier } from '../../shared/signing/join-token.ts'
import { type TrustedKeySet, trustByPin } from '../../shared/signing/keyset.ts'
import { signRecovery } from '../../shared/signing/recovery-proof.ts'
import { isServerProof } from '../../shared/signing/server-proof.ts'
import { openChannel, openUnverifiedChannel } from '../../shared/wire/channel.ts'
import { decodeEnvelope } from '../../shared/wire/codec.ts'
import { createEnrolmentClient, type EnrolmentClient } from '../../shared/wire/services.ts'
import type { NodeKeys, NodeRecord } from './identity-store.ts'

const CALL_TIMEOUT_MS = 20_000

export type EnrolAnswer =
  | { readonly state: 'active'; readonly record: NodeRecord; readonly keySet: TrustedKeySet }
  | { readonly state: 'pending'; readonly message: string }

/**
 * One attempt to join through one orchestrator (DESIGN 5.1). Nothing secret is sent, and nothing received is trusted, before the key set
 * matches the token's pin; the token's secret itself never crosses the wire. Errors: `denied` when somebody else answers, otherwise what
 * the orchestrator or the network says.
 */
export async function enrol(request: {
  readonly address: string
  readonly addresses: readonly string[]
  readonly token: JoinToken
  readonly keys: NodeKeys
  readonly evidence: Evidence
  readonly signal: AbortSignal
}): Promise<EnrolAnswer> {
  const { address, token, keys, signal } = request
  const { keySet, caPem } = await bootstrap(address, token, signal)
  return withClient({ address, caPem, signal }, async (client, callSignal) => {
    const { nonce, serverProof } = await client.Challenge({ tokenId: token.id }, { signal: callSignal })
    const verifier = tokenVerifier(token.secret)
    if (!isServerProof(serverProof, { verifier, nonce, caPem })) throw unproven(serverProof.length)
    const identityKey = keys.identity.publicKey
    const proof = joinProof({ verifier, nonce, csr: keys.csr, identityKey })
    const { csr } = keys
    const answer = await client.Enrol(
      { tokenId: token.id, nonce, csr, identityKey, proof, evidence: request.evidence },
      { signal: callSignal },
    )
    if (answer.state === 'PENDING') return { state: 'pending', message: answer.message }
    const base = { fleetId: keySet.keySet.fleetId, enrolAddresses: request.addresses, tokenId: token.id, caPem }
    return { state: 'active', keySet, record: toRecord(answer, { ...base, address }) }
  })
}

/** A certificate for a node whose own has expired: the identity key proves who asks. */
export async function recover(request: {
  readonly address: string
  readonly record: NodeRecord
  readonly keys: NodeKeys
  readonly signal: AbortSignal
}): Promise<NodeRecord> {
  const { address, record, keys, signal } = request
  return withClient({ address, caPem: record.caPem, signal }, async (client, callSignal) => {
    const { nonce } = await client.Challenge({ tokenId: '' }, { signal: callSignal })
    const signature = signRecovery(keys.identity.privateKey, { nonce, csr: keys.csr })
    const { nodeId } = record
    const answer = await client.Recover({ nodeId, nonce, csr: keys.csr, signature }, { signal: callSignal })
    if (answer.state === 'PENDING')
      throw new DroverError('unavailable', `the node waits for approval: ${answer.message}`)
    return toRecord(answer, { ...record, address })
  })
}

async function bootstrap(address: string, token: JoinToken, signal: AbortSignal) {
  const channel = openUnverifiedChannel(address)
  return timely({ channel, signal }, async callSignal => {
    const answer = await createEnrolmentClient(channel).Bootstrap({}, { signal: callSignal })
    const check = trustByPin(decodeEnvelope(answer.keysetEnvelope), token.pin)
    if (!check.ok) throw new DroverError('denied', check.problem.message, { hint: OTHER_FLEET })
    return { keySet: check.trusted, caPem: answer.caPem }
  })
}

const OTHER_FLEET = 'check the orchestrator address, or make a token on that orchestrator with `drover token create`'

function unproven(proofBytes: number): DroverError {
  if (proofBytes === 0)
    return new DroverError('denied', 'the orchestrator does not know this join token', { hint: OTHER_FLEET })
  return new DroverError('denied', 'the proof of the orchestrator is wrong: somebody may be in between', {
    hint: OTHER_FLEET,
  })
}

async function withClient<T>(
  target: { readonly address: string; readonly caPem: string; readonly signal: AbortSignal },
  work: (client: EnrolmentClient, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const channel = openChannel(target)
  return timely({ channel, signal: target.signal }, signal => work(createEnrolmentClient(channel), signal))
}

/** Ends the work in time and closes its channel. */
async function timely<T>(
  bounds: { readonly channel: Channel; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  using deadline = deadlineController(CALL_TIMEOUT_MS, bounds.signal)
  try {
    return await work(deadline.signal)
  } catch (error) {
    bounds.signal.throwIfAborted()
    if (!deadline.signal.aborted) throw error
    throw new DroverError('timeout', `no answer within ${CALL_TIMEOUT_MS} ms`, { cause: error })
  } finally {
    bounds.channel.close()
  }
}

function toRecord(
  answer: EnrolResponse__Output,
  known: Pick<NodeRecord, 'fleetId' | 'enrolAddresses' | 'tokenId' | 'caPem'> & { readonly address: string },
): NodeRecord {
  const { nodeId, generation, certificatePem } = answer
  if (nodeId === '' || certificatePem === '') throw new DroverError('failed', 'the orchestrator sent no certificate')
  const { fleetId, enrolAddresses, tokenId } = known
  return {
    fleetId,
    nodeId,
    generation,
    certificatePem,
    caPem: answer.caPem === '' ? known.caPem : answer.caPem,
    enrolAddresses,
    meshAddresses: meshAddresses(answer.meshAddresses, known.address),
    tokenId,
  }
}

/** `:port` means the host that was dialled; nothing said means the port after the enrol port there. */
export function meshAddresses(told: readonly string[], dialled: string): readonly string[] {
  const cut = dialled.lastIndexOf(':')
  const host = dialled.slice(0, cut)
  if (told.length === 0) return [`${host}:${Number(dialled.slice(cut + 1)) + 1}`]
  return told.map(address => (address.startsWith(':') ? `${host}${address}` : address))
}
