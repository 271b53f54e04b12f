import type { Hello__Output } from '../../proto/gen/drover/v1/Hello.ts'
import type { ServerMessage } from '../../proto/gen/drover/v1/ServerMessage.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import { knownKinds } from '../../shared/domain/protocol.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import { Queue } from '../../shared/lib/queue.ts'
import type { Envelope } from '../../shared/signing/envelope.ts'
import { toWireEnvelope } from '../../shared/wire/codec.ts'
import { ClockOffset } from './clock-offset.ts'
import type { CommandChannel } from './command-channel.ts'
import type { OpenSession } from './session-registry.ts'

/** A converge command carries whole files; a handful of the largest must fit beside small messages. */
const MAX_QUEUED_BYTES = 16 * 1024 * 1024
const MAX_QUEUED_MESSAGES = 1000
/** Agents come back within this time of a goodbye, spread evenly. */
const RECONNECT_SPREAD_MS = 3000

export interface AgentSessionOptions {
  readonly hello: Hello__Output
  readonly nodeName: string
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly silentAfterMs: number
  /** Unix milliseconds. */
  readonly certificateEnds: number
}

/** The sending half of one session and what is known of its agent while it lasts. */
export class AgentSession implements OpenSession, CommandChannel {
  readonly nodeId: NodeId
  readonly nodeName: string
  readonly generation: number
  readonly lastSequence: number
  readonly agentVersion: string
  readonly knownKinds: ReadonlySet<string>
  readonly ended: Promise<void>
  readonly outgoing = new Queue<ServerMessage>({
    maxItems: MAX_QUEUED_MESSAGES,
    maxBytes: MAX_QUEUED_BYTES,
    sizeOf: message => message.command?.payload?.length ?? 100,
  })
  readonly #options: AgentSessionOptions
  readonly #clockOffset = new ClockOffset()
  readonly #resolveEnded: () => void
  #lastHeard: number
  #probes: (() => void)[] = []

  constructor(options: AgentSessionOptions) {
    const { hello, clock } = options
    this.#options = options
    this.nodeId = hello.nodeId
    this.nodeName = options.nodeName
    this.generation = hello.generation
    this.lastSequence = hello.lastCommandSequence
    this.agentVersion = hello.agentVersion
    this.knownKinds = knownKinds(hello.commandKinds)
    this.#clockOffset.read(hello.agentTimeMs, clock.now())
    this.#lastHeard = clock.monotonic()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ended = promise
    this.#resolveEnded = resolve
  }

  get clockOffsetMs(): number {
    return this.#clockOffset.ms
  }

  /** A heartbeat says what time it is there. Answers with what is known then. */
  readClock(agentTimeMs: number): number {
    this.#clockOffset.read(agentTimeMs, this.#options.clock.now())
    return this.clockOffsetMs
  }

  /** Every message is a sign of life. */
  heard(): void {
    this.#lastHeard = this.#options.clock.monotonic()
    for (const answer of this.#probes.splice(0)) answer()
  }

  push(message: ServerMessage): boolean {
    const taken = this.outgoing.push(message)
    if (!taken) this.outgoing.close({ discard: true })
    return taken
  }

  send(envelope: Envelope): boolean {
    return this.push({ command: toWireEnvelope(envelope) })
  }

  probe(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#probes.push(resolve)
    this.requestState()
    return promise
  }

  requestState(): void {
    this.push({ requestState: {} })
  }

  lookNow(number: number): void {
    this.push({ lookNow: { number } })
  }

  end(reason: string): void {
    const reconnectAfterMs = Math.round(Math.random() * RECONNECT_SPREAD_MS)
    this.outgoing.push({ goodbye: { reconnectAfterMs, reason } })
    this.outgoing.close()
  }

  checkAlive(): void {
    const { clock, silentAfterMs, certificateEnds } = this.#options
    if (clock.monotonic() - this.#lastHeard > silentAfterMs) this.outgoing.close({ discard: true })
    else if (clock.now() > certificateEnds) this.end('the certificate of this session has expired')
  }

  /** The stream is over, whatever the reason. */
  over(): void {
    this.outgoing.close({ discard: true })
    this.#resolveEnded()
  }
}
