import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../shared/lib/secret.ts'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { storeConformance } from './conformance.ts'
import { createEncryptedStore } from './encrypted-store.ts'
import { openSqliteStore } from './sqlite-store.ts'
import type { Store } from './store.ts'

storeConformance('SQLite behind encryption', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'drover-store-'))
  const clock = new ManualClock()
  const inner = openSqliteStore({ path: join(directory, 'store.db'), clock })
  return {
    store: createEncryptedStore({ store: inner, prefixes: [''], dataKey: new Secret(randomBytes(32)) }),
    passTime: ms => clock.advance(ms),
    dispose: async () => {
      await inner.close()
      await rm(directory, { recursive: true })
    },
  }
})

describe('values at rest', () => {
  const dataKey = new Secret(randomBytes(32))
  let directory: string
  let inner: Store
  let store: Store

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'drover-store-'))
    inner = openSqliteStore({ path: join(directory, 'store.db') })
    store = createEncryptedStore({ store: inner, prefixes: ['secrets/'], dataKey })
  })
  afterEach(async () => {
    await inner.close()
    await rm(directory, { recursive: true })
  })

  it('are not in the file when their prefix is secret, and are when it is not', async () => {
    await store.txn({ success: [put('secrets/a', 'hunter2-hunter2'), put('plain/a', 'weather-is-fine')] })
    const file = (await readFile(join(directory, 'store.db-wal'))).toString('latin1')
    expect(file).not.toContain('hunter2')
    expect(file).toContain('weather-is-fine')
    expect(Buffer.from((await store.get('secrets/a'))?.value ?? []).toString()).toBe('hunter2-hunter2')
  })

  it('do not open under another key, with another data key, or altered', async () => {
    await store.txn({ success: [put('secrets/a', 'one')] })
    const sealed = (await inner.get('secrets/a'))?.value ?? new Uint8Array()
    await inner.txn({ success: [{ kind: 'put', key: 'secrets/b', value: sealed }] })
    await expect(store.get('secrets/b')).rejects.toMatchObject({ code: 'failed' })

    const other = createEncryptedStore({ store: inner, prefixes: ['secrets/'], dataKey: new Secret(randomBytes(32)) })
    await expect(other.get('secrets/a')).rejects.toMatchObject({ hint: expect.stringContaining('data key') })

    for (let index = 0; index < sealed.byteLength; index += 1) {
      const altered = Buffer.from(sealed)
      altered[index] = (altered[index] ?? 0) ^ 1
      await inner.txn({ success: [{ kind: 'put', key: 'secrets/a', value: altered }] })
      await expect(store.get('secrets/a')).rejects.toMatchObject({ code: 'failed' })
    }
  })
})

function put(key: string, value: string) {
  return { kind: 'put', key, value: Buffer.from(value) } as const
}
