import type { CommandKind, CommandOutcome } from '../../shared/domain/command.ts'

/** One line of the journal file. */
export type JournalRecord = IntentRecord | ResultRecord | AckRecord | HighWaterRecord

/** The command is going to run. */
export interface IntentRecord {
  readonly type: 'intent'
  readonly generation: number
  readonly sequence: number
  readonly leaderEpoch: number
  readonly commandId: string
  readonly kind: CommandKind
  /** Hex SHA-256 of the signed payload. */
  readonly payloadHash: string
  readonly at: number
}

export interface ResultRecord {
  readonly type: 'result'
  readonly commandId: string
  readonly outcome: CommandOutcome
}

/** The orchestrator has the result. */
export interface AckRecord {
  readonly type: 'ack'
  readonly commandId: string
}

/** What a rewrite keeps of the intents that it drops. */
export interface HighWaterRecord {
  readonly type: 'high-water'
  readonly generation: number
  readonly sequence: number
  readonly leaderEpoch: number
}

export function formatRecord(record: JournalRecord): string {
  return `${JSON.stringify(record)}\n`
}

/** The records of the file's whole lines; a last line that a crash cut short is left out. */
export function parseRecords(text: string): readonly JournalRecord[] {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
  return lines.map(parseLine).filter(record => record !== null)
}

function parseLine(line: string): JournalRecord | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && 'type' in value ? (value as JournalRecord) : null
  } catch {
    return null
  }
}
