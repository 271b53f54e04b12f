import type { Store, Transaction, TransactionResult } from '../../orchestrator/store/store.ts'

/** A store whose writes are seen at once and on disk only later, when they are acknowledged. */
export interface VolatileStore {
  readonly store: Store
  /** What was not on disk is gone, and nobody is told anything any more. */
  losePower(): void
}

/**
 * Stands between a program and two stores that hold the same: what the program reads (`seen`, in memory) and what a disk would still
 * have after the power is gone (`disk`). A transaction reaches the second after a while, in order, and is acknowledged then.
 */
export function createVolatileStore({
  seen,
  disk,
  delayMs,
}: {
  readonly seen: Store
  readonly disk: Store
  readonly delayMs: () => number
}): VolatileStore {
  let hasPower = true
  let last: Promise<unknown> = Promise.resolve()

  async function txn(transaction: Transaction): Promise<TransactionResult> {
    if (!hasPower) return never()
    const result = seen.txn(transaction)
    const flushed = last.then(async () => {
      await new Promise(resolve => setTimeout(resolve, delayMs()))
      if (hasPower) await disk.txn(transaction)
    })
    last = flushed
    const [answer] = await Promise.all([result, flushed])
    return hasPower ? answer : never()
  }

  return {
    losePower: () => {
      hasPower = false
    },
    store: {
      get: key => seen.get(key),
      range: (prefix, options) => seen.range(prefix, options),
      watch: options => seen.watch(options),
      grantLease: ttlMs => seen.grantLease(ttlMs),
      revision: () => seen.revision(),
      compact: async () => undefined,
      close: async () => undefined,
      txn,
    },
  }
}

/** A process without power waits for ever. */
function never<T>(): Promise<T> {
  return new Promise(() => undefined)
}
