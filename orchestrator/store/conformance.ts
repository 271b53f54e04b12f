import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCollection } from './collection.ts'
import { takeLeadership } from './election.ts'
import type { Compare, Entry, Mutation, Store, WatchEvent } from './store.ts'

/** A fresh, empty store for one test, and a way to let lease time pass. */
export interface StoreFixture {
  readonly store: Store
  /** Moves time on until a lease of this length that nobody kept alive has expired. */
  readonly passTime: (ms: number) => Promise<void>
  readonly dispose: () => Promise<void>
}

/** What every Store must do. Run it in a test file of the implementation. */
export function storeConformance(name: string, open: () => Promise<StoreFixture>): void {
  describe(`${name} as a store`, () => {
    let fixture: StoreFixture
    let store: Store

    beforeEach(async () => {
      fixture = await open()
      store = fixture.store
    })
    afterEach(() => fixture.dispose())

    describe('entries', () => {
      it('has nothing under a key that was never put', async () => {
        expect(await store.get('a')).toBeNull()
      })

      it('keeps the create revision and counts versions over puts', async () => {
        const first = await store.txn({ success: [put('a', '1')] })
        const second = await store.txn({ success: [put('a', '2')] })
        expect(second.revision).toBe(first.revision + 1)
        expect(await store.get('a')).toMatchObject({
          createRevision: first.revision,
          modRevision: second.revision,
          version: 2,
        })
        expect(text(await store.get('a'))).toBe('2')
      })

      it('starts anew after a delete', async () => {
        await store.txn({ success: [put('a', '1')] })
        await store.txn({ success: [{ kind: 'delete', key: 'a' }] })
        expect(await store.get('a')).toBeNull()
        const { revision } = await store.txn({ success: [put('a', '2')] })
        expect(await store.get('a')).toMatchObject({ createRevision: revision, version: 1 })
      })

      it('takes no revision for a delete that deletes nothing', async () => {
        const before = await store.revision()
        const result = await store.txn({ success: [{ kind: 'delete', key: 'nothing' }] })
        expect(result).toEqual({ succeeded: true, revision: before })
      })

      it('carries any bytes', async () => {
        const value = Uint8Array.from({ length: 256 }, (_, index) => index)
        await store.txn({ success: [{ kind: 'put', key: 'bytes', value }] })
        expect(Buffer.from((await store.get('bytes'))?.value ?? [])).toEqual(Buffer.from(value))
      })
    })

    describe('ranges', () => {
      beforeEach(async () => {
        await store.txn({ success: ['a/1', 'a/2', 'a/3', 'a0', 'b/1', 'A/1'].map(key => put(key, key)) })
      })

      it('gives the keys under a prefix in order, and nothing else', async () => {
        const { entries, revision } = await store.range('a/')
        expect(entries.map(entry => entry.key)).toEqual(['a/1', 'a/2', 'a/3'])
        expect(revision).toBe(await store.revision())
      })

      it('pages forwards and backwards', async () => {
        const forward = await store.range('a/', { limit: 1, after: 'a/1' })
        const backward = await store.range('a/', { reverse: true, limit: 2 })
        const further = await store.range('a/', { reverse: true, after: 'a/2' })
        expect(forward.entries.map(entry => entry.key)).toEqual(['a/2'])
        expect(backward.entries.map(entry => entry.key)).toEqual(['a/3', 'a/2'])
        expect(further.entries.map(entry => entry.key)).toEqual(['a/1'])
      })

      it('leaves out values when only keys are asked for', async () => {
        const keys = (await store.range('a/', { keysOnly: true })).entries
        const whole = (await store.range('a/')).entries
        expect(keys.map(({ value, ...entry }) => [entry, value.byteLength])).toEqual(
          whole.map(({ value: _value, memory: _memory, ...entry }) => [entry, 0]),
        )
      })

      it('deletes a whole prefix in one revision', async () => {
        const before = await store.revision()
        const { revision } = await store.txn({ success: [{ kind: 'delete-prefix', prefix: 'a/' }] })
        expect(revision).toBe(before + 1)
        expect((await store.range('a/')).entries).toEqual([])
        expect(await store.get('a0')).not.toBeNull()
      })
    })

    describe('transactions', () => {
      it('changes nothing when one condition does not hold', async () => {
        const { revision } = await store.txn({ success: [put('a', '1')] })
        const result = await store.txn({
          compare: [compare('a', 'version', '=', 1), compare('b', 'create-revision', '>', 0)],
          success: [put('a', '2'), put('c', '3')],
        })
        expect(result).toEqual({ succeeded: false, revision })
        expect(text(await store.get('a'))).toBe('1')
        expect(await store.get('c')).toBeNull()
      })

      it('treats a missing key as revision and version 0', async () => {
        const create = { compare: [compare('a', 'create-revision', '=', 0)], success: [put('a', '1')] }
        expect((await store.txn(create)).succeeded).toBe(true)
        expect((await store.txn(create)).succeeded).toBe(false)
      })

      it('compares with <, = and >', async () => {
        const { revision } = await store.txn({ success: [put('a', '1')] })
        const holds = async (operator: Compare['operator'], value: number) =>
          (await store.txn({ compare: [compare('a', 'mod-revision', operator, value)], success: [] })).succeeded
        expect(await holds('=', revision)).toBe(true)
        expect(await holds('<', revision)).toBe(false)
        expect(await holds('<', revision + 1)).toBe(true)
        expect(await holds('>', revision)).toBe(false)
        expect(await holds('>', revision - 1)).toBe(true)
      })

      it('lets exactly one of many concurrent creators win', async () => {
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            store.txn({ compare: [compare('once', 'version', '=', 0)], success: [put('once', String(index))] }),
          ),
        )
        expect(results.filter(result => result.succeeded)).toHaveLength(1)
      })

      it('refuses to write one key twice', async () => {
        await expect(store.txn({ success: [put('a', '1'), put('a', '2')] })).rejects.toMatchObject({ code: 'invalid' })
        const overlapping: Mutation[] = [{ kind: 'delete-prefix', prefix: 'a' }, put('a/1', '2')]
        await expect(store.txn({ success: overlapping })).rejects.toMatchObject({ code: 'invalid' })
        expect(await store.get('a')).toBeNull()
      })

      it('refuses keys that are no keys and transactions that are too long', async () => {
        await expect(store.txn({ success: [put('a b', '1')] })).rejects.toMatchObject({ code: 'invalid' })
        await expect(store.txn({ success: [put('', '1')] })).rejects.toMatchObject({ code: 'invalid' })
        const many = Array.from({ length: 129 }, (_, index) => put(`k${index}`, ''))
        await expect(store.txn({ success: many })).rejects.toMatchObject({ code: 'invalid' })
      })
    })

    describe('watches', () => {
      it('delivers each change once and in order, from the revision asked for', async () => {
        const { revision: after } = await store.txn({ success: [put('w/before', '0')] })
        await store.txn({ success: [put('w/a', '1'), put('w/b', '1'), put('other', '1')] })
        const seen = collect(store, { prefix: 'w/', after, until: 6 })
        await store.txn({ success: [put('w/a', '2')] })
        await store.txn({ success: [{ kind: 'delete', key: 'w/b' }] })
        await store.txn({ success: [{ kind: 'delete-prefix', prefix: 'w/be' }, put('w/c', '3')] })
        expect((await seen).map(label)).toEqual([
          'put w/a 1',
          'put w/b 1',
          'put w/a 2',
          'delete w/b',
          'delete w/before',
          'put w/c 3',
        ])
      })

      it('keeps up with more changes than fit into one batch', async () => {
        const seen = collect(store, { prefix: 'n/', after: await store.revision(), until: 300 })
        await Promise.all(Array.from({ length: 300 }, (_, index) => store.txn({ success: [put(`n/${index}`, '')] })))
        const events = await seen
        expect(new Set(events.map(label)).size).toBe(300)
        const revisions = events.map(event => (event.kind === 'put' ? event.entry.modRevision : event.modRevision))
        expect(revisions).toEqual([...revisions].sort((a, b) => a - b))
      })

      it('ends with the reason of its signal', async () => {
        const controller = new AbortController()
        const watching = drain(store.watch({ prefix: 'w/', after: 0, signal: controller.signal }))
        const reason = new Error('enough')
        controller.abort(reason)
        await expect(watching).rejects.toBe(reason)
      })

      it('says so when the history asked for is gone', async () => {
        await store.txn({ success: [put('w/a', '1')] })
        const { revision } = await store.txn({ success: [put('w/a', '2')] })
        await store.compact(revision)
        const { signal } = new AbortController()
        await expect(drain(store.watch({ prefix: 'w/', after: revision - 1, signal }))).rejects.toMatchObject({
          code: 'stale',
        })
        expect(text(await store.get('w/a'))).toBe('2')
      })

      it('is not disturbed by the compaction of changes elsewhere', async () => {
        const seen = collect(store, { prefix: 'w/', after: await store.revision(), until: 2 })
        await store.txn({ success: [put('w/1', '1')] })
        for (let index = 0; index < 5; index += 1) await store.txn({ success: [put('other', String(index))] })
        await new Promise(resolve => setImmediate(resolve))
        await store.compact(await store.revision())
        await store.txn({ success: [put('w/2', '2')] })
        expect((await seen).map(label)).toEqual(['put w/1 1', 'put w/2 2'])
      })
    })

    describe('leases', () => {
      it('deletes what was put under it when it expires', async () => {
        const lease = await store.grantLease(2000)
        await store.txn({ success: [{ ...put('l/a', '1'), lease: lease.id }, put('l/b', '1')] })
        const gone = collect(store, { prefix: 'l/', after: await store.revision(), until: 1 })
        await fixture.passTime(2000)
        expect((await gone).map(label)).toEqual(['delete l/a'])
        expect(await store.get('l/b')).not.toBeNull()
        await expect(lease.keepAlive()).rejects.toMatchObject({ code: 'not-found' })
      })

      it('lives on while it is kept alive', async () => {
        const lease = await store.grantLease(2000)
        await store.txn({ success: [{ ...put('l/a', '1'), lease: lease.id }] })
        for (let round = 0; round < 3; round += 1) {
          await fixture.passTime(1200)
          await lease.keepAlive()
        }
        expect(await store.get('l/a')).not.toBeNull()
      })

      it('deletes at once when revoked, and takes no more keys', async () => {
        const lease = await store.grantLease(60_000)
        await store.txn({ success: [{ ...put('l/a', '1'), lease: lease.id }] })
        await lease.revoke()
        expect(await store.get('l/a')).toBeNull()
        await expect(store.txn({ success: [{ ...put('l/b', '1'), lease: lease.id }] })).rejects.toMatchObject({
          code: 'not-found',
        })
      })

      it('lets go of a key that is put again without it', async () => {
        const lease = await store.grantLease(60_000)
        await store.txn({ success: [{ ...put('l/a', '1'), lease: lease.id }] })
        await store.txn({ success: [put('l/a', '2')] })
        await lease.revoke()
        expect(text(await store.get('l/a'))).toBe('2')
      })
    })

    describe('what stands on it', () => {
      it('fences a former leader off', async () => {
        const former = await takeLeadership(store, 'first')
        const current = await takeLeadership(store, 'second')
        expect(current.epoch).toBeGreaterThan(former.epoch)
        const write = (compare: Compare) => store.txn({ compare: [compare], success: [put('journal', 'x')] })
        expect((await write(former.fence())).succeeded).toBe(false)
        expect((await write(current.fence())).succeeded).toBe(true)
      })

      it('holds documents that are only replaced by someone who has seen them', async () => {
        const notes = createCollection<{ readonly text: string }>(store, 'notes')
        const created = await notes.put('a', { text: 'one' }, { ifRevision: 0 })
        await expect(notes.put('a', { text: 'two' }, { ifRevision: 0 })).rejects.toMatchObject({ code: 'conflict' })
        await notes.put('a', { text: 'two' }, { ifRevision: created })
        await expect(notes.put('a', { text: 'three' }, { ifRevision: created })).rejects.toMatchObject({
          code: 'stale',
        })
        expect(await notes.list()).toMatchObject([{ id: 'a', value: { text: 'two' } }])
      })

      it('writes documents of several collections together', async () => {
        const left = createCollection<number>(store, 'left')
        const right = createCollection<number>(store, 'right')
        await store.txn({ compare: [left.unchanged('x/1', 0)], success: [left.putOp('x/1', 1), right.putOp('y', 2)] })
        expect((await left.list({ within: 'x/' })).map(document => document.id)).toEqual(['x/1'])
        expect((await right.get('y'))?.value).toBe(2)
      })
    })
  })
}

function put(key: string, value: string): Extract<Mutation, { kind: 'put' }> {
  return { kind: 'put', key, value: Buffer.from(value) }
}

function compare(key: string, target: Compare['target'], operator: Compare['operator'], value: number): Compare {
  return { key, target, operator, value }
}

function text(entry: Entry | null): string | null {
  return entry === null ? null : Buffer.from(entry.value).toString()
}

function label(event: WatchEvent): string {
  return event.kind === 'put' ? `put ${event.entry.key} ${text(event.entry)}`.trim() : `delete ${event.key}`
}

async function collect(
  store: Store,
  options: { readonly prefix: string; readonly after: number; readonly until: number },
): Promise<readonly WatchEvent[]> {
  const { prefix, after, until } = options
  const events: WatchEvent[] = []
  for await (const batch of store.watch({ prefix, after, signal: AbortSignal.timeout(20_000) })) {
    events.push(...batch)
    if (events.length >= until) return events
  }
  return events
}

async function drain(watch: AsyncIterable<unknown>): Promise<void> {
  for await (const _batch of watch) continue
}
