import { afterAll, describe, expect, it } from 'vitest'
import type { PlanIntent } from '../../../../shared/domain/plan.ts'
import type { RetiredObject, Snapshot } from '../../../../shared/domain/snapshot.ts'
import { engineTools } from '../../../../test/support/engine-tools.ts'
import { planned, specOf } from '../../../../test/support/plan-runner.ts'
import { aSnapshot, nodes } from '../../../../test/support/snapshot-builder.ts'
import { temporaryStore } from '../../../../test/support/temporary-store.ts'
import type { RequestDesk } from '../requested-kind.ts'
import { erase, purge } from './erase.ts'

const NAME = 'database:pg-main/app'
const NOW = 1000
const spec = specOf('  - name: pg-main')
const temporary = temporaryStore()
afterAll(async () => temporary[Symbol.asyncDispose]())

function desk(change: Partial<RetiredObject> = {}): { readonly desk: RequestDesk; readonly asked: PlanIntent[] } {
  const base = aSnapshot({ nodes: nodes(3) })
  const object: RetiredObject = {
    kind: 'database',
    cluster: 'pg-main',
    name: 'app',
    hiddenAs: 'drover_removed_app',
    keepMs: 1,
    hidden: { at: 0, dropAfter: NOW + 1 },
    ...change,
  }
  const snapshot: Snapshot = { ...base, appliedSpec: spec, allocations: { ...base.allocations, retired: [object] } }
  const asked: PlanIntent[] = []
  const tools = engineTools(temporary.store)
  return {
    asked,
    desk: {
      clock: { now: () => NOW },
      actor: 'ops',
      fleet: {
        ...tools.fleet,
        snapshot: async () => snapshot,
        putAllocations: () => ({ kind: 'delete', key: 'k' }),
        putExplanations: () => ({ kind: 'delete', key: 'k' }),
      },
      plan: async ({ intent }) => {
        asked.push(intent)
        return { ...planned(spec, aSnapshot({ nodes: nodes(3) })), planId: '' }
      },
    },
  }
}

describe('a database that was taken away', () => {
  it('is dropped before its time only with its name, once more, and a word about backups', async () => {
    const { desk: at, asked } = desk()
    await expect(purge.prepare({ name: NAME }, at)).rejects.toMatchObject({ code: 'invalid' })
    await expect(purge.prepare({ name: NAME, confirm: NAME }, at)).rejects.toMatchObject({ code: 'conflict' })
    const prepared = await purge.prepare({ name: NAME, confirm: NAME, withoutBackup: true }, at)
    expect(prepared).toMatchObject({ subject: NAME, clusters: ['pg-main'] })
    expect(asked).toEqual([{ erase: { instances: [], objects: [NAME], early: true } }])
  })

  it('is dropped by the orchestrator only when its time is over', async () => {
    const request = { instances: [], objects: [NAME] }
    await expect(erase.prepare(request, desk().desk)).rejects.toMatchObject({ code: 'conflict' })
    const { desk: at, asked } = desk({ hidden: { at: 0, dropAfter: NOW } })
    await erase.prepare(request, at)
    expect(asked).toEqual([{ erase: { instances: [], objects: [NAME], early: false } }])
  })

  it('is not dropped while it is on its way out, on its way back, or gone', async () => {
    const purged = (change: Partial<RetiredObject>) =>
      purge.prepare({ name: NAME, confirm: NAME, withoutBackup: true }, desk(change).desk)
    await expect(purged({ returning: true })).rejects.toThrow(/on its way back/)
    await expect(purged({ dropped: true })).rejects.toThrow(/was not removed, or is gone already/)
    const leaving = desk()
    const { allocations } = await leaving.desk.fleet.snapshot({})
    const retired = (allocations.retired ?? []).map(({ hidden: _hidden, ...rest }) => rest)
    const snapshot = { ...(await leaving.desk.fleet.snapshot({})), allocations: { ...allocations, retired } }
    const fleet = { ...leaving.desk.fleet, snapshot: async () => snapshot }
    await expect(
      purge.prepare({ name: NAME, confirm: NAME, withoutBackup: true }, { ...leaving.desk, fleet }),
    ).rejects.toThrow(/still on its way out/)
  })
})
