import { join } from 'node:path'
import { loadFleet } from '../../orchestrator/ca/load-fleet.ts'
import { createSecrets, SECRETS_PREFIX } from '../../orchestrator/operation/secrets.ts'
import { createEncryptedStore } from '../../orchestrator/store/encrypted-store.ts'
import { openSqliteStore } from '../../orchestrator/store/sqlite-store.ts'
import { systemClock } from '../../shared/lib/clock.ts'

/**
 * Makes the password of the cluster's user before the apply, which then uses it: the finish line can be watched from
 * the start, and nothing has to be asked of Drover while it works. The orchestrator must not run.
 */
export async function premadePassword(directory: string): Promise<string> {
  const { dataKey } = await loadFleet({ directory, clock: systemClock })
  const store = createEncryptedStore({
    store: openSqliteStore({ path: join(directory, 'store.db'), clock: systemClock }),
    prefixes: [SECRETS_PREFIX],
    dataKey,
  })
  try {
    return (await createSecrets(store).obtain('clusters/pg-main/users/app')).password
  } finally {
    await store.close()
  }
}
