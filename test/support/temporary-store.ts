import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../orchestrator/store/sqlite-store.ts'
import type { Store } from '../../orchestrator/store/store.ts'

/** A real store in a folder that is gone after use: `await using store = temporaryStore()`. */
export function temporaryStore(): { readonly store: Store } & AsyncDisposable {
  const directory = mkdtempSync(join(tmpdir(), 'drover-store-'))
  const store = openSqliteStore({ path: join(directory, 'store.db') })
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      await store.close()
      rmSync(directory, { recursive: true })
    },
  }
}
