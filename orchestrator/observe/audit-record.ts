import type { AuditBreak } from '../../shared/signing/audit-chain.ts'

/** One line of the orchestrator's own chain: who did what to whom, and how it ended. Never holds a secret. */
export interface AuditRecord {
  /** Unix milliseconds. */
  readonly at: number
  /** noun:verb: `token:created`, `enrolment:refused`, `command:issued`. */
  readonly type: string
  /** `local:0`, `user:<name>` of an operator certificate, `node:<name>`, an address, or `orchestrator`. */
  readonly actor: string
  readonly subject: string
  readonly detail: string
}

export type NewAuditRecord = Omit<AuditRecord, 'at'>

export const ORCHESTRATOR_CHAIN = 'orchestrator'

export interface ListedRecord extends AuditRecord {
  readonly chain: string
  readonly index: number
  readonly hash: string
}

export interface ChainVerdict {
  readonly chain: string
  readonly records: number
  readonly firstBreak: AuditBreak | null
  /** Hex hash of the last record. */
  readonly head: string
}
