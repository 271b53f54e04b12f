import { describe, expect, it } from 'vitest'
import type { HotStandbyValues } from './restart-order.ts'
import { restartTurns } from './restart-turns.ts'

const PLAIN: HotStandbyValues = {
  max_connections: 100,
  max_worker_processes: 8,
  max_wal_senders: 10,
  max_prepared_transactions: 0,
  max_locks_per_transaction: 64,
  wal_level: 1,
}

/** a leads, b confirms commits, c lags by 5 bytes and d by 9. */
function turns(given: {
  readonly wanted?: Partial<HotStandbyValues>
  readonly chosen?: string
  readonly running?: Partial<HotStandbyValues>
  readonly trial?: boolean
}) {
  const member = (instance: string, isSynchronous: boolean, lagBytes: number) => ({
    instance,
    isSynchronous,
    lagBytes,
    values: { ...PLAIN, ...given.running },
  })
  return restartTurns({
    primary: 'a',
    members: [member('a', false, 0), member('b', true, 0), member('c', false, 5), member('d', false, 9)],
    wanted: { ...PLAIN, ...given.running, ...given.wanted },
    chosen: new Set(given.chosen ?? 'abcd'),
    trial: given.trial ?? false,
  })
}

describe('the turns of a rolling restart', () => {
  it('are the standbys that lag most first, the synchronous one last of them, then the primary', () => {
    expect(turns({})).toEqual({ turns: ['d', 'c', 'b', 'a'] })
    expect(turns({ wanted: { max_connections: 200 } })).toEqual({ turns: ['d', 'c', 'b', 'a'] })
  })

  it('begin with the primary when a setting falls that standbys must not have less of', () => {
    expect(turns({ wanted: { max_connections: 50 } })).toEqual({ turns: ['a', 'd', 'c', 'b'] })
  })

  it('begin with one standby all the same when other values are new, so that the primary is never the first to try them', () => {
    expect(turns({ wanted: { max_connections: 50 }, trial: true })).toEqual({ turns: ['d', 'a', 'd', 'c', 'b'] })
    expect(turns({ trial: true })).toEqual({ turns: ['d', 'c', 'b', 'a'] })
    expect(turns({ chosen: 'a', wanted: { max_connections: 50 }, trial: true })).toEqual({ turns: ['a'] })
  })

  it('come twice for standbys when one setting rises and one falls', () => {
    expect(turns({ wanted: { max_connections: 50, max_worker_processes: 16 } })).toEqual({
      turns: ['d', 'c', 'b', 'a', 'd', 'c', 'b'],
    })
  })

  it('are only those of who is chosen', () => {
    expect(turns({ chosen: 'c' })).toEqual({ turns: ['c'] })
    expect(turns({ chosen: 'a' })).toEqual({ turns: ['a'] })
    expect(turns({ chosen: 'c', wanted: { max_connections: 50 } })).toEqual({ turns: ['c'] })
  })

  it('never leave a standby with less than its primary', () => {
    expect(turns({ chosen: 'ab', wanted: { max_connections: 200 } })).toEqual({ missing: ['c', 'd'] })
    expect(turns({ chosen: 'bcd', wanted: { max_connections: 200 } })).toEqual({ turns: ['d', 'c', 'b'] })
  })
})
