import type { DatabaseSync } from 'node:sqlite'
import { DroverError } from '../../shared/domain/errors.ts'
import { type Clock, systemClock } from '../../shared/lib/clock.ts'
import { checkKey, checkTransaction } from './check-transaction.ts'
import { type DatabaseOptions, openDatabase } from './sqlite-database.ts'
import { sqliteError } from './sqlite-errors.ts'
import { createLeaseKeeper, type LeaseKeeper } from './sqlite-leases.ts'
import { createReader, type Reader } from './sqlite-reader.ts'
import { createWriter, type Writer } from './sqlite-writer.ts'
import type { Lease, Store, Transaction, TransactionResult, WatchEvent } from './store.ts'

export interface SqliteStoreOptions extends DatabaseOptions {
  /** Decides when leases expire. */
  readonly clock?: Clock
}

/**
 * A fleet's state in one file of one process. Throws `locked` while another process has it. A lease starts anew when
 * the store is opened: a restart must not expire what it could not keep alive.
 */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const database = openDatabase(options)
  return new SqliteStore({ database, path: options.path, clock: options.clock ?? systemClock })
}

interface Pending {
  readonly work: () => TransactionResult
  readonly resolve: (result: TransactionResult) => void
  readonly reject: (error: DroverError) => void
}

class SqliteStore implements Store {
  readonly #database: DatabaseSync
  readonly #path: string
  readonly #write: Writer
  readonly #reader: Reader
  readonly #leases: LeaseKeeper
  readonly #watchers = new Set<() => void>()
  #pending: Pending[] = []
  #closed = false

  constructor(parts: { readonly database: DatabaseSync; readonly path: string; readonly clock: Clock }) {
    this.#database = parts.database
    this.#path = parts.path
    this.#write = createWriter(parts.database)
    this.#reader = createReader(parts.database)
    this.#leases = createLeaseKeeper({
      database: parts.database,
      clock: parts.clock,
      write: this.#write,
      commit: work => this.#commit(work),
    })
  }

  async get(key: string) {
    checkKey(key)
    return this.#read(() => this.#reader.get(key))
  }

  async range(prefix: string, options?: Parameters<Store['range']>[1]) {
    return this.#read(() => this.#reader.range(prefix, options))
  }

  async revision() {
    return this.#read(() => this.#reader.revision())
  }

  async txn(transaction: Transaction): Promise<TransactionResult> {
    checkTransaction(transaction)
    return this.#commit(() => this.#write(transaction))
  }

  async *watch(options: Parameters<Store['watch']>[0]): AsyncGenerator<readonly WatchEvent[], void, undefined> {
    const { prefix, signal } = options
    let cursor = options.after
    while (!signal.aborted) {
      const { events, through } = this.#read(() => this.#reader.changes(prefix, cursor))
      cursor = through
      if (events.length > 0) yield events
      else await this.#nextChange(signal)
    }
    throw signal.reason
  }

  async grantLease(ttlMs: number): Promise<Lease> {
    return this.#leases.grant(ttlMs)
  }

  async compact(revision: number): Promise<void> {
    await this.#commit(() => {
      const current = this.#reader.revision()
      if (revision > current)
        throw new DroverError('invalid', `cannot compact at ${revision}: the store is at ${current}`)
      this.#database.prepare('DELETE FROM history WHERE revision <= ?').run(revision)
      this.#database.prepare(`UPDATE meta SET value = max(value, ?) WHERE name = 'compacted'`).run(revision)
      return { succeeded: true, revision: current }
    })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#flush()
    this.#closed = true
    this.#leases.stop()
    for (const wake of this.#watchers) wake()
    this.#database.close()
  }

  /** Resolves at the next commit, at close, or when the signal aborts. */
  #nextChange(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        this.#watchers.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#watchers.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }

  #read<T>(work: () => T): T {
    if (this.#closed) throw closedError()
    try {
      return work()
    } catch (error) {
      throw sqliteError(error, this.#path)
    }
  }

  /** Group commit: everything asked for in one turn of the event loop shares one flush to disk. */
  #commit(work: () => TransactionResult): Promise<TransactionResult> {
    if (this.#closed) return Promise.reject(closedError())
    return new Promise((resolve, reject) => {
      this.#pending.push({ work, resolve, reject })
      if (this.#pending.length === 1) setImmediate(() => this.#flush())
    })
  }

  #flush(): void {
    const group = this.#pending
    if (group.length === 0) return
    this.#pending = []
    const settle: (() => void)[] = []
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      for (const pending of group) settle.push(this.#attempt(pending))
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      for (const { reject } of group) reject(sqliteError(error, this.#path))
      return
    }
    for (const tell of settle) tell()
    for (const wake of this.#watchers) wake()
  }

  /** One member of a group fails alone, unless SQLite itself gives up the whole transaction, as on a full disk. */
  #attempt({ work, resolve, reject }: Pending): () => void {
    this.#database.exec('SAVEPOINT member')
    try {
      const result = work()
      this.#database.exec('RELEASE member')
      return () => resolve(result)
    } catch (error) {
      if (!this.#database.isTransaction) throw error
      this.#database.exec('ROLLBACK TO member; RELEASE member')
      return () => reject(sqliteError(error, this.#path))
    }
  }
}

function closedError(): DroverError {
  return new DroverError('unavailable', 'the store is closed', { retryable: false })
}
