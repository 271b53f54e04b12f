import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import { parseSpec } from './parse-spec.ts'
import { schemaKeys } from './schema-keys.ts'

describe('a good spec', () => {
  it('fills in safe defaults', () => {
    const spec = accept('version: 1\nfleet: { name: f }\nclusters:\n  - name: pg-main\n')
    expect(spec.etcd).toEqual({ members: 3, labels: {}, quotaBytes: 2 * 1024 ** 3, compactionRetentionHours: 1 })
    expect(spec.fleet.parameters.clientNetworks).toEqual([])
    expect(spec.clusters).toEqual([
      {
        name: 'pg-main',
        line: 4,
        members: 3,
        replicas: [],
        placement: { labels: {}, spread: ['region', 'zone', 'rack'] },
        resources: {},
        durability: 'async',
        synchronous: { standbys: 1 },
        failover: 'norm',
        failoverLagBytes: 1024 ** 2,
        cloneRateBytes: 64 * 1024 ** 2,
        watchdog: 'off',
        workload: 'oltp',
        tuning: {},
        users: [],
        databases: [],
        template: { schemas: [], extensions: [] },
        privileges: [],
        hba: [],
        services: [],
        parameters: {},
        packages: [],
        pooler: {
          mode: 'transaction',
          maxClientConnections: 1000,
          tls: 'prefer',
          ignoreStartupParameters: ['extra_float_digits'],
        },
      },
    ])
  })

  it('reads sizes, short forms and setting values', () => {
    const spec = accept(
      cluster(`
    resources: { memory: 8GB, disk: 1.5 TiB, cores: 0.5 }
    users: [{ name: app, parameters: { jit: off, statement_timeout: 100, row_security: true } }]
    databases: [{ name: app, owner: app, schemas: [a, { name: b, owner: app }], extensions: [pg_trgm, { name: vector, schema: a }] }]
    parameters: { fsync: off, random_page_cost: 1.1, jit: false }`),
    )
    const [first] = spec.clusters
    expect(first?.resources).toEqual({ memoryBytes: 8 * 1024 ** 3, diskBytes: 1.5 * 1024 ** 4, cores: 0.5 })
    expect(first?.users[0]?.parameters).toEqual({ jit: 'off', statement_timeout: '100', row_security: 'on' })
    expect(first?.databases[0]?.schemas).toEqual([{ name: 'a' }, { name: 'b', owner: 'app' }])
    expect(first?.databases[0]?.extensions).toEqual([{ name: 'pg_trgm' }, { name: 'vector', schema: 'a' }])
    expect(first?.parameters).toEqual({ fsync: 'off', random_page_cost: 1.1, jit: false })
  })

  it('reads durations, addresses of nodes and levels of isolation', () => {
    const spec = accept(`version: 1
fleet: { name: f }
clusters:
  - name: pg-main
    resources: { fsync: 500us }
    replicas: [{ name: late, role: delayed, delay: 4h, nodes: ["fd00::9"] }]
    placement: { isolation: require, spread: [site, zone], nodes: [node-1, 10.0.0.2, 10.0.0.3] }
  - name: pg-far
    failoverLag: 16MB
    standbyOf: { cluster: pg-main, delay: 90 }
    placement: { isolation: rack }
`)
    expect(spec.clusters[0]).toMatchObject({
      resources: { fsyncMicros: 500 },
      replicas: [
        {
          name: 'late',
          role: 'delayed',
          members: 1,
          delaySeconds: 14_400,
          priority: 50,
          labels: {},
          nodes: ['fd00::9'],
        },
      ],
      placement: { isolation: 'site', nodes: ['node-1', '10.0.0.2', '10.0.0.3'] },
    })
    expect(spec.clusters[1]).toMatchObject({
      failoverLagBytes: 16 * 1024 ** 2,
      cloneRateBytes: 64 * 1024 ** 2,
      standbyOf: { cluster: 'pg-main', delaySeconds: 90 },
      placement: { isolation: 'rack' },
    })
  })

  it.each(['quickstart', 'reference'])('accepts deploy/examples/%s.yml without a word', name => {
    expect(parseSpec(example(name), `${name}.yml`)).toMatchObject({ problems: [] })
  })

  it('knows no key that the reference does not show', () => {
    const shown = keysOf(parse(example('reference')))
    expect(schemaKeys().filter(key => !shown.has(key))).toEqual([])
    expect(schemaKeys().length).toBeGreaterThan(60)
  })
})

describe('a bad spec', () => {
  it.each([
    // text inside the first cluster, then: code, path, what the message says, what the hint says
    ['\n    memebers: 3', 'unknown-key', 'clusters[0].memebers', 'unknown key `memebers`', '`members`'],
    ['\n    clientNetworks: []', 'unknown-key', 'clusters[0].clientNetworks', 'unknown key', 'It belongs in `fleet`'],
    ['\n    isolation: zone', 'unknown-key', 'clusters[0].isolation', 'unknown key', '`clusters[].placement`'],
    ['\n    users: [{ name: a, login: no }]', 'wrong-type', 'clusters[0].users[0].login', 'not `no`', 'Write `false`.'],
    [
      '\n    placement: { labels: { rack: 12 } }',
      'wrong-type',
      'clusters[0].placement.labels.rack',
      'a text',
      'quotes',
    ],
    ['\n    members: three', 'wrong-type', 'clusters[0].members', 'must be a number, not `three`', undefined],
    ['\n    members: 0', 'out-of-range', 'clusters[0].members', 'at least 1', undefined],
    ['\n    members: 2.5', 'wrong-type', 'clusters[0].members', 'whole number', undefined],
    ['\n    members: 17', 'out-of-range', 'clusters[0].members', 'at most 16', undefined],
    ['\n    members:', 'empty-value', 'clusters[0].members', 'no value', 'remove the key'],
    ['\n    durability: synch', 'bad-value', 'clusters[0].durability', '`async`, `sync` or `strict-sync`', '`sync`'],
    ['\n    postgresVersion: 9', 'out-of-range', 'clusters[0].postgresVersion', 'at least 14', undefined],
    [
      '\n    resources: { memory: 8 gigs }',
      'bad-size',
      'clusters[0].resources.memory',
      '`8 gigs` is not a size',
      '`8GB`',
    ],
    ['\n    resources: { memory: -1 }', 'bad-size', 'clusters[0].resources.memory', 'not a size', '`8GB`'],
    [
      '\n    users: [{ name: postgres }]',
      'reserved-name',
      'clusters[0].users[0].name',
      'reserved user',
      'another name',
    ],
    ['\n    users: [{ name: replicator }]', 'reserved-name', 'clusters[0].users[0].name', 'reserved user', undefined],
    ['\n    users: [{ name: rewind }]', 'reserved-name', 'clusters[0].users[0].name', 'reserved user', undefined],
    ['\n    users: [{ name: pg_me }]', 'reserved-name', 'clusters[0].users[0].name', '`pg_`', undefined],
    ['\n    users: [{ name: "a;drop" }]', 'bad-name', 'clusters[0].users[0].name', '`a;drop` must be', undefined],
    ['\n    users: [{ nome: a }]', 'missing-key', 'clusters[0].users[0].name', '`name` is required', undefined],
    ['\n    users: [{ name: a, comment: "x\\ny" }]', 'bad-text', 'clusters[0].users[0].comment', 'one line', undefined],
    ['\n    databases: [{ name: d }]', 'missing-key', 'clusters[0].databases[0].owner', 'required', undefined],
    [
      '\n    databases: [{ name: template1, owner: a }]',
      'reserved-name',
      'clusters[0].databases[0].name',
      'reserved database',
      undefined,
    ],
    [
      '\n    users: [{ name: a }]\n    databases: [{ name: d, owner: a, schemas: [{ name: s, onwer: a }] }]',
      'unknown-key',
      'clusters[0].databases[0].schemas[0].onwer',
      '`onwer`',
      '`owner`',
    ],
    [
      '\n    hba: [{ user: all, database: all, address: 10.0.0.0/99 }]',
      'wrong-type',
      'clusters[0].hba[0].address',
      'must be a network',
      undefined,
    ],
    [
      '\n    hba: [{ user: all, database: all, address: all, auth: password }]',
      'bad-value',
      'clusters[0].hba[0].auth',
      '`scram-sha-256`',
      undefined,
    ],
    ['\n    parameters: { "work mem": 1 }', 'bad-name', 'clusters[0].parameters.work mem', 'work mem', undefined],
    [
      '\n    parameters: { work_mem: [1] }',
      'wrong-type',
      'clusters[0].parameters.work_mem',
      'single-line text',
      undefined,
    ],
    ['\n    pooler: { mode: turbo }', 'bad-value', 'clusters[0].pooler.mode', '`transaction`', undefined],
    ['\n  - name: pg-main', 'duplicate-cluster', 'clusters[1].name', 'declared twice', undefined],
    ['\n  - name: Main', 'bad-name', 'clusters[1].name', '`Main` must be lower-case', undefined],
    ['\netcd: { members: 4 }', 'even-etcd-members', 'etcd.members', 'odd', '1, 3, 5 or 7'],
    ['\netcd: { quota: lots }', 'bad-size', 'etcd.quota', 'not a size', undefined],
    ['\n__proto__: { a: 1 }', 'unknown-key', '__proto__', '__proto__', undefined],
  ])('%j is %s', (text, code, path, message, hint) => {
    const problem = reject(cluster(text)).find(each => each.code === code && each.path === path)
    expect(problem, JSON.stringify(reject(cluster(text)))).toBeDefined()
    expect(problem?.message).toContain(message)
    if (hint !== undefined) expect(problem?.hint).toContain(hint)
    expect(problem?.line).toBeGreaterThan(0)
    expect(problem?.column).toBeGreaterThan(0)
  })

  it('reports everything at once, in the order of the file, at the right places', () => {
    const text = `version: 1
fleet:
  name: f
  clinetNetworks: [10.0.0.0/8]
etcd:
  members: 2
clusters:
  - name: pg-main
    members: one
    users:
      - name: postgres
    databases:
      - name: app
        owner: ghost
`
    const lines = reject(text).map(problem => `${problem.line}:${problem.column} ${problem.code} ${problem.path}`)
    expect(lines).toEqual([
      '4:3 unknown-key fleet.clinetNetworks',
      '6:12 even-etcd-members etcd.members',
      '9:14 wrong-type clusters[0].members',
      '11:15 reserved-name clusters[0].users[0].name',
      '14:16 unknown-owner clusters[0].databases[0].owner',
    ])
  })

  it('keeps warnings beside a spec that is good enough', () => {
    const result = parseSpec(cluster('\n    members: 1'), 'f.yml')
    expect(result).toMatchObject({ problems: [{ code: 'no-standby', severity: 'warning', line: 5 }] })
    const strict = parseSpec(cluster('\n    members: 2\n    durability: strict-sync'), 'f.yml')
    expect(strict).toMatchObject({ problems: [{ code: 'writes-stop', severity: 'warning' }] })
  })
})

describe('a text that is no spec', () => {
  it.each([
    ['', 'empty-spec'],
    ['# only a comment\n', 'empty-spec'],
    ['version: 1\nfleet: {', 'unreadable-yaml'],
    ['version: 1\nversion: 1\n', 'unreadable-yaml'],
    ['version: !!js/function x\n', 'unreadable-yaml'],
    ['version: 1\nfleet: { name: a }\n---\nversion: 1\n', 'several-documents'],
    [`a: ${'x'.repeat(1024 * 1024)}`, 'spec-too-large'],
    ['['.repeat(500_000), 'spec-too-deep'],
    ['? '.repeat(500_000), 'spec-too-deep'],
    ['- '.repeat(500_000), 'spec-too-deep'],
    [aliasBomb(), 'unreadable-yaml'],
    ['just words', 'wrong-type'],
    ['[1, 2]', 'wrong-type'],
    ['{}', 'missing-key'],
    ['version: 2\nfleet: { name: a }', 'bad-value'],
  ])('is refused: %.30s', (text, code) => {
    expect(reject(text).map(problem => problem.code)).toContain(code)
  })

  it('finds the line of a path for problems that the planner finds later', () => {
    const result = parseSpec(cluster('\n    members: 3\n    parameters:\n      fsync: off\n      port: 5'), 'fleet.yml')
    if (!('spec' in result)) throw new Error(JSON.stringify(result))
    const problem = { code: 'owned-parameter', message: 'no', severity: 'error' as const }
    expect(result.locate({ ...problem, path: 'clusters[0].parameters.port' })).toMatchObject({ line: 8, column: 7 })
    expect(result.locate({ ...problem, path: 'clusters[0].databases[0].extensions[0]' })).toMatchObject({ line: 4 })
    expect(result.locate({ ...problem, path: 'etcd.members' })).not.toHaveProperty('line')
  })

  it('names the file when there is no line to name', () => {
    expect(reject('')[0]?.message).toContain('fleet.yml')
  })
})

function cluster(text: string): string {
  return `version: 1\nfleet: { name: f }\nclusters:\n  - name: pg-main${text}\n`
}

function accept(text: string): FleetSpec {
  const result = parseSpec(text, 'fleet.yml')
  if (!('spec' in result)) throw new Error(JSON.stringify(result))
  return result.spec
}

function reject(text: string) {
  const result = parseSpec(text, 'fleet.yml')
  if ('spec' in result) throw new Error('the spec was accepted')
  return result
}

function example(name: string): string {
  return readFileSync(new URL(`../../deploy/examples/${name}.yml`, import.meta.url), 'utf8')
}

function aliasBomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(10)}]`)
  return `l0: &l0 [x]\n${levels.join('\n')}\n`
}

function keysOf(value: unknown, prefix = ''): Set<string> {
  if (Array.isArray(value)) return new Set(value.flatMap(item => [...keysOf(item, `${prefix}[]`)]))
  if (typeof value !== 'object' || value === null) return new Set()
  return new Set(
    Object.entries(value).flatMap(([key, item]) => {
      const path = prefix === '' ? key : `${prefix}.${key}`
      return [path, ...keysOf(item, path)]
    }),
  )
}
