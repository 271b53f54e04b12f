import { describe, expect, it } from 'vitest'
import { type SeenMembers, seenMembers } from '../../../../test/support/seen-members.ts'
import { castOf } from './cast.ts'

const cluster = {
  'pg-main-1': { role: 'primary', state: 'running', timeline: 3, lsn: 1_000 },
  'pg-main-2': { role: 'replica', state: 'streaming', timeline: 3, lsn: 1_000 },
  'pg-main-3': { role: 'sync-standby', state: 'streaming', timeline: 3, lsn: 900 },
} as const

describe('who plays which part in a switchover', () => {
  it('prefers the synchronous standby', () => {
    const { leader, candidate, members } = cast(cluster)
    expect([leader.instance, candidate.instance]).toEqual(['pg-main-1', 'pg-main-3'])
    expect(members.map(({ instance }) => instance)).toEqual(['pg-main-1', 'pg-main-2', 'pg-main-3'])
  })

  it('takes the one that has replayed most when none is synchronous', () => {
    const { candidate } = cast({ ...cluster, 'pg-main-3': { ...cluster['pg-main-3'], role: 'replica' } })
    expect(candidate.instance).toBe('pg-main-2')
  })

  it('takes the one that is named', () => {
    expect(cast(cluster, 'pg-main-2').candidate.instance).toBe('pg-main-2')
  })

  const far = 1_000 + 100 * 1024 * 1024
  it.each([
    ['pg-main-9 is not one of its standbys', cluster, 'pg-main-9'],
    ['pg-main-1 is not one of its standbys', cluster, 'pg-main-1'],
    ['no primary', { ...cluster, 'pg-main-1': { ...cluster['pg-main-1'], role: 'replica' } }, undefined],
    [
      'the pooler of pg-main-2 does not answer',
      {
        ...cluster,
        'pg-main-2': { ...cluster['pg-main-2'], poolers: [{ name: 'pg-main-rw', port: 6432, up: false }] },
      },
      undefined,
    ],
    [
      'pg-main-2 cannot be seen',
      { ...cluster, 'pg-main-2': { ...cluster['pg-main-2'], state: 'unreachable' } },
      undefined,
    ],
    [
      'timeline 2, the primary on 3',
      { ...cluster, 'pg-main-2': { ...cluster['pg-main-2'], timeline: 2 } },
      'pg-main-2',
    ],
    ['100 MB behind', { ...cluster, 'pg-main-1': { ...cluster['pg-main-1'], lsn: far } }, 'pg-main-2'],
    [
      'is creating replica',
      { ...cluster, 'pg-main-2': { ...cluster['pg-main-2'], state: 'creating replica' } },
      'pg-main-2',
    ],
  ] satisfies [string, SeenMembers, string | undefined][])('refuses: %s', (why, members, to) => {
    expect(() => cast(members, to)).toThrow(why)
  })

  it('knows no cluster that nobody has', () => {
    expect(() => cast({})).toThrow('there is no cluster pg-main')
  })
})

function cast(members: SeenMembers, to?: string) {
  return castOf({ cluster: 'pg-main', ...(to === undefined ? {} : { to }), ...seenMembers(members) })
}
