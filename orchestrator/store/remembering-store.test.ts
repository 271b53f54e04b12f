import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { temporaryStore } from '../../test/support/temporary-store.ts'
import { decodeJson, encodeJson } from '../events/json.ts'
import { storeConformance } from './conformance.ts'
import { createRememberingStore } from './remembering-store.ts'
import { openSqliteStore } from './sqlite-store.ts'

storeConformance('SQLite that is remembered', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'drover-store-'))
  const clock = new ManualClock()
  const inner = openSqliteStore({ path: join(directory, 'store.db'), clock })
  return {
    store: createRememberingStore(inner, ['']),
    passTime: ms => clock.advance(ms),
    dispose: async () => {
      await inner.close()
      await rm(directory, { recursive: true })
    },
  }
})

describe('what is remembered', () => {
  it('is decoded once for each change of it', async () => {
    await using temporary = temporaryStore()
    const store = createRememberingStore(temporary.store, ['nodes/'])
    const put = (key: string, value: unknown) =>
      store.txn({ success: [{ kind: 'put', key, value: encodeJson(value) }] })
    await put('nodes/1', { zone: 'a' })
    await put('nodes/2', { zone: 'a' })
    const read = async () => (await store.range('nodes/')).entries.map(entry => decodeJson<{ zone: string }>(entry))
    const [first, second] = await read()
    await put('nodes/2', { zone: 'b' })
    const [firstAgain, changed] = await read()
    expect(firstAgain).toBe(first)
    expect(changed).not.toBe(second)
    expect(changed).toEqual({ zone: 'b' })
    const entry = await store.get('nodes/2')
    expect(entry === null ? null : decodeJson(entry)).toBe(changed)
  })

  it('is gone when it is deleted, and new when it is made again', async () => {
    await using temporary = temporaryStore()
    const store = createRememberingStore(temporary.store, ['nodes/'])
    const value = encodeJson({})
    for (const key of ['nodes/1', 'nodes/12']) await store.txn({ success: [{ kind: 'put', key, value }] })
    expect((await store.range('nodes/')).entries).toHaveLength(2)
    await store.txn({ success: [{ kind: 'delete', key: 'nodes/1' }] })
    expect(await store.get('nodes/1')).toBeNull()
    expect((await store.range('nodes/')).entries.map(({ key }) => key)).toEqual(['nodes/12'])
    const { revision } = await store.txn({ success: [{ kind: 'put', key: 'nodes/1', value }] })
    expect((await store.get('nodes/1'))?.createRevision).toBe(revision)
  })
})
