import { describe, expect, it } from 'vitest'
import { specOf } from '../../test/support/plan-runner.ts'
import { checkParameters } from './check-parameters.ts'

describe('the values of parameters', () => {
  it('are said not to be checked for a major whose ranges are not known', () => {
    const spec = specOf('  - { name: pg, parameters: { work_mem: 8MB, search_path: x } }')
    const [cluster] = spec.clusters
    if (cluster === undefined) throw new Error('no cluster')
    const codes = (major: number) => checkParameters({ spec, cluster, major }).map(({ code }) => code)
    expect([14, 18].map(codes)).toEqual([['values-not-checked'], ['values-not-checked']])
    expect([15, 16, 17].flatMap(codes)).toEqual([])
    expect(checkParameters({ spec, cluster, major: 18 })[0]?.message).toContain('of work_mem in cluster pg')
  })
})

describe('a parameter of a role or a database', () => {
  it('is refused when PostgreSQL has it for the whole server only', () => {
    expect(problemsOf('users: [{ name: app, parameters: { max_connections: 10 } }]')).toMatchObject([
      {
        code: 'parameter-of-server',
        severity: 'error',
        message: expect.stringContaining('role app of cluster pg'),
        path: 'clusters[0].users[0].parameters.max_connections',
      },
    ])
    expect(
      problemsOf(
        'users: [{ name: a }]\n    databases: [{ name: d, owner: a, parameters: { checkpoint_timeout: 1min } }]',
      ),
    ).toMatchObject([{ code: 'parameter-of-server', path: 'clusters[0].databases[0].parameters.checkpoint_timeout' }])
  })

  it('is checked like one of the cluster', () => {
    const problems = problemsOf(
      'users: [{ name: app, parameters: { work_mem: 4XB, statement_timout: 1s, ssl: off, zero_damaged_pages: on } }]',
    )
    expect(problems.map(({ code }) => code)).toEqual([
      'bad-parameter-value',
      'unknown-parameter',
      'owned-parameter',
      'dangerous-parameter',
    ])
    expect(problems[1]?.hint).toContain('statement_timeout')
  })

  it('is taken when a session may set it', () => {
    expect(problemsOf('users: [{ name: app, parameters: { work_mem: 64MB, log_connections: on } }]')).toEqual([])
  })
})

describe('commits that wait for no standby', () => {
  const quick = 'parameters: { synchronous_commit: local }'

  it('are refused where durability is strict, for a single role as well', () => {
    expect(problemsOf(`durability: strict-sync\n    ${quick}`)).toMatchObject([
      { code: 'dangerous-parameter', severity: 'error', message: expect.stringContaining('strict-sync') },
    ])
    expect(
      problemsOf('durability: strict-sync\n    users: [{ name: app, parameters: { synchronous_commit: off } }]'),
    ).toMatchObject([{ severity: 'error', path: 'clusters[0].users[0].parameters.synchronous_commit' }])
  })

  it('are a warning where they only weaken it', () => {
    expect(problemsOf(`durability: sync\n    ${quick}`)).toMatchObject([{ severity: 'warning' }])
    expect(problemsOf(quick)).toMatchObject([{ severity: 'warning' }])
  })
})

describe('values that keep the server from starting', () => {
  it.each([
    ['min_wal_size: 16MB', 'two WAL segments'],
    ['max_connections: 10, superuser_reserved_connections: 10', '10 of its 10'],
  ])('%s', (parameters, message) => {
    expect(problemsOf(`parameters: { ${parameters} }`)).toMatchObject([
      { severity: 'error', message: expect.stringContaining(message) },
    ])
  })

  it('counts members of every group', () => {
    const replicas = 'replicas: [{ name: readers, role: replica, members: 4 }]'
    expect(problemsOf(`members: 3\n    ${replicas}\n    parameters: { max_wal_senders: 8 }`)).toMatchObject([
      { severity: 'error', message: expect.stringContaining('a cluster of 7 members needs at least 9 WAL senders') },
    ])
  })
})

function problemsOf(text: string) {
  const spec = specOf(`  - name: pg\n    ${text}`)
  return spec.clusters.flatMap(cluster => checkParameters({ spec, cluster, major: 17 }))
}
