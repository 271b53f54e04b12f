import { describe, expect, it } from 'vitest'
import type { ActivityCounters, ActivityWindow } from '../../../../shared/domain/activity.ts'
import type { InstanceObservation } from '../../../../shared/domain/observation.ts'
import { createActivitySince, type Instances } from './activity-since.ts'

const MINUTE = 60_000

function seen(minute: number, counts: { readonly commits: number; readonly rollbacks: number }): Instances {
  const now: ActivityCounters = { at: minute * MINUTE, server: { ...counts, killed: 0 } }
  const member: InstanceObservation = {
    cluster: 'pg-main',
    instance: 'pg-main-1',
    role: 'primary',
    state: 'running',
    poolers: [],
    services: [],
    activity: { now },
  }
  return new Map([[member.instance, member]])
}

describe('what goes through clusters that are watched', () => {
  const before: ActivityWindow = { ms: 60 * MINUTE, server: { commits: 60_000, rollbacks: 0, killed: 0 } }
  const watched = [{ cluster: 'pg-main', activityBefore: before }]

  it('counts from the first look after the watch began: what the restarts did is not held against a cluster', () => {
    const since = createActivitySince(seen(0, { commits: 0, rollbacks: 0 }))
    since.see(seen(0, { commits: 0, rollbacks: 0 }))
    since.see(seen(1, { commits: 1_000, rollbacks: 900 }))
    expect(since.troubles(watched)).toEqual(new Map())
    since.see(seen(3, { commits: 3_000, rollbacks: 905 }))
    expect(since.troubles(watched)).toEqual(new Map())
    since.see(seen(4, { commits: 3_500, rollbacks: 1_405 }))
    expect(since.troubles(watched).get('pg-main')).toBe(
      '17 % of its transactions are rolled back, 0 % in the hour before',
    )
  })

  it('says nothing of a cluster whose hour before is not known', () => {
    const since = createActivitySince(new Map())
    since.see(seen(1, { commits: 0, rollbacks: 0 }))
    since.see(seen(9, { commits: 0, rollbacks: 9_000 }))
    expect(since.troubles([{ cluster: 'pg-main' }])).toEqual(new Map())
  })
})
