import type { Command, CommandArgs, CommandKind, CommandOutcome } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { CommandId, NodeId, OperationId } from '../../shared/domain/ids.ts'
import type { Manifest } from '../../shared/domain/manifest.ts'
import { abortable, deadlineController } from '../../shared/lib/abort.ts'
import type { Failpoints } from '../../shared/lib/failpoint.ts'
import type { Log } from '../../shared/lib/log.ts'
import type { Envelope } from '../../shared/signing/envelope.ts'
import { decodeCommand, decodeEnvelope } from '../../shared/wire/codec.ts'
import { createSerial, type Serial } from '../events/serial.ts'
import { Pulse } from '../inventory/pulse.ts'
import type { CommandChannel } from './command-channel.ts'
import { type JournalledCommand, type StepKey, stepPath } from './command-journal.ts'
import { AWAITS_NODE, InFlight } from './in-flight.ts'
import { type CommandOrder, type IssueDeps, issueCommand } from './issue-command.ts'
import { noAnswer } from './no-answer.ts'
import { type FinishedMessage, toOutcome } from './outcome.ts'
import { unknownKind } from './unknown-kind.ts'

export interface RunRequest<K extends CommandKind = CommandKind> extends StepKey {
  readonly nodeId: NodeId
  readonly kind: K
  readonly args: CommandArgs<K>
  /** For everything: waiting for the node to connect, running, and the answer. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly onProgress?: (line: string) => void
}

export type ResumeOptions = Pick<RunRequest, 'timeoutMs' | 'signal' | 'onProgress'>

/** What the rest of the orchestrator counts about commands. */
export interface DispatchMetrics {
  commandIssued(kind: CommandKind): void
  commandFinished(kind: CommandKind, state: CommandOutcome['state']): void
}

export interface DispatcherDeps extends IssueDeps {
  readonly log: Log
  readonly metrics: DispatchMetrics
  readonly failpoints?: Failpoints
}

/**
 * Steps become signed commands, each at most once. Invariants: an envelope is journalled before it is sent; the same
 * bytes are sent again after a reconnect or a restart; an outcome is stored before it is acknowledged or returned; a
 * fresh envelope replaces one only when no agent can have accepted the old.
 */
export class Dispatcher {
  readonly #deps: DispatcherDeps
  readonly #channels = new Map<NodeId, CommandChannel>()
  readonly #connected = new Pulse()
  readonly #inFlight = new Map<string, InFlight>()
  /** Sequence order on the wire is the order of journalling: one at a time a node. */
  readonly #serials = new Map<NodeId, Serial>()

  private constructor(deps: DispatcherDeps) {
    this.#deps = deps
  }

  /** Takes up every command that a former process journalled and got no result for. */
  static async load(deps: DispatcherDeps): Promise<Dispatcher> {
    const dispatcher = new Dispatcher(deps)
    for (const command of await deps.journal.pending()) {
      dispatcher.#inFlight.set(stepPath(command), new InFlight(command))
    }
    return dispatcher
  }

  /**
   * Runs a command on a node and gives its outcome. Called again for the same step it waits for the same command, or
   * returns the stored outcome. Throws `unavailable` when the node did not connect in time, `timeout` when it did not
   * answer in time, the signal's reason when aborted; the command itself stays in flight and can be resumed.
   */
  async run<K extends CommandKind>(request: RunRequest<K>): Promise<CommandOutcome> {
    using deadline = deadlineController(request.timeoutMs, request.signal)
    const stored = await this.#deps.journal.outcome(request)
    if (stored !== null) return stored.outcome
    try {
      const flight = await this.#flight(request, deadline.signal)
      return await this.#await(flight, request.onProgress, deadline.signal)
    } catch (error) {
      const { nodeId, timeoutMs, signal } = request
      throw noAnswer({ error, nodeId, channel: this.#channels.get(nodeId), waitedMs: timeoutMs, signal })
    }
  }

  /** The command already issued for this step, waited for; null when none was, so that `run` may issue it. */
  async resume(step: StepKey, options: ResumeOptions): Promise<CommandOutcome | null> {
    const stored = await this.#deps.journal.outcome(step)
    if (stored !== null) return stored.outcome
    const flight = this.#inFlight.get(stepPath(step))
    if (flight === undefined) return null
    using deadline = deadlineController(options.timeoutMs, options.signal)
    try {
      return await this.#await(flight, options.onProgress, deadline.signal)
    } catch (error) {
      const { nodeId } = flight.command
      const { timeoutMs, signal } = options
      throw noAnswer({ error, nodeId, channel: this.#channels.get(nodeId), waitedMs: timeoutMs, signal })
    }
  }

  /** A session is open: whatever is in flight for its node goes out again, oldest first. */
  async attach(channel: CommandChannel): Promise<void> {
    this.#channels.set(channel.nodeId, channel)
    await this.#serial(channel.nodeId)(async () => {
      const flights = [...this.#inFlight.values()]
        .filter(flight => flight.command.nodeId === channel.nodeId)
        .sort((left, right) => left.command.sequence - right.command.sequence)
      for (const flight of flights) {
        flight.awaitsNode(false)
        await this.#sendAgain(flight, channel).catch((error: unknown) => {
          this.#deps.log.warn('a command cannot be sent again', { nodeId: channel.nodeId, error })
        })
      }
    })
    this.#connected.beat()
  }

  detach(channel: CommandChannel): void {
    const { nodeId } = channel
    if (this.#channels.get(nodeId) !== channel) return
    this.#channels.delete(nodeId)
    for (const flight of this.#inFlight.values()) if (flight.command.nodeId === nodeId) flight.awaitsNode(true)
  }

  /** The agent has journalled its intent: from now on only its own answer ends the command. */
  accepted(nodeId: NodeId, commandId: CommandId): void {
    const flight = this.#byCommandId(commandId)
    if (flight?.command.nodeId === nodeId) flight.seen = true
  }

  /** Stores what the agent says; once this resolves the agent may be told to forget it. */
  async finished(nodeId: NodeId, message: FinishedMessage): Promise<void> {
    this.#reach('answer:received')
    await this.#serial(nodeId)(async () => {
      const flight = this.#byCommandId(message.commandId)
      if (flight === undefined) return
      if (flight.command.nodeId !== nodeId) {
        throw new DroverError('denied', `command ${message.commandId} is not a command of node ${nodeId}`)
      }
      await this.#settle(flight, toOutcome(message))
    })
  }

  progress(nodeId: NodeId, commandId: CommandId, line: string): void {
    const flight = this.#byCommandId(commandId)
    if (flight?.command.nodeId === nodeId) flight.progress(line)
  }

  /** Manifests that the node was told to converge to and has not answered for: it may need their certificates now. */
  manifestsInFlight(nodeId: NodeId): readonly Manifest[] {
    return [...this.#inFlight.values()]
      .filter(({ command }) => command.nodeId === nodeId && command.kind === 'converge')
      .map(({ command }) => contentOf(command).args as CommandArgs<'converge'>)
      .filter(args => !args.dryRun)
      .map(args => args.manifest)
  }

  /** Drops commands and outcomes of an operation that has ended; late results are acknowledged and ignored. */
  async forget(operationId: OperationId): Promise<void> {
    for (const [path, flight] of this.#inFlight) {
      if (flight.command.operationId !== operationId) continue
      this.#inFlight.delete(path)
      flight.settle({ state: 'interrupted' })
    }
    await this.#deps.audit.commit({ success: this.#deps.journal.forget(operationId), records: [] })
  }

  /** Operations that have commands or outcomes which were not forgotten. */
  operations(): Promise<ReadonlySet<OperationId>> {
    return this.#deps.journal.operations()
  }

  /** The step's command in flight, or a new one once the node is connected. */
  async #flight(request: RunRequest, signal: AbortSignal): Promise<InFlight> {
    while (true) {
      const existing = this.#inFlight.get(stepPath(request))
      if (existing !== undefined) return existing
      if (!this.#channels.has(request.nodeId)) request.onProgress?.(AWAITS_NODE)
      const channel = await this.#channel(request.nodeId, signal)
      const issued = await this.#serial(request.nodeId)(async () => {
        const already = this.#inFlight.get(stepPath(request))
        if (already !== undefined) return already
        if (this.#channels.get(request.nodeId) !== channel) return null
        return this.#issue(channel, { ...request, maxRuntimeMs: request.timeoutMs })
      })
      if (issued !== null) return issued
    }
  }

  async #issue(channel: CommandChannel, order: CommandOrder): Promise<InFlight> {
    const unknown = unknownKind(order.kind, channel)
    if (unknown !== null) throw unknown
    const command = await issueCommand(this.#deps, channel, order)
    const flight = new InFlight(command)
    this.#inFlight.set(stepPath(command), flight)
    this.#deps.metrics.commandIssued(command.kind)
    channel.send(envelopeOf(command))
    this.#reach('command:sent')
    return flight
  }

  async #sendAgain(flight: InFlight, channel: CommandChannel): Promise<void> {
    const { command } = flight
    if (command.generation !== channel.generation) {
      await this.#settle(flight, { state: 'interrupted' })
      return
    }
    flight.seen = command.sequence <= channel.lastSequence
    const unknown = flight.seen ? null : unknownKind(command.kind, channel)
    if (unknown !== null) {
      const { code, message, retryable } = unknown
      await this.#settle(flight, { state: 'failed', code, message, retryable })
      return
    }
    const { args, maxRuntimeMs, leaderEpoch } = contentOf(command)
    const isVoid = command.notAfter <= this.#deps.clock.now() || leaderEpoch !== this.#deps.leaderEpoch
    if (!flight.seen && isVoid) {
      flight.reissued(await issueCommand(this.#deps, channel, { ...command, args, maxRuntimeMs }))
    }
    channel.send(envelopeOf(flight.command))
    this.#reach('command:sent-again')
  }

  async #settle(flight: InFlight, outcome: CommandOutcome): Promise<void> {
    const { command } = flight
    const { operationId, stepId, attempt, commandId, nodeId, kind, issuedAt } = command
    const finishedAt = this.#deps.clock.now()
    const node = this.#channels.get(nodeId)?.nodeName ?? nodeId
    await this.#deps.audit.commit({
      success: this.#deps.journal.finished({
        operationId,
        stepId,
        attempt,
        commandId,
        nodeId,
        kind,
        issuedAt,
        finishedAt,
        outcome,
      }),
      records: [
        {
          type: `command:${outcome.state}`,
          actor: `node:${node}`,
          subject: node,
          detail: `${kind} ${commandId}${describe(outcome)}`,
        },
      ],
    })
    this.#inFlight.delete(stepPath(command))
    this.#deps.metrics.commandFinished(kind, outcome.state)
    flight.settle(outcome)
  }

  async #await(
    flight: InFlight,
    onProgress: ((line: string) => void) | undefined,
    signal: AbortSignal,
  ): Promise<CommandOutcome> {
    const stop = onProgress === undefined ? () => undefined : flight.listen(onProgress)
    try {
      return await abortable(flight.outcome, signal)
    } finally {
      stop()
    }
  }

  async #channel(nodeId: NodeId, signal: AbortSignal): Promise<CommandChannel> {
    let seen = this.#connected.version
    while (true) {
      const channel = this.#channels.get(nodeId)
      if (channel !== undefined) return channel
      seen = await this.#connected.after(seen, signal)
    }
  }

  #reach(failpoint: string): void {
    this.#deps.failpoints?.reach(failpoint)
  }

  #byCommandId(commandId: CommandId): InFlight | undefined {
    return [...this.#inFlight.values()].find(flight => flight.command.commandId === commandId)
  }

  #serial(nodeId: NodeId): Serial {
    const serial = this.#serials.get(nodeId) ?? createSerial()
    this.#serials.set(nodeId, serial)
    return serial
  }
}

function envelopeOf(command: JournalledCommand): Envelope {
  return decodeEnvelope(Buffer.from(command.envelope, 'base64'))
}

function contentOf(command: JournalledCommand): Command {
  return decodeCommand(envelopeOf(command).payload)
}

function describe(outcome: CommandOutcome): string {
  if (outcome.state === 'failed') return `: ${outcome.code}, ${outcome.message}`
  if (outcome.state === 'refused') return `: ${outcome.reason}, ${outcome.message}`
  return ''
}
