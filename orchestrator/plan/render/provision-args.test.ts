import { describe, expect, it } from 'vitest'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { provisionArgs } from './provision-args.ts'
import { testingCluster, testingInput } from './testing-input.ts'

const VERIFIER = 'SCRAM-SHA-256$4096:c2FsdA==$stored:server'
const [user] = testingCluster().users
const [database] = testingCluster().databases
if (user === undefined || database === undefined) throw new Error('the testing cluster has a user and a database')

function args(change: Partial<ClusterSpec>) {
  const allocation = testingInput().allocations.clusters['pg-two']
  if (allocation === undefined) throw new Error('the testing input has pg-two')
  return provisionArgs({ cluster: testingCluster({ name: 'pg-two', ...change }), instance: 'pg-two-1', allocation })
}

describe('what an instance is told to make', () => {
  it('is for its own server', () => {
    expect(args({})).toMatchObject({ instance: 'pg-two-1', socketDirectory: '/run/drover-pg/pg-two-1', port: 5442 })
  })

  it('has the verifier that the file gives, a placeholder where it gives none, and none for groups', () => {
    const users = [{ ...user, name: 'known', password: VERIFIER }, user, { ...user, name: 'group', login: false }]
    expect(args({ users }).roles.map(({ name, passwordVerifier }) => [name, passwordVerifier])).toEqual([
      ['known', VERIFIER],
      ['app', '${scram:clusters/pg-two/users/app}'],
      ['group', undefined],
    ])
  })

  it('has nothing that is the pooler’s', () => {
    const pooled = { ...user, poolMode: 'session', poolConnections: 3 } as const
    const text = JSON.stringify(args({ users: [pooled], databases: [{ ...database, pool: { size: 3 } }] }))
    expect(text).not.toContain('pool')
  })

  it('does not ask of PostgreSQL’s own database what it was born with', () => {
    const databases = [{ ...database, name: 'postgres', owner: 'postgres' }, database]
    expect(args({ databases }).databases.map(({ owner, encoding, locale }) => [owner, encoding, locale])).toEqual([
      ['postgres', undefined, undefined],
      [database.owner, database.encoding, database.locale],
    ])
  })

  it('names the makers of default privileges: those of the rule, or every owner and the superuser', () => {
    const rule = { to: 'reader', on: 'tables', grant: ['SELECT'] } as const
    const privileges = [
      { ...rule, for: ['maker'] },
      { ...rule, for: [] },
    ]
    const databases = [database, { ...database, name: 'b', owner: 'boss' }, { ...database, name: 'c' }]
    expect(args({ privileges, databases }).privileges.map(each => each.for)).toEqual([
      ['maker'],
      ['app', 'boss', 'postgres'],
    ])
  })
})
