import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { storeConformance } from './conformance.ts'
import { openSqliteStore } from './sqlite-store.ts'

storeConformance('SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'drover-store-'))
  const clock = new ManualClock()
  const store = openSqliteStore({ path: join(directory, 'store.db'), clock })
  return {
    store,
    passTime: ms => clock.advance(ms),
    dispose: async () => {
      await store.close()
      await rm(directory, { recursive: true })
    },
  }
})

describe('the SQLite file', () => {
  let directory: string
  let path: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'drover-store-'))
    path = join(directory, 'store.db')
  })
  afterEach(() => rm(directory, { recursive: true }))

  it('is readable by its owner only', async () => {
    const store = openSqliteStore({ path })
    await store.txn({ success: [put('a')] })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(`${path}-wal`)).mode & 0o777).toBe(0o600)
    await store.close()
  })

  it('belongs to one process at a time', async () => {
    const store = openSqliteStore({ path })
    expect(() => openSqliteStore({ path, lockTimeoutMs: 10 })).toThrowError(
      expect.objectContaining({ code: 'locked', hint: expect.stringContaining('stop the other') }),
    )
    await store.txn({ success: [put('a')] })
    await store.close()
    const next = openSqliteStore({ path })
    expect(await next.get('a')).not.toBeNull()
    await next.close()
  })

  it('remembers revisions, history and leases over a restart', async () => {
    const clock = new ManualClock()
    const first = openSqliteStore({ path, clock })
    const lease = await first.grantLease(5000)
    await first.txn({ success: [{ ...put('leased'), lease: lease.id }] })
    const { revision } = await first.txn({ success: [put('a')] })
    await first.close()

    const second = openSqliteStore({ path, clock })
    expect(await second.revision()).toBe(revision)
    await clock.advance(4999)
    expect(await second.get('leased')).not.toBeNull()
    await clock.advance(1)
    await expect.poll(() => second.get('leased')).toBeNull()
    const seen = second.watch({ prefix: 'a', after: 0, signal: AbortSignal.timeout(5000) })[Symbol.asyncIterator]()
    expect((await seen.next()).value).toMatchObject([{ kind: 'put', entry: { key: 'a', modRevision: revision } }])
    await second.close()
  })

  it('says that the disk is full, and goes on once there is room', async () => {
    const store = openSqliteStore({ path, maxBytes: 256 * 1024 })
    await store.txn({ success: [put('kept')] })
    const before = await store.revision()
    const big = { kind: 'put', key: 'big', value: Buffer.alloc(512 * 1024) } as const
    await expect(store.txn({ success: [big] })).rejects.toMatchObject({
      code: 'exhausted',
      hint: expect.stringContaining('free disk space'),
    })
    expect(await store.revision()).toBe(before)
    expect(await store.get('big')).toBeNull()
    expect((await store.txn({ success: [put('small')] })).revision).toBe(before + 1)
    await store.close()
  })

  it('lets one bad transaction fail without the others of its group', async () => {
    const store = openSqliteStore({ path })
    const group = await Promise.allSettled([
      store.txn({ success: [put('a')] }),
      store.txn({ success: [put('b'), { ...put('c'), lease: 'no-such-lease' }] }),
      store.txn({ success: [put('d')] }),
    ])
    expect(group.map(result => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await store.range('')).entries.map(entry => entry.key)).toEqual(['a', 'd'])
    expect(await store.revision()).toBe(2)
    await store.close()
  })

  it('refuses a file that is no store, and one from a newer program', async () => {
    await writeFile(path, 'something else entirely, and long enough to be looked at '.repeat(100))
    expect(() => openSqliteStore({ path })).toThrowError(expect.objectContaining({ code: 'failed' }))
    await rm(path)
    const newer = new DatabaseSync(path)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    expect(() => openSqliteStore({ path })).toThrowError(
      expect.objectContaining({ code: 'failed', message: expect.stringContaining('99') }),
    )
    expect(() => openSqliteStore({ path: join(directory, 'none', 'store.db') })).toThrowError(
      expect.objectContaining({ hint: 'run: drover init' }),
    )
  })

  it('has everything it acknowledged after kill -9', async () => {
    const writer = fileURLToPath(new URL('../../test/support/store-writer/main.ts', import.meta.url))
    const acknowledged: string[] = []
    for (let round = 0; round < 3; round += 1) {
      await rm(path, { force: true })
      acknowledged.length = 0
      const child = spawn(process.execPath, [writer, path], { stdio: ['ignore', 'pipe', 'inherit'] })
      const exited = once(child, 'exit')
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged.push(line)
        if (acknowledged.length === 50 * (round + 1)) child.kill('SIGKILL')
      }
      expect((await exited)[1]).toBe('SIGKILL')

      const store = openSqliteStore({ path })
      const { entries, revision } = await store.range('k/')
      const keys = new Set(entries.map(entry => entry.key))
      expect(acknowledged.filter(key => !keys.has(key))).toEqual([])
      expect(revision).toBe(entries.length)
      await store.close()
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(150)
  }, 30_000)
})

function put(key: string) {
  return { kind: 'put', key, value: Buffer.from('value') } as const
}
