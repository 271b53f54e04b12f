import { type Failpoints, NO_FAILPOINTS } from '../../shared/lib/failpoint.ts'
import type { Store, Transaction } from './store.ts'

/**
 * A store with a failpoint before and after every transaction that writes, named after what it writes: `write:operations:before`,
 * `write:operations:after`. Whatever the orchestrator remembers passes here, so that no transition is left out.
 */
export function createFailingStore(store: Store, failpoints: Failpoints): Store {
  if (failpoints === NO_FAILPOINTS) return store
  return {
    get: key => store.get(key),
    range: (prefix, options) => store.range(prefix, options),
    watch: options => store.watch(options),
    grantLease: ttlMs => store.grantLease(ttlMs),
    revision: () => store.revision(),
    compact: revision => store.compact(revision),
    close: () => store.close(),
    txn: async transaction => {
      const name = nameOf(transaction)
      failpoints.reach(`write:${name}:before`)
      const result = await store.txn(transaction)
      failpoints.reach(`write:${name}:${result.succeeded ? 'after' : 'refused'}`)
      return result
    },
  }
}

/** The first folder of the first key: `operation-steps`. */
function nameOf({ success: [first] }: Transaction): string {
  if (first === undefined) return 'nothing'
  return (first.kind === 'delete-prefix' ? first.prefix : first.key).split('/')[0] ?? ''
}
