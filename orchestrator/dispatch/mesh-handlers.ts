import type { CallContext } from 'nice-grpc'
import type { AgentMessage__Output } from '../../proto/gen/drover/v1/AgentMessage.ts'
import type { Hello__Output } from '../../proto/gen/drover/v1/Hello.ts'
import type { ServerMessage } from '../../proto/gen/drover/v1/ServerMessage.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { PROTOCOL, protocolGap } from '../../shared/domain/protocol.ts'
import { abortable, deadlineController } from '../../shared/lib/abort.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Envelope } from '../../shared/signing/envelope.ts'
import { encodeEnvelope } from '../../shared/wire/codec.ts'
import type { MeshServer } from '../../shared/wire/services.ts'
import type { EventLog } from '../events/event-log.ts'
import { addressOfPeer } from '../inventory/enrolment/cidr.ts'
import type { RateLimit } from '../inventory/enrolment/rate-limit.ts'
import { nodeAddress } from '../inventory/node-address.ts'
import type { NodeRecord } from '../inventory/node-record.ts'
import type { NodeRegistry } from '../inventory/node-registry.ts'
import { AgentSession } from './agent-session.ts'
import type { CertificateDesk } from './certificate-desk.ts'
import { type NodePeer, nodePeer } from './node-peer.ts'
import { Receiver, type ReceiverDeps } from './receive.ts'
import type { SessionRegistry } from './session-registry.ts'

const HELLO_TIMEOUT_MS = 10_000

export interface MeshDeps extends ReceiverDeps {
  readonly clock: Clock
  readonly registry: NodeRegistry
  readonly sessions: SessionRegistry
  readonly events: EventLog
  readonly desk: CertificateDesk
  readonly fleetId: string
  readonly leaderEpoch: number
  readonly heartbeatMs: number
  readonly silentAfterMs: number
  /** The key set that follows this version, if there is a newer one. */
  readonly nextKeySet: (version: number) => Envelope | null
  readonly refusalAudit: RateLimit
}

/** The mesh listener: one long session an agent, and its certificates. */
export function createMeshHandlers(deps: MeshDeps): MeshServer {
  return {
    Session: (requests, context) => session(deps, requests, context),
    Renew: async (request, context) => deps.desk.renew((await nodePeer(deps, context)).record, request.csr),
    IssueCertificate: async (request, context) =>
      deps.desk.issue((await nodePeer(deps, context)).record, { itemName: request.itemName, csr: request.csr }),
  }
}

async function* session(
  deps: MeshDeps,
  requests: AsyncIterable<AgentMessage__Output>,
  context: CallContext,
): AsyncGenerator<ServerMessage, void, undefined> {
  const peer = await nodePeer(deps, context)
  const incoming = requests[Symbol.asyncIterator]()
  const hello = await readHello(incoming, peer.record, context.signal)
  const agent = new AgentSession({
    hello,
    nodeName: peer.record.name,
    clock: deps.clock,
    silentAfterMs: deps.silentAfterMs,
    certificateEnds: peer.certificateEnds,
  })
  await claim(deps, agent, context)
  const close = () => agent.outgoing.close({ discard: true })
  context.signal.addEventListener('abort', close, { once: true })
  if (context.signal.aborted) close()
  try {
    const receiver = await open(deps, { agent, hello, peer, context })
    yield await welcome(deps, agent, hello)
    // Not awaited at the end: an agent that only listens would keep the session open.
    let failure: unknown
    read(incoming, receiver, agent).catch((error: unknown) => {
      failure = error
    })
    await deps.dispatcher.attach(agent)
    yield* agent.outgoing
    if (failure !== undefined && !context.signal.aborted) throw failure
  } finally {
    context.signal.removeEventListener('abort', close)
    deps.dispatcher.detach(agent)
    deps.sessions.release(agent)
    await left(deps, agent).finally(() => agent.over())
  }
}

async function readHello(
  incoming: AsyncIterator<AgentMessage__Output>,
  record: NodeRecord,
  signal: AbortSignal,
): Promise<Hello__Output> {
  using deadline = deadlineController(HELLO_TIMEOUT_MS, signal)
  const first = await abortable(incoming.next(), deadline.signal).catch((error: unknown) => {
    signal.throwIfAborted()
    if (deadline.signal.aborted) throw new DroverError('timeout', 'no hello came')
    throw error
  })
  const hello = first.done === true ? null : first.value.hello
  if (hello == null) throw new DroverError('invalid', 'a session begins with hello')
  if (hello.nodeId !== record.id || hello.generation !== record.generation) {
    throw new DroverError('denied', 'hello names another node than the certificate')
  }
  refuseFarProtocol(hello, record)
  return hello
}

function refuseFarProtocol({ protocol, agentVersion }: Hello__Output, { name }: NodeRecord): void {
  const gap = protocolGap(protocol)
  if (gap === null) return
  const agent = `agent ${agentVersion} of ${name}`
  throw new DroverError('denied', `the ${agent} speaks protocol ${protocol}, this orchestrator ${PROTOCOL}`, {
    hint: gap === 'older' ? `install a newer package on ${name}` : 'upgrade the orchestrator',
  })
}

async function claim(deps: MeshDeps, agent: AgentSession, context: CallContext): Promise<void> {
  try {
    await deps.sessions.claim(agent)
  } catch (error) {
    const failure = DroverError.from(error)
    if (failure.code === 'conflict' && deps.refusalAudit(agent.nodeId)) {
      const { nodeName } = agent
      await deps.audit.append({
        type: 'session:refused',
        actor: context.peer,
        subject: nodeName,
        detail: `duplicate identity: ${failure.message}`,
      })
    }
    throw failure
  }
}

async function open(
  deps: MeshDeps,
  parts: {
    readonly agent: AgentSession
    readonly hello: Hello__Output
    readonly peer: NodePeer
    readonly context: CallContext
  },
): Promise<Receiver> {
  const { agent, hello, context } = parts
  const { nodeId, clockOffsetMs } = agent
  const address = nodeAddress(addressOfPeer(context.peer), parts.peer.record.evidence.addresses)
  await deps.registry.update(nodeId, record =>
    record.address === address && record.agentVersion === hello.agentVersion
      ? null
      : { ...record, address, agentVersion: hello.agentVersion },
  )
  await deps.live.connected(nodeId, { clockOffsetMs, bootId: hello.bootId })
  const { nodeName: node } = agent
  await deps.events.append({
    type: 'node:connected',
    subject: node,
    node,
    message: `${node} connected from ${address}`,
  })
  const stored = (await deps.facts.get(nodeId))?.hash ?? ''
  return new Receiver(deps, agent, { announced: hello.factsHash, stored })
}

async function welcome(deps: MeshDeps, agent: AgentSession, hello: Hello__Output): Promise<ServerMessage> {
  const keySet = deps.nextKeySet(hello.keysetVersion)
  const stored = await deps.facts.get(agent.nodeId)
  return {
    welcome: {
      fleetId: deps.fleetId,
      serverTimeMs: deps.clock.now(),
      heartbeatIntervalMs: deps.heartbeatMs,
      leaderEpoch: deps.leaderEpoch,
      protocol: PROTOCOL,
      wantFacts: stored === null || stored.hash === '' || stored.hash !== hello.factsHash,
      auditIndex: (await deps.nodeAudit.head(agent)).index,
      ...(keySet === null ? {} : { keysetEnvelope: encodeEnvelope(keySet) }),
    },
  }
}

/** Until the agent or the session ends. Its failure ends the session. */
async function read(
  incoming: AsyncIterator<AgentMessage__Output>,
  receiver: Receiver,
  agent: AgentSession,
): Promise<void> {
  try {
    while (!agent.outgoing.closed) {
      const next = await incoming.next()
      if (next.done === true) return
      await receiver.receive(next.value)
    }
  } finally {
    agent.outgoing.close()
  }
}

async function left(deps: MeshDeps, agent: AgentSession): Promise<void> {
  if (deps.sessions.isConnected(agent.nodeId) || deps.sessions.isClosing) return
  await deps.live.disconnected(agent.nodeId)
  const { nodeName: node } = agent
  await deps.events.append({ type: 'node:disconnected', subject: node, node, message: `${node} disconnected` })
}
