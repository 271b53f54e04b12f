import { describe, expect, it } from 'vitest'
import { temporaryStore } from '../../test/support/temporary-store.ts'
import { takeLeadership } from './election.ts'
import { createFencedStore } from './fenced-store.ts'
import type { Mutation } from './store.ts'

describe('a fenced store', () => {
  it('takes writes from the leader, and passes the failure of other compares on', async () => {
    await using temporary = temporaryStore()
    const { store, lost } = createFencedStore(temporary.store, await takeLeadership(temporary.store, 'first'))
    expect((await store.txn({ success: [put('a')] })).succeeded).toBe(true)
    const once = { key: 'a', target: 'version', operator: '=', value: 0 } as const
    expect((await store.txn({ compare: [once], success: [put('a')] })).succeeded).toBe(false)
    expect(lost.aborted).toBe(false)
  })

  it('takes nothing from a process that has been replaced, and says so once and for all', async () => {
    await using temporary = temporaryStore()
    const first = createFencedStore(temporary.store, await takeLeadership(temporary.store, 'first'))
    const second = createFencedStore(temporary.store, await takeLeadership(temporary.store, 'second'))
    await expect(first.store.txn({ success: [put('a')] })).rejects.toMatchObject({ code: 'stale' })
    expect(first.lost.aborted).toBe(true)
    expect(await second.store.get('a')).toBeNull()
    expect((await second.store.txn({ success: [put('a')] })).succeeded).toBe(true)
  })
})

function put(key: string): Mutation {
  return { kind: 'put', key, value: Buffer.from('1') }
}
