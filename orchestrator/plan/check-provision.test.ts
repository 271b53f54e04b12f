import { describe, expect, it } from 'vitest'
import type { ClusterSpec, DatabaseSpec, UserSpec } from '../../shared/domain/spec.ts'
import { checkProvision } from './check-provision.ts'
import { testingCluster, testingInput } from './render/testing-input.ts'

const { spec } = testingInput()

function withUser(change: Partial<UserSpec>): ClusterSpec {
  return testingCluster({ users: testingCluster().users.map(user => ({ ...user, ...change })) })
}

function withDatabase(change: Partial<DatabaseSpec>): ClusterSpec {
  return testingCluster({ databases: testingCluster().databases.map(database => ({ ...database, ...change })) })
}

function found(cluster: ClusterSpec, major: number, applied?: ClusterSpec): readonly string[] {
  return checkProvision({ spec, cluster, major, applied }).map(
    ({ severity, code, path }) => `${severity} ${code} ${path}`,
  )
}

describe('what roles and databases ask of PostgreSQL', () => {
  it('warns that options of a membership get lost before 16', () => {
    const cluster = withUser({ memberOf: [{ role: 'pg_monitor', admin: false, inherit: false }] })
    expect(found(cluster, 15)).toEqual(['warning membership-options clusters[0].users[0].memberOf'])
    expect(found(cluster, 16)).toEqual([])
    expect(found(withUser({ memberOf: [{ role: 'pg_monitor', admin: true }] }), 15)).toEqual([])
  })

  it.each([
    [{ localeProvider: 'icu', icuLocale: 'de' } as const, 15],
    [{ localeProvider: 'icu', icuRules: '&a < b' } as const, 16],
    [{ localeProvider: 'builtin' } as const, 17],
  ])('refuses %o before %i', (change, since) => {
    expect(found(withDatabase(change), since - 1)).toContain('error needs-newer-postgres clusters[0].databases[0]')
    expect(found(withDatabase(change), since)).toEqual([])
  })

  it('refuses a privilege that is not there yet', () => {
    const privileges = [{ for: [], to: 'app', on: 'tables', grant: ['SELECT', 'MAINTAIN'] } as const]
    expect(found(testingCluster({ privileges }), 16)).toEqual([
      'error needs-newer-postgres clusters[0].privileges[0].grant',
    ])
    expect(found(testingCluster({ privileges }), 17)).toEqual([])
  })

  it('says that a changed baseline does not run again, and nothing of one that goes', () => {
    const before = withDatabase({ baseline: 'select 1' })
    expect(found(withDatabase({ baseline: 'select 2' }), 17, before)).toEqual([
      'warning baseline-has-run clusters[0].databases[0].baseline',
    ])
    expect(found(withDatabase({ baseline: 'select 2' }), 17, testingCluster({ databases: [] }))).toEqual([])
    expect(found(withDatabase({}), 17, before)).toEqual([])
    expect(found(before, 17, before)).toEqual([])
  })
})
