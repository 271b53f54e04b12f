import { describe, expect, it } from 'vitest'
import type { ClusterDrift } from '../../shared/domain/cluster-drift.ts'
import { EMPTY_MANIFEST, type Manifest } from '../../shared/domain/manifest.ts'
import { createLog } from '../../shared/lib/log.ts'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { type DriftScene, isHarmless, runDriftRepair } from './drift-repair.ts'

const FILE = { path: '/etc/drover/a', owner: 'root', group: 'root', mode: '0644', content: '', secret: false }
const MANIFEST: Manifest = {
  ...EMPTY_MANIFEST,
  files: [
    { ...FILE, reactions: [{ unit: 'a.service', verb: 'reload' }] },
    { ...FILE, path: '/etc/drover/b', reactions: [{ unit: 'b.service', verb: 'restart' }] },
  ],
}

function drifted(name: string, kind = 'file'): DriftScene['drifted'] {
  return [{ node: 'node-1', manifest: MANIFEST, items: [{ kind, name, detail: 'differs' }] }]
}

const PEOPLE = { by: 'people', command: 'drop it' } as const
const APPLY = { by: 'apply', how: 'reload' } as const

function cluster(items: ClusterDrift['items']): ClusterDrift {
  return { cluster: 'pg', items, unknown: [], repair: { servers: [], provision: false } }
}

async function running(scene: () => Omit<DriftScene, 'clusters'> & Partial<Pick<DriftScene, 'clusters'>>) {
  const clock = new ManualClock()
  const stop = new AbortController()
  const applied: number[] = []
  const audited: string[] = []
  const ended = runDriftRepair(
    {
      scene: async () => ({ clusters: [], ...scene() }),
      operations: {
        async reapply() {
          applied.push(clock.monotonic())
          return `op-${applied.length}`
        },
      },
      audit: { append: async ({ type }) => void audited.push(type) },
      clock,
      log: createLog({ level: 'silent' }),
    },
    stop.signal,
  )
  return {
    applied,
    audited,
    async pass(ms: number) {
      for (let passed = 0; passed < ms; passed += 15_000) await clock.advance(15_000)
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await ended
    },
  }
}

describe('repairing drift', () => {
  it('happens only when the fleet says so', async () => {
    await using repair = await running(() => ({ policy: 'report', drifted: drifted('/etc/drover/a') }))
    await repair.pass(600_000)
    expect(repair.applied).toEqual([])
  })

  it('begins an apply, says so in the audit log, and waits longer each time when it drifts again', async () => {
    await using repair = await running(() => ({ policy: 'repair', drifted: drifted('/etc/drover/a') }))
    await repair.pass(30_000)
    expect(repair.applied).toHaveLength(1)
    expect(repair.audited).toEqual(['drift:repair'])
    await repair.pass(1_800_000)
    expect(repair.applied.length).toBeGreaterThan(2)
    expect(repair.applied.length).toBeLessThan(6)
    const pauses = repair.applied.slice(1).map((at, index) => at - (repair.applied[index] ?? 0))
    expect(pauses).toEqual(pauses.toSorted((left, right) => left - right))
  })

  it('leaves to people what may restart a service or change packages, and says so once', async () => {
    await using repair = await running(() => ({ policy: 'repair', drifted: drifted('/etc/drover/b') }))
    await repair.pass(600_000)
    expect([repair.applied, repair.audited]).toEqual([[], ['drift:left']])
    expect(isHarmless({ kind: 'package', name: 'patroni', detail: '' }, MANIFEST)).toBe(false)
    expect(isHarmless({ kind: 'unit', name: 'b.service', detail: '' }, MANIFEST)).toBe(true)
  })

  it('mends what an apply can put back in a cluster, and tells what it cannot beside it', async () => {
    const slot = { kind: 'slot', name: 'mine', expected: 'no such slot', found: 'a slot', repair: PEOPLE } as const
    const left = cluster([slot])
    await using idle = await running(() => ({ policy: 'repair', drifted: [], clusters: [left] }))
    await idle.pass(600_000)
    expect([idle.applied, idle.audited]).toEqual([[], ['drift:left']])

    const setting = { kind: 'setting', name: 'work_mem', expected: '4MB', found: '8MB', repair: APPLY } as const
    await using repair = await running(() => ({ policy: 'repair', drifted: [], clusters: [cluster([slot, setting])] }))
    await repair.pass(30_000)
    expect(repair.applied).toHaveLength(1)
    expect(repair.audited).toEqual(['drift:left', 'drift:repair'])
  })
})
