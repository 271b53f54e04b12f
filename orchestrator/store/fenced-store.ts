import { DroverError } from '../../shared/domain/errors.ts'
import type { Leadership } from './election.ts'
import type { Store } from './store.ts'

export interface FencedStore {
  readonly store: Store
  /** Aborted, with the reason, as soon as a write finds that another orchestrator leads. */
  readonly lost: AbortSignal
}

/**
 * A store that takes writes only while this process leads: every transaction, whatever it is about, also compares the leader
 * epoch. A process that was frozen and has been replaced meanwhile can write nothing, and so sends nothing either, because
 * whatever is sent is written first. Such a write throws `stale`.
 */
export function createFencedStore(store: Store, leadership: Pick<Leadership, 'fence'>): FencedStore {
  const lost = new AbortController()
  const fence = leadership.fence()
  return {
    lost: lost.signal,
    store: {
      get: key => store.get(key),
      range: (prefix, options) => store.range(prefix, options),
      watch: options => store.watch(options),
      grantLease: ttlMs => store.grantLease(ttlMs),
      revision: () => store.revision(),
      compact: revision => store.compact(revision),
      close: () => store.close(),
      txn: async transaction => {
        const result = await store.txn({ ...transaction, compare: [...(transaction.compare ?? []), fence] })
        if (!result.succeeded) await refuseWhenReplaced()
        return result
      },
    },
  }

  async function refuseWhenReplaced(): Promise<void> {
    if ((await store.get(fence.key))?.createRevision === fence.value) return
    const reason = new DroverError('stale', 'another orchestrator has taken over the fleet', { retryable: false })
    lost.abort(reason)
    throw reason
  }
}
