import type { CommandOutcome } from '../../shared/domain/command.ts'
import type { HostFiles } from '../host/files-types.ts'
import {
  formatRecord,
  type HighWaterRecord,
  type IntentRecord,
  type JournalRecord,
  parseRecords,
} from './journal-record.ts'

/**
 * What this node was told to do and what came of it, on disk before it counts: at most once, whatever is killed when.
 *
 * Invariants: an intent is durable before its effect begins; a result is durable before it is reported; highest sequence and epoch never
 * fall; a result is kept until the orchestrator has it, and for a while longer so that the same bytes get the same answer.
 */
export interface Journal {
  /** Highest sequence taken in for this generation of the node; 0 when none was. */
  lastSequence(generation: number): number
  highestEpoch(): number
  find(sequence: number, generation: number): JournalEntry | null
  begin(intent: Omit<IntentRecord, 'type'>): Promise<void>
  finish(commandId: string, outcome: CommandOutcome): Promise<void>
  /** The orchestrator has the result. */
  acknowledge(commandId: string): Promise<void>
  /** Finished and not acknowledged, oldest first. */
  unacknowledged(): readonly FinishedEntry[]
}

export interface JournalEntry {
  readonly intent: Omit<IntentRecord, 'type'>
  /** Null while it runs. */
  readonly outcome: CommandOutcome | null
  readonly acknowledged: boolean
}

export interface FinishedEntry {
  readonly commandId: string
  readonly sequence: number
  readonly outcome: CommandOutcome
}

interface State {
  readonly entries: Map<string, JournalEntry>
  highWater: Omit<HighWaterRecord, 'type'>
}

/** Acknowledged entries that are kept to answer repeats. */
const KEPT_ENTRIES = 64
/** Appended records before the file is written anew. */
const REWRITE_AFTER = 512

/** Reads the journal back. A command whose result is missing was cut off by the end of the last process: it becomes `interrupted`. */
export async function openJournal(options: { readonly files: HostFiles; readonly path: string }): Promise<Journal> {
  const { files, path } = options
  const state = replay(parseRecords((await files.readText(path)) ?? ''))
  interruptUnfinished(state)
  let appended = 0
  // The file may end in half a line; a rewrite leaves none behind.
  let isWhole = false

  async function write(record: JournalRecord): Promise<void> {
    if (!isWhole || appended >= REWRITE_AFTER) return rewrite()
    isWhole = false
    await files.append({ path, content: formatRecord(record), mode: 0o600 })
    isWhole = true
    appended += 1
  }

  async function rewrite(): Promise<void> {
    forgetOldest(state)
    await files.writeAtomic({ path, content: compacted(state).map(formatRecord).join(''), mode: 0o600 })
    isWhole = true
    appended = 0
  }

  /** The state follows the disk: a record that could not be written has not happened. */
  let last: Promise<void> = Promise.resolve()
  function commit(record: JournalRecord): Promise<void> {
    const undoable = last
      .catch(() => undefined)
      .then(async () => {
        const before = snapshot(state)
        apply(state, record)
        try {
          await write(record)
        } catch (error) {
          restore(state, before)
          throw error
        }
      })
    last = undoable
    return undoable
  }

  await rewrite()
  return {
    lastSequence: generation => (state.highWater.generation === generation ? state.highWater.sequence : 0),
    highestEpoch: () => state.highWater.leaderEpoch,
    find: (sequence, generation) =>
      [...state.entries.values()].find(
        ({ intent }) => intent.sequence === sequence && intent.generation === generation,
      ) ?? null,
    begin: intent => commit({ type: 'intent', ...intent }),
    finish: (commandId, outcome) => commit({ type: 'result', commandId, outcome }),
    acknowledge: async commandId => {
      if (state.entries.get(commandId)?.acknowledged === false) await commit({ type: 'ack', commandId })
    },
    unacknowledged: () => [...state.entries.values()].flatMap(toFinished),
  }
}

function replay(records: readonly JournalRecord[]): State {
  const state: State = { entries: new Map(), highWater: { generation: 0, sequence: 0, leaderEpoch: 0 } }
  for (const record of records) apply(state, record)
  return state
}

function apply(state: State, record: JournalRecord): void {
  switch (record.type) {
    case 'intent': {
      const { type: _, ...intent } = record
      state.entries.set(record.commandId, { intent, outcome: null, acknowledged: false })
      raise(state, record)
      return
    }
    case 'result':
      change(state, record.commandId, { outcome: record.outcome })
      return
    case 'ack':
      change(state, record.commandId, { acknowledged: true })
      return
    case 'high-water':
      raise(state, record)
  }
}

/** A new generation of the node counts its commands from the beginning; the leader's epoch belongs to the fleet. */
function raise(state: State, seen: Omit<HighWaterRecord, 'type'>): void {
  const { generation, sequence, leaderEpoch } = state.highWater
  const isNewer = seen.generation > generation
  const isSame = seen.generation === generation
  state.highWater = {
    generation: Math.max(generation, seen.generation),
    sequence: isNewer ? seen.sequence : isSame ? Math.max(sequence, seen.sequence) : sequence,
    leaderEpoch: Math.max(leaderEpoch, seen.leaderEpoch),
  }
}

function change(state: State, commandId: string, part: Partial<JournalEntry>): void {
  const entry = state.entries.get(commandId)
  if (entry !== undefined) state.entries.set(commandId, { ...entry, ...part })
}

function interruptUnfinished(state: State): void {
  for (const [commandId, { outcome }] of state.entries) {
    if (outcome === null) change(state, commandId, { outcome: { state: 'interrupted' } })
  }
}

function forgetOldest(state: State): void {
  const settled = [...state.entries].filter(([, entry]) => entry.acknowledged)
  for (const [commandId] of settled.slice(0, Math.max(0, settled.length - KEPT_ENTRIES))) {
    state.entries.delete(commandId)
  }
}

function compacted(state: State): readonly JournalRecord[] {
  const entries = [...state.entries.values()].flatMap(({ intent, outcome, acknowledged }): JournalRecord[] => [
    { type: 'intent', ...intent },
    ...(outcome === null ? [] : [{ type: 'result', commandId: intent.commandId, outcome } as const]),
    ...(acknowledged ? [{ type: 'ack', commandId: intent.commandId } as const] : []),
  ])
  return [{ type: 'high-water', ...state.highWater }, ...entries]
}

function toFinished({ intent, outcome, acknowledged }: JournalEntry): FinishedEntry[] {
  return outcome === null || acknowledged ? [] : [{ commandId: intent.commandId, sequence: intent.sequence, outcome }]
}

function snapshot(state: State): State {
  return { entries: new Map(state.entries), highWater: state.highWater }
}

function restore(state: State, before: State): void {
  state.entries.clear()
  for (const [id, entry] of before.entries) state.entries.set(id, entry)
  state.highWater = before.highWater
}
