import { describe, expect, it } from 'vitest'
import { specOf } from '../../test/support/plan-runner.ts'
import { checkParameters } from './check-parameters.ts'

describe('the values of parameters', () => {
  const codes = (parameters: string, major: number) => {
    const spec = specOf(`  - { name: pg, parameters: { ${parameters} } }`)
    return spec.clusters.flatMap(cluster => checkParameters({ spec, cluster, major })).map(({ code }) => code)
  }

  it.each([14, 15, 16, 17, 18])('are checked for PostgreSQL %i', major => {
    expect(codes('work_mem: 8MB, search_path: x, application_name: y', major)).toEqual([])
    expect(codes('work_mem: 8kB, wal_level: none', major)).toEqual(['bad-parameter-value', 'bad-parameter-value'])
  })

  it('are those of the major', () => {
    const all = (parameters: string) => [14, 15, 16, 17, 18].map(major => codes(parameters, major)[0] ?? 'taken')
    const [bad, unknown, taken] = ['bad-parameter-value', 'unknown-parameter', 'taken']
    expect(all('wal_compression: zstd')).toEqual([bad, taken, taken, taken, taken])
    expect(all('maintenance_work_mem: 64kB')).toEqual([bad, bad, bad, taken, taken])
    expect(all('io_combine_limit: 1MB')).toEqual([unknown, unknown, unknown, bad, taken])
    expect(all('log_rotation_size: 4GB')).toEqual([bad, bad, bad, bad, taken])
    expect(all('log_connections: receipt')).toEqual([bad, bad, bad, bad, taken])
    expect(all('io_method: fast')).toEqual([unknown, unknown, unknown, unknown, bad])
    expect(all('trace_recovery_messages: log')).toEqual([taken, taken, taken, unknown, unknown])
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
