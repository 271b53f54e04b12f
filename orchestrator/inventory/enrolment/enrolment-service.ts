import { DroverError } from '../../../shared/domain/errors.ts'
import type { NodeId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../../shared/lib/clock.ts'
import { sha256Hex } from '../../../shared/lib/hash.ts'
import { uuidV7 } from '../../../shared/lib/uuid.ts'
import { isJoinProof } from '../../../shared/signing/join-token.ts'
import { publicKeyFromSpki } from '../../../shared/signing/keys.ts'
import { decodeJson } from '../../events/json.ts'
import type { Audit } from '../../observe/audit-log.ts'
import type { Store } from '../../store/store.ts'
import type { NodeEvidence, NodeRecord } from '../node-record.ts'
import { claimName, type NodeRegistry, putNode, unchanged } from '../node-registry.ts'
import { isInCidr } from './cidr.ts'
import { decideEnrolment, type EnrolmentDecision } from './decide-enrolment.ts'
import { type EnrolmentRecord, enrolmentKey, putEnrolment } from './enrolment-record.ts'
import { factsOf, type NodeCertificates } from './node-certificates.ts'
import type { Nonces } from './nonces.ts'
import { EnrolmentRefusal, MAKE_ANOTHER, unknownToken } from './refusal.ts'
import { putToken, type StoredToken, type TokenStore, unchangedToken } from './token-store.ts'

/** How long the same (token, CSR) gets the same certificate again. */
const SAME_ANSWER_MS = 10 * 60_000
const MAX_PENDING = 1000
const HOST_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/

export interface EnrolmentRequest {
  readonly tokenId: string
  readonly nonce: Uint8Array
  /** PKCS#10, DER. */
  readonly csr: Uint8Array
  /** Ed25519 public key, SPKI DER. */
  readonly identityKey: Uint8Array
  readonly proof: Uint8Array
  readonly evidence: NodeEvidence
  readonly agentVersion: string
  /** Where the connection comes from. */
  readonly address: string
}

export type EnrolmentAnswer =
  | { readonly state: 'active'; readonly nodeId: NodeId; readonly generation: number; readonly certificatePem: string }
  | { readonly state: 'pending'; readonly nodeId: NodeId; readonly message: string }

export interface EnrolmentDeps {
  readonly store: Store
  readonly clock: Pick<Clock, 'now'>
  readonly audit: Audit
  readonly tokens: TokenStore
  readonly nonces: Nonces
  readonly registry: NodeRegistry
  readonly certificates: NodeCertificates
  readonly isConnected: (id: NodeId) => boolean
  /** The identity of this node has moved to another host: its session must end. */
  readonly superseded: (id: NodeId) => void
}

/**
 * Turns a proven token into a node. Invariants: a use of a token, the node record and the answer are one transaction;
 * one host name belongs to one node; the same (token, CSR) never makes a second node.
 */
export class EnrolmentService {
  readonly #deps: EnrolmentDeps

  constructor(deps: EnrolmentDeps) {
    this.#deps = deps
  }

  /** Throws EnrolmentRefusal. */
  async enrol(request: EnrolmentRequest): Promise<EnrolmentAnswer> {
    const csrHash = sha256Hex(request.csr)
    await this.#checkProof(request)
    while (true) {
      const token = await this.#deps.tokens.get(request.tokenId)
      if (token === null) throw unknownToken()
      if (token.record.revoked)
        throw new EnrolmentRefusal('revoked-token', 'the join token has been revoked', MAKE_ANOTHER)
      const before = await this.#deps.store.get(enrolmentKey(request.tokenId, csrHash))
      const answer =
        before === null
          ? await this.#first({ request, csrHash, token })
          : await this.#again({
              request,
              csrHash,
              before: decodeJson<EnrolmentRecord>(before),
              revision: before.modRevision,
            })
      if (answer !== null) return answer
    }
  }

  async #checkProof(request: EnrolmentRequest): Promise<void> {
    const { nonce, csr, identityKey, proof } = request
    if (!this.#deps.nonces.take(nonce)) {
      throw new EnrolmentRefusal(
        'unknown-nonce',
        'the nonce is used, too old, or from before a restart',
        'ask for another',
      )
    }
    const verifier = await this.#deps.tokens.verifier(request.tokenId)
    if (verifier === null) throw unknownToken()
    if (!isJoinProof(proof, { verifier, nonce, csr, identityKey })) {
      throw new EnrolmentRefusal(
        'bad-proof',
        'the proof does not fit the join token',
        'check that the token was copied whole',
      )
    }
    try {
      publicKeyFromSpki(identityKey)
      await this.#deps.certificates.check(csr)
    } catch (error) {
      throw new EnrolmentRefusal('bad-request', DroverError.from(error).message)
    }
  }

  /** Null: somebody else changed what it was decided on; decide again. */
  async #first(parts: FirstParts): Promise<EnrolmentAnswer | null> {
    const { request, token } = parts
    this.#checkToken(request, token)
    const name = hostName(request.evidence.hostname)
    const identityKey = Buffer.from(request.identityKey).toString('base64')
    const nodes = await this.#deps.registry.list()
    const owner = nodes.find(node => node.identityKey === identityKey)
    if (owner !== undefined) {
      throw new EnrolmentRefusal(
        'known-identity',
        `the identity key belongs to node ${owner.name}`,
        "delete the agent's state folder on the new host, so that it makes keys of its own",
      )
    }
    const { isConnected } = this.#deps
    const decision = decideEnrolment({ token: token.record, name, evidence: request.evidence, nodes, isConnected })
    if (decision.kind === 'refused') throw new EnrolmentRefusal('replaced-node-gone', decision.message, MAKE_ANOTHER)
    if (decision.kind === 'pending' && nodes.filter(node => node.state === 'pending').length >= MAX_PENDING) {
      throw new EnrolmentRefusal('too-many-pending', `${MAX_PENDING} hosts wait for approval already`)
    }
    return this.#commit({ ...parts, decision, record: this.#newRecord({ ...parts, name, identityKey }) })
  }

  #checkToken(request: EnrolmentRequest, { record }: StoredToken): void {
    if (record.expiresAt <= this.#deps.clock.now()) {
      const at = new Date(record.expiresAt).toISOString()
      throw new EnrolmentRefusal('expired-token', `the join token expired at ${at}`, MAKE_ANOTHER)
    }
    if (record.uses >= record.maxUses) {
      const times = record.maxUses === 1 ? 'once' : `${record.maxUses} times`
      throw new EnrolmentRefusal(
        'used-token',
        `the join token has been used ${times}, as often as it may`,
        MAKE_ANOTHER,
      )
    }
    if (record.cidr !== '' && !isInCidr(request.address, record.cidr)) {
      throw new EnrolmentRefusal(
        'wrong-network',
        `the join token is only for hosts in ${record.cidr}, not ${request.address}`,
      )
    }
  }

  #newRecord(parts: FirstParts & { readonly name: string; readonly identityKey: string }): NodeRecord {
    const { request, token, name, identityKey, csrHash } = parts
    return {
      id: uuidV7(this.#deps.clock.now()),
      name,
      generation: 1,
      identityKey,
      state: 'ready',
      labels: token.record.labels,
      evidence: request.evidence,
      agentVersion: request.agentVersion,
      address: request.address,
      tokenId: request.tokenId,
      csrHash,
      enrolledAt: this.#deps.clock.now(),
      recoveries: [],
    }
  }

  async #commit(
    parts: FirstParts & { readonly decision: Accepted; readonly record: NodeRecord },
  ): Promise<EnrolmentAnswer | null> {
    const { token, csrHash, decision } = parts
    const { clock, audit, certificates, registry } = this.#deps
    const target = decision.kind === 'take-over' ? await registry.get(decision.target.id) : null
    if (decision.kind === 'take-over' && target === null) return null
    const record = recordFor(decision, parts.record, target?.record)
    const certificate = record.state === 'pending' ? null : await certificates.issue(record, parts.request.csr)
    const name = decision.kind === 'new' ? claimName(record) : null
    const { succeeded } = await audit.commit({
      compare: [
        unchangedToken(token),
        { key: enrolmentKey(token.record.id, csrHash), target: 'version', operator: '=', value: 0 },
        ...(name === null ? [] : [name.compare]),
        ...(target === null ? [] : [unchanged(target)]),
      ],
      success: [
        putToken({ ...token.record, uses: token.record.uses + 1 }),
        putNode(certificate === null ? record : { ...record, certificate: factsOf(certificate) }),
        ...(name === null ? [] : [name.mutation]),
        putEnrolment(token.record.id, csrHash, {
          nodeId: record.id,
          ...(certificate === null ? {} : { answeredAt: clock.now(), certificatePem: certificate.pem }),
        }),
      ],
      records: [
        {
          type: record.state === 'pending' ? 'node:pending' : 'node:enrolled',
          actor: parts.request.address,
          subject: record.name,
          detail: `${record.id} generation ${record.generation} with token ${token.record.id}${record.pendingReason === undefined ? '' : `: ${record.pendingReason}`}`,
        },
      ],
    })
    if (!succeeded) return null
    if (decision.kind === 'take-over') this.#deps.superseded(record.id)
    return answerFor(record, certificate?.pem)
  }

  /** The same agent asks again: it lost the answer, or waits for approval. */
  async #again(parts: {
    readonly request: EnrolmentRequest
    readonly csrHash: string
    readonly before: EnrolmentRecord
    readonly revision: number
  }): Promise<EnrolmentAnswer | null> {
    const { request, csrHash, before, revision } = parts
    const stored = await this.#deps.registry.get(before.nodeId)
    if (stored === null || stored.record.state === 'removed') {
      throw new EnrolmentRefusal('removed-node', 'the node that this token made has been removed', MAKE_ANOTHER)
    }
    const { record } = stored
    if (record.state === 'pending') return answerFor(record, undefined)
    if (record.identityKey !== Buffer.from(request.identityKey).toString('base64')) {
      throw new EnrolmentRefusal('known-identity', `node ${record.name} has another identity key by now`, MAKE_ANOTHER)
    }
    const now = this.#deps.clock.now()
    if (before.certificatePem !== undefined) {
      if (now - (before.answeredAt ?? 0) <= SAME_ANSWER_MS) return answerFor(record, before.certificatePem)
      throw new EnrolmentRefusal(
        'already-answered',
        `node ${record.name} has its certificate for over ten minutes`,
        MAKE_ANOTHER,
      )
    }
    const certificate = await this.#deps.certificates.issue(record, request.csr)
    const { succeeded } = await this.#deps.audit.commit({
      compare: [
        unchanged(stored),
        { key: enrolmentKey(request.tokenId, csrHash), target: 'mod-revision', operator: '=', value: revision },
      ],
      success: [
        putNode({ ...record, certificate: factsOf(certificate), address: request.address }),
        putEnrolment(request.tokenId, csrHash, { nodeId: record.id, answeredAt: now, certificatePem: certificate.pem }),
      ],
      records: [
        {
          type: 'node:enrolled',
          actor: request.address,
          subject: record.name,
          detail: `${record.id} generation ${record.generation} after approval`,
        },
      ],
    })
    return succeeded ? answerFor(record, certificate.pem) : null
  }
}

interface FirstParts {
  readonly request: EnrolmentRequest
  readonly csrHash: string
  readonly token: StoredToken
}

type Accepted = Exclude<EnrolmentDecision, { kind: 'refused' }>

function recordFor(decision: Accepted, fresh: NodeRecord, target: NodeRecord | undefined): NodeRecord {
  if (decision.kind === 'pending') {
    const takesOver = decision.target === undefined ? {} : { takesOver: decision.target.id }
    return { ...fresh, state: 'pending', pendingReason: decision.reason, ...takesOver }
  }
  return target === undefined ? fresh : takeOver(target, fresh)
}

/** The node goes on under the new host's key; its generation voids commands and certificates of the old one. */
export function takeOver(target: NodeRecord, host: NodeRecord): NodeRecord {
  const { certificate: _old, ...kept } = target
  const { identityKey, evidence, agentVersion, address, tokenId, csrHash, enrolledAt } = host
  const taken = { identityKey, evidence, agentVersion, address, tokenId, csrHash, enrolledAt }
  return { ...kept, ...taken, generation: target.generation + 1, state: 'ready', recoveries: [] }
}

function answerFor(record: NodeRecord, certificatePem: string | undefined): EnrolmentAnswer {
  const { id: nodeId, generation } = record
  return certificatePem === undefined
    ? { state: 'pending', nodeId, message: record.pendingReason ?? 'waits for approval' }
    : { state: 'active', nodeId, generation, certificatePem }
}

function hostName(hostname: string): string {
  const name = hostname.toLowerCase()
  if (HOST_NAME.test(name)) return name
  throw new EnrolmentRefusal(
    'bad-request',
    `${JSON.stringify(hostname.slice(0, 80))} is no host name`,
    'set it: hostnamectl hostname NAME',
  )
}
