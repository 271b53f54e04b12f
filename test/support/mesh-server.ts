import { randomUUID } from 'node:crypto'
import type { Server } from 'nice-grpc'
import { createAuthority, openAuthority } from '../../orchestrator/ca/certificate-authority.ts'
import type { AgentMessage__Output } from '../../proto/gen/drover/v1/AgentMessage.ts'
import type { CommandFinished__Output } from '../../proto/gen/drover/v1/CommandFinished.ts'
import type { ServerMessage } from '../../proto/gen/drover/v1/ServerMessage.ts'
import type { Command, CommandArgs, CommandKind } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { systemClock } from '../../shared/lib/clock.ts'
import { Queue } from '../../shared/lib/queue.ts'
import { Secret } from '../../shared/lib/secret.ts'
import { COMMAND_TYPE, type Envelope, signEnvelope } from '../../shared/signing/envelope.ts'
import { formatJoinToken, isJoinProof, makeJoinToken, tokenVerifier } from '../../shared/signing/join-token.ts'
import { generateSigningKey } from '../../shared/signing/keys.ts'
import { type KeySet, pinOf, signKeySet } from '../../shared/signing/keyset.ts'
import { serverProof } from '../../shared/signing/server-proof.ts'
import { createWireServer, mutualTlsServer, tlsServer } from '../../shared/wire/channel.ts'
import { encodeCommand, encodeEnvelope, toWireEnvelope } from '../../shared/wire/codec.ts'
import { peerOf } from '../../shared/wire/peer.ts'
import { addEnrolment, addMesh } from '../../shared/wire/services.ts'
import { waitUntil } from './wait-until.ts'

const FLEET = 'fleet-test'
const NODE = '0190a7c5-0000-7000-8000-000000000001'
const DAY_MS = 86_400_000

/** The orchestrator's half of the agent protocol: real TLS, tokens, certificates and signatures, and a test that decides what is sent. */
export interface MeshServer {
  readonly enrolAddress: string
  readonly caPem: string
  /** Text of the one valid join token. */
  readonly token: string
  /** Whether new nodes wait for approval. */
  approve(approved: boolean): void
  readonly received: readonly AgentMessage__Output[]
  readonly sessions: number
  readonly enrolments: number
  /** Signs a command as the orchestrator would. */
  sign<K extends CommandKind>(kind: K, args: CommandArgs<K>, changes?: Partial<Command>): Envelope
  send(envelope: Envelope): void
  finished(commandId: string): Promise<CommandFinished__Output>
  /** Sends a fresh command and waits for its end. */
  run<K extends CommandKind>(kind: K, args: CommandArgs<K>): Promise<CommandFinished__Output>
  /** Whether results are acknowledged; on at first. */
  acknowledge(on: boolean): void
  /** Ends all sessions as a crash would. */
  cut(): void
  close(): Promise<void>
}

export async function startMeshServer(
  options: { readonly host?: string; readonly enrolPort?: number; readonly heartbeatMs?: number } = {},
): Promise<MeshServer> {
  const { host = '127.0.0.1', enrolPort = 0, heartbeatMs = 200 } = options
  const root = generateSigningKey()
  const signer = generateSigningKey()
  const now = Date.now()
  const files = await createAuthority({ fleetName: 'test', now })
  const ca = await openAuthority({
    fleetId: FLEET,
    clock: systemClock,
    files: { certificatePem: files.certificatePem, privateKeyPem: new Secret(files.privateKeyPem) },
  })
  const publicEntry = (key: typeof root) => ({ id: key.id, publicKey: key.publicKey.toString('base64') })
  const keySet: KeySet = {
    fleetId: FLEET,
    version: 1,
    previousHash: null,
    rootKeys: [publicEntry(root)],
    rootThreshold: 1,
    commandKeys: [
      { ...publicEntry(signer), role: 'signer', kinds: '*', notBefore: now - DAY_MS, notAfter: now + DAY_MS },
    ],
    revoked: [],
    expiresAt: now + DAY_MS,
  }
  const keySetEnvelope = signKeySet(keySet, [root.privateKey])
  const token = makeJoinToken(pinOf(keySetEnvelope))
  const verifier = tokenVerifier(token.secret)
  const tls = await ca.issueServerCertificate({ names: [host] })
  const identity = { certificatePem: tls.pem, privateKeyPem: tls.privateKeyPem }

  const received: AgentMessage__Output[] = []
  const outgoing = new Set<Queue<ServerMessage>>()
  let approved = true
  let acknowledging = true
  let sequence = 0
  let sessions = 0
  let enrolments = 0
  let auditIndex = 0
  let meshPort = 0

  const enrolServer = createWireServer({ transport: 'tls' })
  addEnrolment(enrolServer, {
    Bootstrap: async () => ({ keysetEnvelope: encodeEnvelope(keySetEnvelope), caPem: ca.caPem, fleetId: FLEET }),
    Challenge: async ({ tokenId }) => {
      const nonce = Buffer.alloc(32, 7)
      const isKnown = tokenId === token.id
      return { nonce, serverProof: isKnown ? serverProof({ verifier, nonce, caPem: ca.caPem }) : Buffer.alloc(0) }
    },
    Enrol: async ({ nonce, csr, identityKey, proof }) => {
      enrolments += 1
      if (!isJoinProof(proof, { verifier, nonce, csr, identityKey }))
        throw new DroverError('unauthenticated', 'bad proof')
      if (!approved) return { state: 'PENDING', message: 'ask an operator' }
      const { pem } = await ca.issueNodeCertificate({ csr, nodeId: NODE, generation: 1 })
      return {
        state: 'ACTIVE',
        nodeId: NODE,
        generation: 1,
        certificatePem: pem,
        caPem: ca.caPem,
        meshAddresses: [`:${meshPort}`],
      }
    },
    Recover: async ({ csr }) => {
      const { pem } = await ca.issueNodeCertificate({ csr, nodeId: NODE, generation: 1 })
      return { state: 'ACTIVE', nodeId: NODE, generation: 1, certificatePem: pem, caPem: ca.caPem }
    },
  })

  const meshServer = createWireServer({ transport: 'tls' })
  addMesh(meshServer, {
    Session: async function* (requests, context) {
      if (peerOf(context).kind !== 'node') throw new DroverError('unauthenticated', 'no node certificate')
      sessions += 1
      const queue = new Queue<ServerMessage>({ maxItems: 100 })
      outgoing.add(queue)
      context.signal.addEventListener('abort', () => queue.close({ discard: true }), { once: true })
      void read(requests, queue).catch(() => queue.close({ discard: true }))
      try {
        yield {
          welcome: {
            fleetId: FLEET,
            serverTimeMs: Date.now(),
            heartbeatIntervalMs: heartbeatMs,
            wantFacts: true,
            auditIndex,
          },
        }
        yield* queue
      } finally {
        outgoing.delete(queue)
      }
    },
    Renew: async ({ csr }) => {
      const { pem } = await ca.issueNodeCertificate({ csr, nodeId: NODE, generation: 1 })
      return { certificatePem: pem, caPem: ca.caPem }
    },
    IssueCertificate: async ({ csr }) => {
      const wish = wishes.shift()
      if (wish === undefined) throw new DroverError('denied', 'no certificate item of the manifest')
      const { pem } = await ca.issueServiceCertificate({ csr, ...wish })
      return { certificatePem: pem, caPem: ca.caPem }
    },
  })
  /** What the certificates of the manifest that was sent last say, in order. */
  let wishes: { commonName: string; names: readonly string[]; usages: readonly ('server' | 'client')[] }[] = []

  async function read(requests: AsyncIterable<AgentMessage__Output>, queue: Queue<ServerMessage>): Promise<void> {
    for await (const message of requests) {
      received.push(message)
      if (message.finished != null && acknowledging) queue.push({ ack: { commandId: message.finished.commandId } })
      for (const record of message.audit?.recordsJson ?? []) {
        auditIndex = (JSON.parse(record.toString()) as { index: number }).index
        queue.push({ auditAck: { index: auditIndex } })
      }
    }
  }

  const port = await enrolServer.listen(`${host}:${enrolPort}`, tlsServer(identity))
  meshPort = await meshServer.listen(
    `${host}:${enrolPort === 0 ? 0 : enrolPort + 1}`,
    mutualTlsServer({ ...identity, caPem: ca.caPem }),
  )

  function sign<K extends CommandKind>(kind: K, args: CommandArgs<K>, changes: Partial<Command> = {}): Envelope {
    sequence += 1
    const issuedAt = Date.now()
    if (kind === 'converge') {
      const { certificates } = (args as CommandArgs<'converge'>).manifest
      wishes = certificates.map(({ commonName, sans, usages }) => ({ commonName, names: sans, usages }))
    }
    const payload = encodeCommand({
      fleetId: FLEET,
      nodeId: NODE,
      nodeGeneration: 1,
      commandId: randomUUID(),
      operationId: 'op-1',
      stepId: 'step-1',
      attempt: 1,
      kind,
      args,
      keysetVersion: 1,
      leaderEpoch: 1,
      sequence,
      issuedAt,
      notAfter: issuedAt + 600_000,
      maxRuntimeMs: 600_000,
      ...changes,
    })
    return signEnvelope({ payloadType: COMMAND_TYPE, payload, keys: [signer.privateKey] })
  }

  function send(envelope: Envelope): void {
    for (const queue of outgoing) queue.push({ command: toWireEnvelope(envelope) })
  }

  async function finished(commandId: string): Promise<CommandFinished__Output> {
    const find = () => received.find(message => message.finished?.commandId === commandId)?.finished
    return waitUntil(() => find() ?? null, 600_000)
  }

  return {
    enrolAddress: `${host}:${port}`,
    caPem: ca.caPem,
    token: formatJoinToken(token).reveal(),
    approve: value => {
      approved = value
    },
    received,
    get sessions() {
      return sessions
    },
    get enrolments() {
      return enrolments
    },
    sign,
    send,
    finished,
    run: async (kind, args) => {
      const commandId = randomUUID()
      await waitUntil(() => (outgoing.size > 0 ? true : null))
      send(sign(kind, args, { commandId }))
      return finished(commandId)
    },
    acknowledge: on => {
      acknowledging = on
    },
    cut: () => {
      for (const queue of outgoing) queue.close({ discard: true })
    },
    close: async () => {
      for (const queue of outgoing) queue.close({ discard: true })
      await Promise.all([stop(enrolServer), stop(meshServer)])
    },
  }
}

async function stop(server: Server): Promise<void> {
  server.forceShutdown()
}
