import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engineTools, TEST_OPERATION } from '../../test/support/engine-tools.ts'
import { temporaryStore } from '../../test/support/temporary-store.ts'
import { takeLeadership } from '../store/election.ts'
import { createFencedStore } from '../store/fenced-store.ts'
import { CAMPAIGN_LOCK, clusterLock, FLEET_LOCK, heldLocks, nodeLock, overtakes, PLAN_LOCK } from './journal.ts'
import type { OperationRecord } from './record.ts'

it('the journal keeps an operation that has started many others', async () => {
  await using temporary = temporaryStore()
  const { journal } = engineTools(temporary.store)
  const name = (number: number): string => `op-${String(number).padStart(2, '0')}`
  for (let number = 0; number <= 12; number += 1) {
    const { record, ...entry } = operation(name(number), [])
    const status = { state: 'done', startedAt: 1, endedAt: 2 } as const
    const parent = number === 0 ? {} : { parent: name(0) }
    await journal.create({ ...entry, record: { ...record, status, ...parent } })
  }
  await journal.prune({ operations: 2, children: 10 })
  const left = (await journal.list(100)).map(({ id }) => id)
  expect(left.toSorted()).toEqual([0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(name))
})

describe('locks', () => {
  let temporary: ReturnType<typeof temporaryStore>
  beforeEach(() => {
    temporary = temporaryStore()
  })
  afterEach(() => temporary[Symbol.asyncDispose]())

  it.each([
    [clusterLock('pg-main'), clusterLock('pg-app'), true],
    [clusterLock('pg-main'), nodeLock('n1'), true],
    [nodeLock('n1'), nodeLock('n2'), true],
    [nodeLock('n1'), nodeLock('n1'), false],
    [clusterLock('pg-main'), clusterLock('pg-main'), false],
    [FLEET_LOCK, nodeLock('n1'), false],
    [clusterLock('pg-main'), FLEET_LOCK, false],
    [PLAN_LOCK, clusterLock('pg-main'), true],
    [PLAN_LOCK, CAMPAIGN_LOCK, true],
    [PLAN_LOCK, PLAN_LOCK, false],
    [PLAN_LOCK, FLEET_LOCK, false],
  ])('%s and %s side by side: %s', async (held, wanted, isAllowed) => {
    const { journal } = engineTools(temporary.store)
    await journal.create(operation('op-1', [held]))
    const second = journal.create(operation('op-2', [wanted]))
    if (isAllowed) await second
    else await expect(second).rejects.toMatchObject({ code: 'locked' })
  })

  it('are taken by many that begin in the same moment, each its own', async () => {
    const { journal } = engineTools(temporary.store)
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`)
    await Promise.all(names.map(name => journal.create(operation(`op-${name}`, [nodeLock(name)]))))
    expect(await heldLocks(temporary.store)).toHaveLength(40)
  })

  it('are refused with who holds them, what for and since when', async () => {
    const { journal } = engineTools(temporary.store)
    await journal.create(operation('op-1', [nodeLock('n1'), clusterLock('pg-main')]))
    await expect(journal.create(operation('op-2', [nodeLock('n1')]))).rejects.toMatchObject({
      message: 'node/n1 is locked by operation op-1 (drain node-1, by ops since 2026-01-01T00:00:00.000Z)',
      hint: 'drover operation watch op-1',
    })
  })

  it('are all released with the end of their operation, and held again from the moment in which it is resumed', async () => {
    const { journal } = engineTools(temporary.store)
    const { record } = operation('op-1', [nodeLock('n1'), clusterLock('pg-main')])
    await journal.create(operation('op-1', record.locks))
    await journal.end({ ...record, status: FAILED }, {})
    expect((await temporary.store.range('locks/')).entries).toEqual([])
    await journal.reopen(record, Date.UTC(2026, 0, 2))
    await expect(journal.create(operation('op-2', [clusterLock('pg-main')]))).rejects.toThrow('2026-01-02T00:00:00')
  })
})

describe('what came after an operation that failed', () => {
  const main = clusterLock('pg-main')
  it.each([
    ['works on something else', [clusterLock('pg-app')], [PLAN_LOCK, main], false],
    ['only looked', [], [PLAN_LOCK, main], false],
    ['worked on the same cluster', [main], [PLAN_LOCK, main], true],
    ['planned, too', [PLAN_LOCK, clusterLock('pg-app')], [PLAN_LOCK, main], true],
    ['was about the whole fleet', [FLEET_LOCK], [main], true],
    ['came after something about the whole fleet', [main], [FLEET_LOCK], true],
    ['came after a campaign', [main], [CAMPAIGN_LOCK], true],
  ])('and %s: it overtakes %#', (_, later, earlier, isOvertaking) => {
    expect(overtakes(later, earlier)).toBe(isOvertaking)
  })
})

describe('the journal of an orchestrator that has been replaced', () => {
  it('takes nothing: no step, no end, no lock, no event', async () => {
    await using temporary = temporaryStore()
    const first = createFencedStore(temporary.store, await takeLeadership(temporary.store, 'first'))
    const { journal, story } = engineTools(first.store)
    const { record } = operation('op-1', [FLEET_LOCK])
    await journal.create(operation('op-1', [FLEET_LOCK]))
    await takeLeadership(temporary.store, 'second')
    const before = await temporary.store.revision()
    const stale = { code: 'stale', message: 'another orchestrator has taken over the fleet' }
    const step = { id: '01-01', phase: 'p', title: 't', status: { state: 'pending', attempt: 1 } } as const
    await expect(journal.saveStep('op-1', step, {})).rejects.toMatchObject(stale)
    await expect(journal.saveOperation(record)).rejects.toMatchObject(stale)
    await expect(journal.end({ ...record, status: FAILED }, {})).rejects.toMatchObject(stale)
    await expect(journal.reopen({ ...record, locks: [] }, 0)).rejects.toMatchObject(stale)
    const event = { type: 'operation:done', operationId: 'op-1', message: '' } as const
    await expect(story.append(event)).rejects.toMatchObject(stale)
    expect(await temporary.store.revision()).toBe(before)
  })
})

const FAILED: OperationRecord['status'] = {
  state: 'failed',
  startedAt: 0,
  endedAt: 1,
  rolledBack: false,
  failure: { code: 'failed', message: 'broken', retryable: false, problems: [] },
}

function operation(id: string, locks: readonly string[]) {
  const record = { ...TEST_OPERATION, id, locks, kind: 'drain', subject: 'node-1', createdAt: Date.UTC(2026, 0, 1) }
  return { record, steps: [], input: null, decisions: [] }
}
