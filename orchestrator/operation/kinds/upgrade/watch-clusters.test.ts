import { describe, expect, it } from 'vitest'
import type { InstanceObservation } from '../../../../shared/domain/observation.ts'
import { troubles } from './watch-clusters.ts'

const upgraded = [{ cluster: 'pg-main', serverVersion: '17.12' }]

function seen(...changes: readonly Partial<InstanceObservation>[]): ReadonlyMap<string, InstanceObservation> {
  const members = [1, 2].map(
    (number): InstanceObservation => ({
      cluster: 'pg-main',
      instance: `pg-main-${number}`,
      role: number === 1 ? 'primary' : 'replica',
      state: number === 1 ? 'running' : 'streaming',
      startedAt: `2026-11-23 02:0${number}:00`,
      serverVersion: '17.12',
      poolers: [],
      services: [],
    }),
  )
  return new Map(members.map((member, index) => [member.instance, { ...member, ...changes[index] }]))
}

describe('clusters that are watched', () => {
  it('are well when all run the version and nothing has started anew', () => {
    expect(troubles(upgraded, seen(), seen())).toEqual(new Map())
    // Somebody else leads now: that is no trouble.
    expect(troubles(upgraded, seen(), seen({ role: 'replica', state: 'streaming' }, { role: 'primary' }))).toEqual(
      new Map(),
    )
  })

  it.each<[string, readonly Partial<InstanceObservation>[]]>([
    ['pg-main-2 is start failed', [{}, { state: 'start failed' }]],
    ['pg-main-1 has started anew', [{ startedAt: 'later' }]],
    ['pg-main-2 runs 17.11, not 17.12', [{}, { serverVersion: '17.11' }]],
    ['it has no primary', [{ role: 'replica' }]],
  ])('are not when %s', (because, changes) => {
    expect(troubles(upgraded, seen(), seen(...changes)).get('pg-main')).toBe(because)
  })

  it('may have members that are not upgraded yet, when only one is watched', () => {
    const one = [{ cluster: 'pg-main', serverVersion: '17.12', only: 'pg-main-2' }]
    const first = { serverVersion: '17.11' }
    expect(troubles(one, seen(first), seen(first))).toEqual(new Map())
    const failed = troubles(one, seen(first), seen(first, { state: 'start failed' }))
    expect(failed.get('pg-main')).toBe('pg-main-2 is start failed')
  })
})
