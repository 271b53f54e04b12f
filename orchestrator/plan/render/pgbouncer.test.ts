import { describe, expect, it } from 'vitest'
import type { ClusterSpec, DatabaseSpec, HbaSpec, UserSpec } from '../../../shared/domain/spec.ts'
import { renderNode } from './render-node.ts'
import { testingCluster, testingInput } from './testing-input.ts'

const [user] = testingCluster().users
const [database] = testingCluster().databases
const VERIFIER = 'SCRAM-SHA-256$4096:c2FsdA==$stored:server'

function file(name: string, change: Partial<ClusterSpec>): string {
  const input = testingInput()
  const manifest = renderNode({ ...input, spec: { ...input.spec, clusters: [testingCluster(change)] } })
  return manifest.files.find(({ path }) => path === `/etc/drover/pgbouncer/pg-main-2/${name}`)?.content ?? ''
}

function users(...changes: readonly Partial<UserSpec>[]): readonly UserSpec[] {
  return changes.flatMap(change => (user === undefined ? [] : [{ ...user, ...change }]))
}

function databases(...changes: readonly Partial<DatabaseSpec>[]): readonly DatabaseSpec[] {
  return changes.flatMap(change => (database === undefined ? [] : [{ ...database, ...change }]))
}

function pooler(change: Partial<ClusterSpec['pooler']>): Partial<ClusterSpec> {
  return { pooler: { ...testingCluster().pooler, ...change } }
}

describe('a database’s own pool', () => {
  it('stands in its line, never above what direct clients must be left', () => {
    const pool = { mode: 'session', size: 7, minSize: 2, reserve: 3, maxConnections: 500 } as const
    expect(file('rw-databases.ini', { databases: databases({ pool }, { name: 'other' }) }).split('\n')).toEqual([
      '[databases]',
      'app = host=127.0.0.1 port=5435 dbname=app pool_mode=session pool_size=7 min_pool_size=2 reserve_pool=3 max_db_connections=77',
      'other = host=127.0.0.1 port=5435 dbname=other',
      'postgres = host=127.0.0.1 port=5435 dbname=postgres pool_size=2 max_db_connections=2',
      '',
    ])
  })

  it('has its name unquoted: PgBouncer takes a quoted one for a broken file', () => {
    expect(file('ro-databases.ini', { databases: databases({ name: 'my-app' }) })).toContain(
      '\nmy-app = host=/run/drover-pg/pg-main-2 port=5432 dbname=my-app\n',
    )
  })
})

describe('users in the pooler', () => {
  it('have the verifier that the spec gives, or the one of the password that Drover makes', () => {
    const text = file('users.txt', {
      users: users({ name: 'known', password: VERIFIER }, {}, { name: 'direct', pooled: false }),
    })
    expect(text).toBe(`"known" "${VERIFIER}"\n"app" "\${scram:clusters/pg-main/users/app}"\n`)
  })

  it('have a line for what is their own', () => {
    const text = file('rw.ini', { users: users({ poolMode: 'session', poolConnections: 4 }, { name: 'plain' }) })
    expect(text.slice(text.indexOf('[users]'))).toBe('[users]\napp = pool_mode=session max_user_connections=4\n')
    expect(file('rw.ini', {})).not.toContain('[users]')
  })
})

describe('the pooler', () => {
  it('takes limits, TLS and ignored parameters from the spec', () => {
    const text = file('rw.ini', {
      ...pooler({
        reserveSize: 5,
        maxDatabaseConnections: 30,
        maxUserConnections: 20,
        tls: 'require',
        ignoreStartupParameters: ['extra_float_digits', 'search_path'],
      }),
    })
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'reserve_pool_size = 5',
        'max_db_connections = 30',
        'max_user_connections = 20',
        'client_tls_sslmode = require',
        'ignore_startup_parameters = extra_float_digits,search_path',
      ]),
    )
  })

  it('keeps prepared statements as soon as anybody shares a server', () => {
    const session = pooler({ mode: 'session' })
    expect(file('rw.ini', session)).not.toContain('max_prepared_statements')
    expect(file('rw.ini', { ...session, users: users({ poolMode: 'transaction' }) })).toContain(
      'max_prepared_statements',
    )
  })

  it('reads over the loopback where a rule would ask on the socket which account the pooler runs under', () => {
    const rule = (change: Partial<HbaSpec>): Partial<ClusterSpec> => ({
      hba: [
        {
          order: 1,
          user: 'all',
          database: 'all',
          address: 'local',
          auth: 'peer',
          tls: true,
          role: 'all',
          on: 'both',
          ...change,
        },
      ],
    })
    expect(file('ro-databases.ini', rule({}))).toContain('app = host=127.0.0.1 port=5432 ')
    expect(file('ro-databases.ini', rule({ auth: 'md5' }))).toContain('app = host=/run/drover-pg/pg-main-2 ')
    expect(file('ro-databases.ini', rule({ on: 'pooler' }))).toContain('app = host=/run/drover-pg/pg-main-2 ')
  })
})
