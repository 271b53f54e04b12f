import type { Command, CommandKind, CommandOutcome, RefusalReason } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { deadlineController } from '../../shared/lib/abort.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Log } from '../../shared/lib/log.ts'
import type { Envelope } from '../../shared/signing/envelope.ts'
import { decodeCommand } from '../../shared/wire/codec.ts'
import { type Admission, type AdmissionState, admit } from '../admission/admit.ts'
import type { ExecutorCall, Executors } from '../executors/executor.ts'
import { runExecutor } from '../executors/run-executor.ts'
import type { Audit, AuditEvent } from '../journal/audit.ts'
import type { FinishedEntry, Journal } from '../journal/journal.ts'
import { createLanes } from './lanes.ts'
import type { Quiet } from './quiet.ts'
import type { SerialLock } from './serial-lock.ts'

/** Where answers go while a session is open; without one they wait in the journal. */
export interface CommandSink {
  accepted(commandId: string): void
  progress(commandId: string, line: string): void
  finished(entry: FinishedEntry): void
}

/** Takes envelopes in, runs what is admitted, keeps results until they are acknowledged. Outlives sessions. */
export interface CommandRunner {
  receive(envelope: Envelope): Promise<void>
  acknowledge(commandId: string): Promise<void>
  /** Resolves when whatever was received so far is in the journal or refused: then the journal's last sequence says all. */
  takenIn(): Promise<void>
  /** Answers go there from now on; what is finished and not acknowledged goes there at once. Returns the way to detach. */
  attach(sink: CommandSink): () => void
  /** Milliseconds since a command last came in or ended; 0 while one runs, infinite when there never was one. */
  idleMs(): number
}

/** What the work of a command gets beside its arguments. */
export type ExecutionContext = Omit<ExecutorCall<CommandKind>, 'args'>

export interface CommandRunnerParts {
  readonly journal: Journal
  readonly audit: Audit
  readonly executors: Executors
  /** Default: the executor of its kind. */
  readonly execute?: (command: Command, context: ExecutionContext) => Promise<unknown>
  readonly clock: Clock
  readonly log: Log
  /** The lane of what changes the machine, which the agent's own work of that kind shares. */
  readonly machine: SerialLock
  readonly quiet: Quiet
  /** Everything of admission that is not in the journal. */
  readonly admission: () => Omit<AdmissionState, 'highestEpoch' | 'lastSequence' | 'find' | 'now'>
  readonly signal: AbortSignal
}

export function createCommandRunner(parts: CommandRunnerParts): CommandRunner {
  const { journal, audit, clock, log, quiet, signal } = parts
  const execution = parts.execute ?? ((command, context) => runExecutor(parts.executors, command, context))
  const lanes = createLanes(parts.machine)
  let sink: CommandSink | null = null
  let running = 0
  let lastActivity = Number.NEGATIVE_INFINITY
  /** Envelopes are taken in one after the other: the check of a sequence and its intent belong together. */
  let intake: Promise<void> = Promise.resolve()

  /** Counted from its first byte, so that no restart comes between its intent and its work. */
  async function takeInQuietly(envelope: Envelope): Promise<void> {
    await quiet.whenOpen(signal)
    quiet.begun()
    try {
      await takeIn(envelope)
    } finally {
      quiet.ended()
    }
  }

  async function takeIn(envelope: Envelope): Promise<void> {
    lastActivity = clock.monotonic()
    const { generation, ...rest } = parts.admission()
    const admission = await admit(envelope, {
      ...rest,
      generation,
      now: clock.now(),
      highestEpoch: journal.highestEpoch(),
      lastSequence: journal.lastSequence(generation),
      find: sequence => journal.find(sequence, generation),
    })
    switch (admission.kind) {
      case 'refuse':
        return refuse(admission, envelope)
      case 'repeat':
        if (admission.outcome === null) sink?.accepted(admission.commandId)
        else sink?.finished({ ...admission, outcome: admission.outcome })
        return
      case 'run':
        return begin(admission.command, admission.payloadHash)
    }
  }

  async function refuse(admission: Extract<Admission, { kind: 'refuse' }>, envelope: Envelope): Promise<void> {
    const { reason, message } = admission
    const command = admission.command ?? decodeForReport(envelope)
    log.warn('command refused', { reason, detail: message, commandId: command?.commandId, kind: command?.kind })
    await note({ type: 'command:refused', reason, message, ...(command === null ? {} : describe(command)) })
    const outcome = { state: 'refused', reason, message } as const
    sink?.finished({ commandId: command?.commandId ?? '', sequence: command?.sequence ?? 0, outcome })
  }

  async function begin(command: Command, payloadHash: string): Promise<void> {
    const { commandId, sequence } = command
    const intent = {
      generation: command.nodeGeneration,
      sequence,
      leaderEpoch: command.leaderEpoch,
      commandId,
      kind: command.kind,
      payloadHash,
      at: clock.now(),
    }
    // Side by side, since each waits for the disk: both are durable before anything is done.
    const [begun] = await Promise.allSettled([
      journal.begin(intent),
      note({ type: 'command:accepted', payloadHash, ...describe(command) }),
    ])
    if (begun.status === 'rejected') {
      // Without a durable intent nothing runs, and nothing has happened: the same bytes may come again.
      const outcome = failed(begun.reason)
      await note({ type: 'command:interrupted', state: 'failed', message: outcome.message, ...describe(command) })
      sink?.finished({ commandId, sequence, outcome })
      return
    }
    sink?.accepted(commandId)
    running += 1
    quiet.begun()
    void execute(command).finally(() => {
      running -= 1
      quiet.ended()
      lastActivity = clock.monotonic()
    })
  }

  async function execute(command: Command): Promise<void> {
    const outcome = await lanes.run(command, () => run(command), signal).catch(failed)
    if (signal.aborted) {
      // Whatever it did is unknown; the next start reports it as interrupted.
      return
    }
    const { commandId, sequence } = command
    const reason = outcome.state === 'failed' ? { message: outcome.message } : {}
    // Durable before it is told.
    const [kept] = await Promise.allSettled([
      journal.finish(commandId, outcome),
      note({ type: 'command:finished', state: outcome.state, ...reason, ...describe(command) }),
    ])
    if (kept.status === 'rejected')
      log.error('a result could not be written to the journal', { commandId, error: kept.reason })
    log.info('command finished', { commandId, kind: command.kind, state: outcome.state, ...reason })
    sink?.finished({ commandId, sequence, outcome })
  }

  async function run(command: Command): Promise<CommandOutcome> {
    if (clock.now() > command.notAfter) return expired()
    using deadline = deadlineController(Math.max(1, command.maxRuntimeMs), signal)
    const progress = (line: string) => sink?.progress(command.commandId, line)
    log.info('command started', { commandId: command.commandId, kind: command.kind, operationId: command.operationId })
    try {
      return {
        state: 'done',
        result: await execution(command, { signal: deadline.signal, progress }),
      }
    } catch (error) {
      if (!deadline.signal.aborted || signal.aborted) return failed(error)
      return failed(new DroverError('timeout', `it did not end within ${command.maxRuntimeMs} ms and was stopped`))
    }
  }

  async function note(event: Omit<AuditEvent, 'at'>): Promise<void> {
    try {
      await audit.record({ ...event, at: clock.now() })
    } catch (error) {
      log.error('the audit record could not be written', { error })
    }
  }

  return {
    receive: envelope => {
      intake = intake
        .then(() => takeInQuietly(envelope))
        .catch((error: unknown) => log.error('an envelope could not be taken in', { error }))
      return intake
    },
    acknowledge: commandId => journal.acknowledge(commandId),
    takenIn: () => intake,
    attach: next => {
      sink = next
      for (const entry of journal.unacknowledged()) next.finished(entry)
      return () => {
        if (sink === next) sink = null
      }
    },
    idleMs: () => (running > 0 ? 0 : clock.monotonic() - lastActivity),
  }
}

function describe(command: Command) {
  const { commandId, operationId, kind, sequence } = command
  return { commandId, operationId, subject: kind, sequence }
}

/** Only to say which command was refused; nothing in it is trusted. */
function decodeForReport(envelope: Envelope): Command | null {
  try {
    return envelope.payload.byteLength > 4 * 1024 * 1024 ? null : decodeCommand(envelope.payload)
  } catch {
    return null
  }
}

function expired(): CommandOutcome {
  const reason: RefusalReason = 'expired'
  return { state: 'refused', reason, message: 'it expired while it waited for another command to end' }
}

function failed(error: unknown): Extract<CommandOutcome, { state: 'failed' }> {
  const { code, message, hint, retryable } = DroverError.from(error)
  return { state: 'failed', code, message: hint === undefined ? message : `${message} (${hint})`, retryable }
}
