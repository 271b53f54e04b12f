import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EMPTY_MANIFEST } from '../../shared/domain/manifest.ts'
import type { DriftReport } from '../../shared/domain/observation.ts'
import { systemClock } from '../../shared/lib/clock.ts'
import { contentHash } from '../../shared/lib/hash.ts'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { FleetState, putManifest } from '../inventory/fleet-state.ts'
import { LiveNodes } from '../inventory/live-nodes.ts'
import { openSqliteStore } from '../store/sqlite-store.ts'
import type { Store } from '../store/store.ts'
import { createCompareHosts } from './compare-hosts.ts'
import type { CommandRunner } from './dependencies.ts'
import { createSecrets } from './secrets.ts'

describe('comparing a fleet of a thousand hosts', () => {
  const nodeIds = Array.from({ length: 1000 }, (_, index) => `n${index}`)
  let directory: string
  let store: Store
  let live: LiveNodes
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'drover-compare-'))
    store = openSqliteStore({ path: join(directory, 'store.db') })
    live = await LiveNodes.load({ store, clock: systemClock, silentAfterMs: 60_000 })
    const applied = { manifest: EMPTY_MANIFEST, operationId: 'op', appliedAt: 1 }
    for (let start = 0; start < nodeIds.length; start += 100) {
      await store.txn({ success: nodeIds.slice(start, start + 100).map(id => putManifest(id, applied)) })
    }
    await Promise.all(nodeIds.map(id => live.connected(id, { clockOffsetMs: 0, bootId: 'b' })))
  })
  afterEach(async () => {
    await store.close()
    rmSync(directory, { recursive: true })
  })

  /** Agents answer at once; without `drift` they know of no manifest, and get a command. */
  function comparing(
    run: CommandRunner['run'],
    clock: Pick<typeof systemClock, 'now' | 'monotonic'> = systemClock,
    drift?: (id: string) => DriftReport,
  ) {
    const forgotten: string[] = []
    const compareHosts = createCompareHosts({
      runner: { run, forget: async id => void forgotten.push(id), operations: async () => new Set() },
      secrets: createSecrets(store),
      state: new FleetState(store),
      live,
      sessions: {
        lookNow(id, number) {
          live.looked(id, { answers: number, servers: [], ...(drift === undefined ? {} : { drift: drift(id) }) })
          return true
        },
      },
      isChanging: id => id === 'n7',
      newId: () => 'id',
      clock,
    })
    return { compareHosts, forgotten }
  }

  it('takes the word of whoever compared itself with what was applied, and sends commands to the others only', async () => {
    const manifestHash = contentHash(EMPTY_MANIFEST)
    const items = [{ kind: 'file', name: '/etc/x', detail: 'content differs' }]
    const asked: string[] = []
    const { compareHosts, forgotten } = comparing(
      async ({ nodeId }) => {
        asked.push(nodeId)
        return { state: 'done', result: { dryRun: true, items: [] } }
      },
      systemClock,
      id => ({ checkedAt: 1, manifestHash: id === 'n4' ? 'another' : manifestHash, items: id === 'n9' ? items : [] }),
    )
    const signal = new AbortController().signal
    const found = await compareHosts({ nodeIds, withinMs: 60_000, signal })
    expect(found.size).toBe(1000)
    expect(found.get('n9')).toEqual({ report: { checkedAt: 1, manifestHash, items } })
    expect(asked).toEqual(['n4'])
    expect(forgotten).toEqual(['compare-id'])
    await compareHosts({ nodeIds: ['n1', 'n2'], withinMs: 60_000, signal })
    expect(forgotten).toHaveLength(1)
  })

  it('asks each once, not all at the same time, and leaves no command behind', async () => {
    await live.disconnected('n3')
    const asked: string[] = []
    const together = { now: 0, most: 0 }
    const { compareHosts, forgotten } = comparing(async ({ nodeId }) => {
      asked.push(nodeId)
      together.now += 1
      together.most = Math.max(together.most, together.now)
      await setTimeout(2)
      together.now -= 1
      if (nodeId === 'n5') return { state: 'failed', code: 'failed', message: 'no disk', retryable: false }
      return { state: 'done', result: { dryRun: true, items: [] } }
    })
    const found = await compareHosts({ nodeIds, withinMs: 60_000, signal: new AbortController().signal })
    expect(new Set(asked).size).toBe(998)
    expect(asked).toHaveLength(998)
    expect(together.most).toBe(250)
    expect(found.get('n3')).toEqual({ why: 'it is not connected' })
    expect(found.get('n5')).toEqual({ why: expect.stringContaining('no disk') })
    expect(found.get('n7')).toEqual({ why: 'an operation is changing it' })
    expect(found.get('n999')).toMatchObject({ report: { items: [] } })
    expect(forgotten).toEqual(['compare-id'])
  })

  it('ends when the time is over, with those that had their turn', async () => {
    const clock = new ManualClock()
    let asked = 0
    const { compareHosts } = comparing(async () => {
      asked += 1
      if (asked === 500) await clock.advance(5000)
      return { state: 'done', result: { dryRun: true, items: [] } }
    }, clock)
    const found = await compareHosts({ nodeIds, withinMs: 5000, signal: new AbortController().signal })
    expect(found.size).toBe(1000)
    expect(asked).toBeGreaterThanOrEqual(500)
    expect(asked).toBeLessThanOrEqual(750)
    expect(found.get('n999')).toEqual({ why: 'its turn did not come in time' })
  })

  it('asks nobody any more once it is aborted', async () => {
    const controller = new AbortController()
    let asked = 0
    const { compareHosts, forgotten } = comparing(async ({ signal }) => {
      asked += 1
      controller.abort(new Error('enough'))
      throw signal.reason
    })
    await expect(compareHosts({ nodeIds, withinMs: 5000, signal: controller.signal })).rejects.toThrow('enough')
    expect(asked).toBeLessThanOrEqual(250)
    expect(forgotten).toEqual(['compare-id'])
  })
})
