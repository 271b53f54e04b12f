import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Channel } from 'nice-grpc'
import { certificateRequest } from '../../agent/keys/certificate-request.ts'
import type { EnrolResponse__Output } from '../../proto/gen/drover/v1/EnrolResponse.ts'
import type { Evidence } from '../../proto/gen/drover/v1/Evidence.ts'
import { joinProof, parseJoinToken, tokenVerifier } from '../../shared/signing/join-token.ts'
import { generateSigningKey, privateKeyToPem, type SigningKey } from '../../shared/signing/keys.ts'
import { signRecovery } from '../../shared/signing/recovery-proof.ts'
import { openChannel } from '../../shared/wire/channel.ts'
import {
  createEnrolmentClient,
  createMeshClient,
  type EnrolmentClient,
  type MeshClient,
} from '../../shared/wire/services.ts'
import { FakeSession, type HelloOverrides } from './fake-session.ts'

export interface FakeAgentOptions {
  readonly host: string
  readonly enrolPort: number
  readonly meshPort: number
  readonly caPem: string
  readonly evidence?: Partial<Evidence>
}

/** Speaks the agent's side of the protocol, and can be made to misbehave. */
export class FakeAgent {
  readonly identity: SigningKey = generateSigningKey()
  readonly tlsKey: KeyObject
  readonly csr: Buffer
  readonly #options: FakeAgentOptions
  readonly #channels: Channel[] = []
  #enrolmentClient: EnrolmentClient | undefined
  nodeId = ''
  generation = 0
  certificatePem = ''

  constructor(options: FakeAgentOptions) {
    this.#options = options
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.tlsKey = privateKey
    this.csr = csrOf(privateKey)
  }

  /** One attempt with this token; takes the identity when the answer is ACTIVE. */
  async enrol(
    tokenText: string,
    changes: { readonly badProof?: boolean; readonly csr?: Buffer } = {},
  ): Promise<EnrolResponse__Output> {
    const token = parseJoinToken(tokenText)
    const { csr = this.csr } = changes
    const client = this.#enrolment()
    const { nonce } = await client.Challenge({ tokenId: token.id })
    const verifier = changes.badProof === true ? Buffer.alloc(32) : tokenVerifier(token.secret)
    const identityKey = this.identity.publicKey
    const proof = joinProof({ verifier, nonce, csr, identityKey })
    const answer = await client.Enrol({ tokenId: token.id, nonce, csr, identityKey, proof, evidence: this.#evidence() })
    if (answer.state === 'ACTIVE') this.#take(answer)
    return answer
  }

  async recover(signer: SigningKey = this.identity): Promise<EnrolResponse__Output> {
    const client = this.#enrolment()
    const { nonce } = await client.Challenge({ tokenId: '' })
    const signature = signRecovery(signer.privateKey, { nonce, csr: this.csr })
    const answer = await client.Recover({ nodeId: this.nodeId, nonce, csr: this.csr, signature })
    this.#take(answer)
    return answer
  }

  mesh(): MeshClient {
    const { host, meshPort, caPem } = this.#options
    const channel = openChannel({
      address: `${host}:${meshPort}`,
      caPem,
      identity: { certificatePem: this.certificatePem, privateKeyPem: privateKeyToPem(this.tlsKey) },
    })
    this.#channels.push(channel)
    return createMeshClient(channel)
  }

  /** A session after its Welcome. Rejects when the orchestrator refuses it. */
  async connect(hello: HelloOverrides = {}): Promise<FakeSession> {
    const session = new FakeSession(this.mesh(), { nodeId: this.nodeId, generation: this.generation, ...hello })
    await session.welcome()
    return session
  }

  /** The same identity on another orchestrator address, such as after a restart on other ports. */
  movedTo(ports: { readonly enrolPort: number; readonly meshPort: number }): FakeAgent {
    const agent = new FakeAgent({ ...this.#options, ...ports })
    return Object.assign(agent, {
      identity: this.identity,
      tlsKey: this.tlsKey,
      csr: this.csr,
      nodeId: this.nodeId,
      generation: this.generation,
      certificatePem: this.certificatePem,
    })
  }

  close(): void {
    for (const channel of this.#channels) channel.close()
  }

  #enrolment(): EnrolmentClient {
    if (this.#enrolmentClient !== undefined) return this.#enrolmentClient
    const { host, enrolPort, caPem } = this.#options
    const channel = openChannel({ address: `${host}:${enrolPort}`, caPem })
    this.#channels.push(channel)
    this.#enrolmentClient = createEnrolmentClient(channel)
    return this.#enrolmentClient
  }

  #evidence(): Evidence {
    return {
      hostname: 'node-1',
      machineId: 'machine-1',
      productUuid: 'product-1',
      macs: ['02:00:00:00:00:01'],
      agentVersion: '0.1.0',
      addresses: ['127.0.0.1', '10.0.0.1'],
      ...this.#options.evidence,
    }
  }

  #take(answer: EnrolResponse__Output): void {
    this.nodeId = answer.nodeId
    this.generation = answer.generation
    this.certificatePem = answer.certificatePem
  }
}

export function csrOf(key: KeyObject): Buffer {
  return Buffer.from(certificateRequest({ key, commonName: 'node', sans: [], usages: ['client'] }))
}
