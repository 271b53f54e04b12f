import { Pulse } from '../../orchestrator/inventory/pulse.ts'
import type { AgentMessage } from '../../proto/gen/drover/v1/AgentMessage.ts'
import type { Hello } from '../../proto/gen/drover/v1/Hello.ts'
import type { ServerMessage__Output } from '../../proto/gen/drover/v1/ServerMessage.ts'
import type { Welcome__Output } from '../../proto/gen/drover/v1/Welcome.ts'
import type { Command } from '../../shared/domain/command.ts'
import type { Look } from '../../shared/domain/look.ts'
import type { DriftReport } from '../../shared/domain/observation.ts'
import { Queue } from '../../shared/lib/queue.ts'
import { decodeCommand } from '../../shared/wire/codec.ts'
import type { MeshClient } from '../../shared/wire/services.ts'

export type HelloOverrides = Partial<Hello>
const WAIT_MS = 10_000

/** One session of a fake agent: says what the test wants, and remembers what it was told. */
export class FakeSession {
  readonly received: ServerMessage__Output[] = []
  readonly #outgoing = new Queue<AgentMessage>({ maxItems: 1000 })
  readonly #changes = new Pulse()
  readonly #abort = new AbortController()
  #sequence = 0
  #ended = false
  #error: unknown

  constructor(client: MeshClient, hello: HelloOverrides) {
    this.send({
      hello: {
        bootId: 'boot-1',
        agentVersion: '0.1.0',
        lastCommandSequence: 0,
        factsHash: '',
        keysetVersion: 1,
        agentTimeMs: Date.now(),
        ...hello,
      },
    })
    void this.#read(client)
  }

  send(body: Omit<AgentMessage, 'sequence'>): void {
    this.#sequence += 1
    this.#outgoing.push({ sequence: this.#sequence, ...body })
  }

  /** Uses up a sequence number, as if a message was lost. */
  skip(): void {
    this.#sequence += 1
  }

  async welcome(): Promise<Welcome__Output> {
    const message = await this.next('welcome')
    if (message.welcome == null) throw new Error('no welcome')
    return message.welcome
  }

  /** The `number`th message of this kind, waited for. Rejects with the session's error when it ends before. */
  async next(body: NonNullable<ServerMessage__Output['body']>, number = 1): Promise<ServerMessage__Output> {
    const signal = AbortSignal.timeout(WAIT_MS)
    while (true) {
      const seen = this.#changes.version
      const found = this.received.filter(message => message.body === body)[number - 1]
      if (found !== undefined) return found
      if (this.#ended) throw this.#error ?? new Error(`the session ended without ${body}`)
      await this.#changes.after(seen, signal)
    }
  }

  /** The command and the very bytes it came in. */
  async command(
    number = 1,
  ): Promise<{ readonly command: Command; readonly bytes: Buffer; readonly signature: Buffer }> {
    const { command } = await this.next('command', number)
    if (command == null) throw new Error('no command')
    return {
      command: decodeCommand(command.payload),
      bytes: command.payload,
      signature: command.signatures[0]?.sig ?? Buffer.alloc(0),
    }
  }

  /** Answers the `number`th question to look closely; with a report as if the host had been compared with this manifest. */
  async answerLook(report?: Pick<DriftReport, 'manifestHash' | 'items'>, number = 1): Promise<void> {
    const { lookNow } = await this.next('lookNow', number)
    const drift = report === undefined ? {} : { drift: { checkedAt: Date.now(), ...report } }
    const look: Look = { answers: lookNow?.number ?? 0, servers: [], ...drift }
    this.send({ lookJson: Buffer.from(JSON.stringify(look)) })
  }

  done(command: Command, result: unknown): void {
    const { commandId, sequence } = command
    this.send({ finished: { commandId, sequence, state: 'done', resultJson: Buffer.from(JSON.stringify(result)) } })
  }

  /** Resolves with the error the session ended with, or null after a clean end. */
  async ended(): Promise<unknown> {
    const signal = AbortSignal.timeout(WAIT_MS)
    while (!this.#ended) await this.#changes.after(this.#changes.version, signal)
    return this.#error ?? null
  }

  /** As when the agent is killed: the connection is gone. */
  drop(): void {
    this.#abort.abort()
    this.#outgoing.close({ discard: true })
  }

  async #read(client: MeshClient): Promise<void> {
    try {
      for await (const message of client.Session(this.#outgoing, { signal: this.#abort.signal })) {
        this.received.push(message)
        this.#changes.beat()
      }
    } catch (error) {
      this.#error = error
    } finally {
      this.#outgoing.close({ discard: true })
      this.#ended = true
      this.#changes.beat()
    }
  }
}
