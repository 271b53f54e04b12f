import type { CommandKind, CommandOutcome } from '../../shared/domain/command.ts'
import type { CommandId, NodeId, OperationId } from '../../shared/domain/ids.ts'
import { decodeJson, encodeJson } from '../events/json.ts'
import type { Compare, Mutation, Store } from '../store/store.ts'

/** Which piece of which operation a command belongs to; a command is issued at most once for each. */
export interface StepKey {
  readonly operationId: OperationId
  readonly stepId: string
  readonly attempt: number
}

/** A signed command that has no result yet. The envelope's arguments may hold secrets: these keys are encrypted. */
export interface JournalledCommand extends StepKey {
  readonly commandId: CommandId
  readonly nodeId: NodeId
  readonly generation: number
  readonly kind: CommandKind
  readonly sequence: number
  readonly issuedAt: number
  readonly notAfter: number
  /** The very bytes that are sent, base64. */
  readonly envelope: string
}

/** What came back, kept with its operation. */
export interface StoredOutcome extends StepKey {
  readonly commandId: CommandId
  readonly nodeId: NodeId
  readonly kind: CommandKind
  readonly issuedAt: number
  readonly finishedAt: number
  readonly outcome: CommandOutcome
}

const OUTCOME_PREFIX = 'outcomes/'

interface NodeSequence {
  readonly generation: number
  readonly last: number
}

/** Outbox and results: written before anything is sent or acknowledged. */
export class CommandJournal {
  readonly #store: Store
  readonly #prefix: string

  /** `encryptedPrefix` is a key prefix whose values the store encrypts, with its trailing slash. */
  constructor(store: Store, encryptedPrefix: string) {
    this.#store = store
    this.#prefix = `${encryptedPrefix}commands/`
  }

  async pending(): Promise<readonly JournalledCommand[]> {
    const { entries } = await this.#store.range(this.#prefix)
    return entries.map(entry => decodeJson<JournalledCommand>(entry))
  }

  async outcome(step: StepKey): Promise<StoredOutcome | null> {
    const entry = await this.#store.get(outcomeKey(step))
    return entry === null ? null : decodeJson<StoredOutcome>(entry)
  }

  /** The last sequence given out, and what a transaction must compare to give out the next. */
  async sequence(id: NodeId, generation: number): Promise<{ readonly last: number; readonly compare: Compare }> {
    const entry = await this.#store.get(sequenceKey(id))
    const stored = entry === null ? null : decodeJson<NodeSequence>(entry)
    return {
      last: stored?.generation === generation ? stored.last : 0,
      compare: { key: sequenceKey(id), target: 'mod-revision', operator: '=', value: entry?.modRevision ?? 0 },
    }
  }

  /** Journals the envelope and uses up its sequence. A step has one envelope at a time. */
  issued(command: JournalledCommand): readonly Mutation[] {
    const sequence: NodeSequence = { generation: command.generation, last: command.sequence }
    return [
      { kind: 'put', key: this.#key(command), value: encodeJson(command) },
      { kind: 'put', key: sequenceKey(command.nodeId), value: encodeJson(sequence) },
    ]
  }

  /** Stores the outcome and drops the envelope with its secrets. */
  finished(stored: StoredOutcome): readonly Mutation[] {
    return [
      { kind: 'put', key: outcomeKey(stored), value: encodeJson(stored) },
      { kind: 'delete', key: this.#key(stored) },
    ]
  }

  /** Operations that have a command or an outcome here. */
  async operations(): Promise<ReadonlySet<OperationId>> {
    const found = new Set<OperationId>()
    for (const prefix of [this.#prefix, OUTCOME_PREFIX]) {
      const { entries } = await this.#store.range(prefix)
      for (const { key } of entries) found.add(decodeURIComponent(key.slice(prefix.length).split('/')[0] ?? ''))
    }
    return found
  }

  /** Everything of an operation; only for one that has ended. */
  forget(operationId: OperationId): readonly Mutation[] {
    const part = encodeURIComponent(operationId)
    return [
      { kind: 'delete-prefix', prefix: `${this.#prefix}${part}/` },
      { kind: 'delete-prefix', prefix: `${OUTCOME_PREFIX}${part}/` },
    ]
  }

  #key(step: StepKey): string {
    return `${this.#prefix}${stepPath(step)}`
  }
}

export function stepPath(step: StepKey): string {
  return `${encodeURIComponent(step.operationId)}/${encodeURIComponent(step.stepId)}/${step.attempt}`
}

function outcomeKey(step: StepKey): string {
  return `${OUTCOME_PREFIX}${stepPath(step)}`
}

function sequenceKey(id: NodeId): string {
  return `sequences/${id}`
}
