import { describe, expect, it } from 'vitest'
import { DroverError } from '../../shared/domain/errors.ts'
import type { DepartedMember, RetiredObject } from '../../shared/domain/snapshot.ts'
import { createLog } from '../../shared/lib/log.ts'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { dueInstances, dueObjects, runReaper, type Tombstones } from './reaper.ts'

const HOUR = 3_600_000

function gone(instance: string, eraseAfter?: number, nodeId = 'id-1'): DepartedMember {
  return {
    instance,
    number: 1,
    nodeId,
    cluster: 'pg-old',
    portBlock: 1,
    dataDirectory: `/var/lib/drover/pg/${instance}/data`,
    keepMs: 1,
    ...(eraseAfter === undefined ? {} : { stopped: { at: 0, eraseAfter } }),
  }
}

function tombstones(...departed: readonly DepartedMember[]): Tombstones {
  return {
    allocations: { departed, clusters: {} },
    nodes: [
      { id: 'id-1', state: 'ready' },
      { id: 'id-2', state: 'silent' },
    ],
  }
}

describe('data that are due', () => {
  it('are those whose time is over, on hosts that are there or will never be again', () => {
    const all = tombstones(
      gone('due', 100),
      gone('not-yet', 101),
      gone('on-its-way-out'),
      gone('silent', 50, 'id-2'),
      gone('no-host', 50, 'id-3'),
    )
    expect(dueInstances(all, 100)).toEqual(['due', 'no-host'])
  })
})

describe('what left a cluster and is due', () => {
  const awake = { portBlock: 0, postgresVersion: 17, nextNumber: 2, members: [], bootstrapped: true }
  const clusters = { 'pg-main': awake, 'pg-asleep': { ...awake, hibernated: {} } }
  const object = (name: string, change: Partial<RetiredObject> = {}): RetiredObject => ({
    kind: 'user',
    cluster: 'pg-main',
    name,
    keepMs: 1,
    hidden: { at: 0, dropAfter: 100 },
    ...change,
  })
  const due = (...retired: readonly RetiredObject[]) =>
    dueObjects({ allocations: { clusters, retired }, nodes: [] }, 100)

  it('is what is out of reach for its time, in a cluster that runs, and is not on its way back', () => {
    expect(
      due(
        object('due'),
        object('not-yet', { hidden: { at: 0, dropAfter: 101 } }),
        object('comes-back', { returning: true }),
        object('gone', { dropped: true }),
        object('asleep', { cluster: 'pg-asleep' }),
        object('nowhere', { cluster: 'pg-none' }),
      ),
    ).toEqual(['user:pg-main/due'])
  })

  it('goes with its database, if that goes too', () => {
    const later = { at: 0, dropAfter: 200 }
    const schema = object('sales', { kind: 'schema', database: 'app' })
    expect(due(schema)).toEqual(['schema:pg-main/app/sales'])
    expect(due(schema, object('app', { kind: 'database', hidden: later }))).toEqual([])
  })
})

describe('the reaper', () => {
  it('asks once for what is due, again when it is locked out, and hours later for what was refused', async () => {
    const clock = new ManualClock(0)
    const asked: unknown[] = []
    const end = new AbortController()
    let locked = true
    const running = runReaper(
      {
        clock,
        log: createLog({ level: 'silent' }),
        tombstones: async () => tombstones(gone('due', 60_000)),
        operations: {
          begin: async ({ kind, request }) => {
            if (locked) throw new DroverError('locked', 'fleet is locked')
            asked.push([kind, request])
            return 'operation'
          },
        },
      },
      end.signal,
    )
    await clock.advance(60_000)
    expect(asked).toEqual([])
    locked = false
    await clock.advance(60_000)
    expect(asked).toEqual([['erase', { instances: ['due'] }]])
    await clock.advance(HOUR)
    expect(asked).toHaveLength(1)
    for (let hour = 0; hour < 6; hour += 1) await clock.advance(HOUR)
    expect(asked).toHaveLength(2)
    end.abort()
    await clock.advance(60_000)
    await running
  })
})
