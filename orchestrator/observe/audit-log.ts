import type { Clock } from '../../shared/lib/clock.ts'
import { type AuditHead, appendAudit } from '../../shared/signing/audit-chain.ts'
import { createSerial } from '../events/serial.ts'
import type { Compare, Mutation, Store, TransactionResult } from '../store/store.ts'
import {
  type AuditRecord,
  type ChainVerdict,
  type ListedRecord,
  type NewAuditRecord,
  ORCHESTRATOR_CHAIN,
} from './audit-record.ts'
import { StoredChain } from './stored-chain.ts'

/** What writes to the orchestrator's chain; all that most of the program needs to know of it. */
export interface Audit {
  append(...records: readonly NewAuditRecord[]): Promise<void>
  /** One transaction that changes state and records it: both or neither. Nothing is written when a compare fails. */
  commit(commit: AuditCommit): Promise<TransactionResult>
}

export interface AuditCommit {
  readonly compare?: readonly Compare[]
  readonly success: readonly Mutation[]
  readonly records: readonly NewAuditRecord[]
}

/** The orchestrator's own hash chain. */
export class AuditLog implements Audit {
  readonly #store: Store
  readonly #clock: Pick<Clock, 'now'>
  readonly #chain: StoredChain
  readonly #serial = createSerial()
  #head: AuditHead | undefined

  constructor(options: { readonly store: Store; readonly clock: Pick<Clock, 'now'> }) {
    this.#store = options.store
    this.#clock = options.clock
    this.#chain = new StoredChain(options.store, `audit/${ORCHESTRATOR_CHAIN}/`)
  }

  async append(...records: readonly NewAuditRecord[]): Promise<void> {
    await this.commit({ success: [], records })
  }

  commit(commit: AuditCommit): Promise<TransactionResult> {
    return this.#serial(async () => {
      let head = this.#head ?? (await this.#chain.head())
      const at = this.#clock.now()
      const mutations = commit.records.map(record => {
        const link = appendAudit(head, JSON.stringify({ at, ...record } satisfies AuditRecord))
        head = link
        return this.#chain.put(link)
      })
      const result = await this.#store.txn({
        compare: [...(commit.compare ?? [])],
        success: [...commit.success, ...mutations],
      })
      if (result.succeeded) this.#head = head
      return result
    })
  }

  /** Newest first. */
  async list(limit: number): Promise<readonly ListedRecord[]> {
    const links = await this.#chain.newest(limit)
    return links.map(({ index, hash, record }) => ({
      chain: ORCHESTRATOR_CHAIN,
      index,
      hash,
      ...(JSON.parse(record) as AuditRecord),
    }))
  }

  async verify(): Promise<ChainVerdict> {
    return { chain: ORCHESTRATOR_CHAIN, ...(await this.#chain.verify()) }
  }
}
