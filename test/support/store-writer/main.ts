import { openSqliteStore } from '../../../orchestrator/store/sqlite-store.ts'

/** Writes numbered keys, several at a time, and prints each once the store has acknowledged it; runs until killed. */
const [, , path = ''] = process.argv
const store = openSqliteStore({ path })
let next = 0
await Promise.all(Array.from({ length: 4 }, writeForEver))

async function writeForEver(): Promise<void> {
  while (true) {
    next += 1
    const key = `k/${String(next).padStart(8, '0')}`
    await store.txn({ success: [{ kind: 'put', key, value: Buffer.alloc(500, next % 256) }] })
    process.stdout.write(`${key}\n`)
  }
}
