import { describe, expect, it } from 'vitest'
import { type ActivityCounters, activityBetween, activityTogether } from './activity.ts'

const before: ActivityCounters = {
  at: 1_000,
  server: { commits: 100, rollbacks: 5, killed: 0 },
  log: { panics: 0, fatals: 2, errors: 7 },
}

describe('what went through a member', () => {
  it('is the difference of two looks', () => {
    const after = { ...before, at: 61_000, server: { commits: 160, rollbacks: 5, killed: 1 } }
    expect(activityBetween(before, after)).toEqual({
      ms: 60_000,
      server: { commits: 60, rollbacks: 0, killed: 1 },
      log: { panics: 0, fatals: 0, errors: 0 },
    })
  })

  it('counts from where counters were set back, and leaves out what was not seen at both ends', () => {
    expect(activityBetween(before, { at: 2_000, server: { commits: 3, rollbacks: 0, killed: 0 } })).toEqual({
      ms: 1_000,
      server: { commits: 3, rollbacks: 0, killed: 0 },
    })
  })

  it('is summed over the members of a cluster', () => {
    const one = { ms: 10, server: { commits: 1, rollbacks: 2, killed: 3 } }
    const two = { ms: 12, server: { commits: 10, rollbacks: 0, killed: 0 }, log: { panics: 1, fatals: 0, errors: 0 } }
    expect(activityTogether([one, two])).toEqual({
      ms: 12,
      server: { commits: 11, rollbacks: 2, killed: 3 },
      log: { panics: 1, fatals: 0, errors: 0 },
    })
    expect(activityTogether([])).toEqual({ ms: 0 })
  })
})
