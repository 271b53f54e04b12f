import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { temporaryStore } from '../../test/support/temporary-store.ts'
import { encodeJson, orderedNumber } from '../events/json.ts'
import type { Store } from '../store/store.ts'
import { AuditLog } from './audit-log.ts'

describe('the audit log of the orchestrator', () => {
  it('chains records over restarts, newest first', async () => {
    await using temporary = temporaryStore()
    await filled(temporary.store)
    const again = new AuditLog({ store: temporary.store, clock: new ManualClock() })
    await again.append(record('four'))
    expect((await again.list(2)).map(({ index, detail }) => ({ index, detail }))).toEqual([
      { index: 4, detail: 'four' },
      { index: 3, detail: 'three' },
    ])
    expect(await again.verify()).toMatchObject({ records: 4, firstBreak: null })
  })

  it('finds a record that was altered', async () => {
    await using temporary = temporaryStore()
    const log = await filled(temporary.store)
    const link = await stored(temporary.store, 2)
    await put(temporary.store, 2, { ...link, record: link.record.replace('two', 'TWO') })
    expect((await log.verify()).firstBreak).toEqual({ index: 2, why: 'altered' })
  })

  it('finds a record that is missing', async () => {
    await using temporary = temporaryStore()
    const log = await filled(temporary.store)
    await temporary.store.txn({ success: [{ kind: 'delete', key: key(2) }] })
    expect((await log.verify()).firstBreak).toEqual({ index: 2, why: 'missing' })
  })

  it('writes nothing when the change it belongs to does not happen', async () => {
    await using temporary = temporaryStore()
    const log = await filled(temporary.store)
    const compare = [{ key: 'x', target: 'version' as const, operator: '=' as const, value: 1 }]
    expect((await log.commit({ compare, success: [], records: [record('never')] })).succeeded).toBe(false)
    await log.append(record('four'))
    expect(await log.verify()).toMatchObject({ records: 4, firstBreak: null })
  })
})

async function filled(store: Store): Promise<AuditLog> {
  const log = new AuditLog({ store, clock: new ManualClock() })
  await log.append(record('one'), record('two'))
  await log.append(record('three'))
  return log
}

function record(detail: string) {
  return { type: 'test:done', actor: 'tester', subject: 'thing', detail }
}

async function stored(store: Store, index: number): Promise<{ readonly record: string }> {
  const entry = await store.get(key(index))
  return JSON.parse(Buffer.from(entry?.value ?? []).toString()) as { record: string }
}

async function put(store: Store, index: number, link: unknown): Promise<void> {
  await store.txn({ success: [{ kind: 'put', key: key(index), value: encodeJson(link) }] })
}

function key(index: number): string {
  return `audit/orchestrator/${orderedNumber(index)}`
}
