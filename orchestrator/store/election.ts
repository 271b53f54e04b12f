import type { Compare, Store } from './store.ts'

const LEADER_KEY = 'leader'

/** Leadership of this process. The epoch is the create revision of the leader key: it rises with every new leader. */
export interface Leadership {
  readonly epoch: number
  /** Add it to every journal transaction: it fails once somebody else has become leader. */
  fence(): Compare
}

/**
 * Becomes leader of an embedded store. The store's file lock proves that no other process is alive on it, so the former
 * leader's key is removed and made anew; in one transaction a key would keep its create revision.
 */
export async function takeLeadership(store: Store, holder: string): Promise<Leadership> {
  await store.txn({ success: [{ kind: 'delete', key: LEADER_KEY }] })
  const { revision: epoch } = await store.txn({
    success: [{ kind: 'put', key: LEADER_KEY, value: Buffer.from(holder) }],
  })
  return {
    epoch,
    fence: () => ({ key: LEADER_KEY, target: 'create-revision', operator: '=', value: epoch }),
  }
}
