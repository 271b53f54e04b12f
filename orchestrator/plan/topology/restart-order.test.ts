import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  firstToRestart,
  type HotStandbyValues,
  type RunningSettings,
  restarted,
  restartOrder,
  unableToFollow,
  walLevelRank,
} from './restart-order.ts'

const PLAIN: HotStandbyValues = {
  max_connections: 100,
  max_worker_processes: 8,
  max_wal_senders: 10,
  max_prepared_transactions: 0,
  max_locks_per_transaction: 64,
  wal_level: 1,
}

function trio(values: HotStandbyValues = PLAIN, primary = 'a'): RunningSettings {
  return { primary, values: new Map(['a', 'b', 'c'].map(name => [name, values])) }
}

function story(state: RunningSettings, wanted: HotStandbyValues): readonly string[] {
  return [...restartOrder(state, wanted)].map(({ instance, values }) => `${instance} ${values.max_connections}`)
}

describe('settings that a standby needs as much of as its primary', () => {
  it('rise on the standbys first', () => {
    expect(story(trio(), { ...PLAIN, max_connections: 200 })).toEqual(['b 200', 'c 200', 'a 200'])
  })

  it('fall on the primary first', () => {
    expect(story(trio(), { ...PLAIN, max_connections: 50 })).toEqual(['a 50', 'b 50', 'c 50'])
  })

  it('that rise and fall at once take the standbys, the primary and the standbys again', () => {
    const wanted = { ...PLAIN, max_connections: 50, max_worker_processes: 16 }
    expect(story(trio(), wanted)).toEqual(['b 100', 'c 100', 'a 50', 'b 50', 'c 50'])
  })

  it('are first given to a standby that a failover has left with too little', () => {
    const values = new Map([...trio().values, ['b', { ...PLAIN, max_connections: 200 }]])
    expect(unableToFollow({ primary: 'b', values })).toEqual(['a', 'c'])
    expect(story({ primary: 'b', values }, { ...PLAIN, max_connections: 200 })).toEqual(['a 200', 'c 200'])
  })

  it('never stop a standby, from whatever runs, stopped anywhere and begun again', () => {
    fc.assert(
      fc.property(states(), someValues(), fc.array(fc.nat(3), { maxLength: 8 }), (state, wanted, stops) => {
        let current = state
        for (const atMost of [...stops, 50]) current = run(current, wanted, atMost)
        for (const values of current.values.values()) expect(values).toEqual(wanted)
        expect([...restartOrder(current, wanted)]).toEqual([])
      }),
    )
  })

  it('say who restarts first when one of them changes', () => {
    expect(firstToRestart('max_connections', '100', '200')).toBe('standbys')
    expect(firstToRestart('max_connections', '200', '100')).toBe('primary')
    expect(firstToRestart('wal_level', 'replica', 'logical')).toBe('standbys')
    expect(firstToRestart('shared_buffers', '100', '200')).toBeUndefined()
    expect(firstToRestart('max_connections', undefined, '200')).toBeUndefined()
  })

  it('rank the words of wal_level', () => {
    expect(['minimal', 'replica', 'logical', 'archive'].map(walLevelRank)).toEqual([0, 1, 2, undefined])
  })
})

function run(from: RunningSettings, wanted: HotStandbyValues, atMost: number): RunningSettings {
  let state = from
  for (const step of [...restartOrder(from, wanted)].slice(0, atMost)) {
    const fine = [...state.values.keys()].filter(each => !unableToFollow(state).includes(each))
    state = restarted(state, step)
    for (const instance of fine) expect(unableToFollow(state)).not.toContain(instance)
  }
  return state
}

function someValues(): fc.Arbitrary<HotStandbyValues> {
  const few = fc.integer({ min: 0, max: 3 })
  return fc.record({
    max_connections: few,
    max_worker_processes: few,
    max_wal_senders: few,
    max_prepared_transactions: few,
    max_locks_per_transaction: few,
    wal_level: fc.integer({ min: 1, max: 2 }),
  })
}

function states(): fc.Arbitrary<RunningSettings> {
  return fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.tuple(someValues(), someValues(), someValues()))
    .map(([primary, [a, b, c]]) => ({
      primary,
      values: new Map([
        ['a', a],
        ['b', b],
        ['c', c],
      ]),
    }))
}
