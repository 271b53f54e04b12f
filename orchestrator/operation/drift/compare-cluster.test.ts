import { describe, expect, it } from 'vitest'
import type { ClusterDrift } from '../../../shared/domain/cluster-drift.ts'
import type { ServerSurvey } from '../../../shared/domain/look.ts'
import type { ObjectDifference } from '../../../shared/domain/object-difference.ts'
import type { InstanceObservation } from '../../../shared/domain/observation.ts'
import type { ServerSetting } from '../../../shared/domain/server-settings.ts'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { compareCluster } from './compare-cluster.ts'
import { type Expectation, memberFile } from './expectation.ts'

const FILE = memberFile(`
postgresql:
  parameters: { ssl: 'on' }
  pg_hba: ['local all postgres peer', 'hostssl all all 10.0.0.0/8 scram-sha-256']
tags: { clonefrom: true, nosync: false }
`)

const CONFIG = {
  ttl: 20,
  synchronous_mode: false,
  slots: { drover_standby_other: { type: 'physical' } },
  postgresql: { use_slots: true, parameters: { work_mem: '8MB' } },
}

const EXPECTATION: Expectation = {
  cluster: { name: 'pg', replicas: [{ name: 'late', role: 'delayed' }] } as unknown as ClusterSpec,
  allocation: {
    portBlock: 0,
    postgresVersion: 17,
    nextNumber: 4,
    members: [{ instance: 'pg-3', number: 3, nodeId: 'of pg-3', group: 'late' }],
    bootstrapped: true,
  },
  config: CONFIG,
  members: ['pg-1', 'pg-2'].map(instance => ({
    instance,
    nodeId: `of ${instance}`,
    file: FILE,
    serverVersion: '17.12',
  })),
  departed: ['pg-0'],
}

const SETTINGS: readonly ServerSetting[] = [
  { name: 'ssl', type: 'bool', file: 'on', running: 'on', from: 'patroni', pending: false },
  { name: 'work_mem', type: 'integer', unit: 'kB', file: '8MB', running: '8192', from: 'patroni', pending: false },
  { name: 'port', type: 'integer', file: '5432', running: '5432', from: 'patroni', pending: false },
  { name: 'datestyle', type: 'string', file: 'iso', running: 'iso', from: 'other', pending: false },
]

const SURVEY: ServerSurvey = {
  settings: SETTINGS,
  hba: { lines: FILE.hba, errors: [], isUnread: false },
  slots: [
    { name: 'pg_2', type: 'physical' },
    { name: 'pg_0', type: 'physical' },
    { name: 'drover_standby_other', type: 'physical' },
  ],
  config: CONFIG,
  members: ['pg-1', 'pg-2', 'pg-0'].map(name => ({ name, tags: { clonefrom: true } })),
}

function observed(instance: string, change: Partial<InstanceObservation> = {}): InstanceObservation {
  const role = instance === 'pg-1' ? 'primary' : 'replica'
  const base = { cluster: 'pg', instance, role, state: 'running', poolers: [], services: [] } as const
  return { ...base, serverVersion: '17.12', timeline: 3, ...change }
}

interface Seen {
  readonly survey?: Partial<ServerSurvey>
  readonly standby?: Partial<InstanceObservation>
  readonly primary?: Partial<InstanceObservation>
  readonly differences?: readonly ObjectDifference[]
}

function compared({ survey = {}, standby = {}, primary = {}, differences = [] }: Seen = {}): ClusterDrift {
  const [first, second] = EXPECTATION.members
  if (first === undefined || second === undefined) throw new Error('two members')
  return compareCluster(EXPECTATION, {
    members: [
      { expected: first, observed: observed('pg-1', primary), survey: { ...SURVEY, ...survey }, toldAt: 5 },
      { expected: second, observed: observed('pg-2', standby), survey: SURVEY, toldAt: 4 },
    ],
    objects: { differences },
  })
}

function lines({ items }: ClusterDrift): readonly string[] {
  return items.map(({ kind, name, instance, expected, found, repair }) => {
    const who = repair.by === 'apply' ? repair.how : repair.command
    return `${kind} ${name}${instance === undefined ? '' : ` of ${instance}`}: ${found}, not ${expected} (${who})`
  })
}

describe('a cluster that is as it was applied', () => {
  it('has no drift, whoever is primary, and with the slots of members that left', () => {
    expect(compared()).toEqual({
      cluster: 'pg',
      items: [],
      unknown: [],
      checkedAt: 4,
      repair: { servers: [], provision: false },
    })
    expect(compared({ primary: { role: 'replica' }, standby: { role: 'primary' } }).items).toEqual([])
  })
})

describe('settings that were changed by hand', () => {
  it('are taken back where ALTER SYSTEM set them, declared or not', () => {
    const system = { from: 'alter-system', pending: false } as const
    const drift = compared({
      survey: {
        settings: [
          { ...system, name: 'work_mem', type: 'integer', unit: 'kB', file: '64MB', running: '65536' },
          { ...system, name: 'log_statement', type: 'enum', file: 'all', running: 'all' },
          { ...system, name: 'app.token', type: 'string', file: 'hush', running: 'hush' },
        ],
      },
    })
    expect(lines(drift)).toEqual([
      'setting work_mem of pg-1: 64MB (ALTER SYSTEM), not 8MB (reload)',
      'setting log_statement of pg-1: all (ALTER SYSTEM), not not set (reload)',
      'setting app.token of pg-1: another value, not as applied (reload)',
    ])
    expect(drift.repair.servers).toEqual([
      { instance: 'pg-1', nodeId: 'of pg-1', reset: ['work_mem', 'log_statement', 'app.token'] },
    ])
  })

  it('are written anew where postgresql.conf was edited', () => {
    const [ssl, workMem, ...others] = SETTINGS
    if (ssl === undefined || workMem === undefined) throw new Error('settings')
    const added: ServerSetting = { name: 'log_statement', file: 'all', running: 'all', from: 'patroni', pending: false }
    const settings = [ssl, { ...workMem, file: '4MB', running: '4096' }, ...others, added]
    const drift = compared({ survey: { settings } })
    expect(lines(drift)).toEqual([
      'setting log_statement of pg-1: all (postgresql.conf), not not set (reload)',
      'setting work_mem of pg-1: 4MB (postgresql.conf), not 8MB (reload)',
    ])
    expect(drift.repair.servers).toEqual([{ instance: 'pg-1', nodeId: 'of pg-1', reset: [] }])
  })

  it('wait for a restart where PostgreSQL takes them only then', () => {
    const waiting: ServerSetting = {
      name: 'max_connections',
      file: '200',
      running: '100',
      from: 'patroni',
      pending: true,
    }
    const drift = compared({ survey: { settings: [...SETTINGS, waiting] } })
    expect(lines(drift)).toEqual([
      'setting max_connections of pg-1: 100, not 200 (drover cluster restart pg --pending)',
    ])
    expect(drift.repair.servers).toEqual([])
  })
})

describe('client authentication', () => {
  it('is compared rule by rule, with what the server says of the file', () => {
    const hba = {
      lines: ['host all all 0.0.0.0/0 trust', 'local all postgres peer'],
      errors: ['line 9: invalid authentication method "trusty"'],
      isUnread: true,
    }
    expect(lines(compared({ survey: { hba } }))).toEqual([
      'hba hostssl all all 10.0.0.0/8 scram-sha-256 of pg-1: missing, not a rule (reload)',
      'hba host all all 0.0.0.0/0 trust of pg-1: a rule, not no such rule (reload)',
      'hba pg_hba.conf of pg-1: line 9: invalid authentication method "trusty", not no errors (reload)',
      'hba pg_hba.conf of pg-1: changed since it was read, not read by the server (reload)',
    ])
    const reordered = { lines: FILE.hba.toReversed(), errors: [], isUnread: false }
    expect(lines(compared({ survey: { hba: reordered } }))).toEqual([
      'hba order of rules of pg-1: another one, not as applied (reload)',
    ])
  })
})

describe("Patroni's configuration in etcd", () => {
  it('is put back key by key, but a slot or a role that somebody gave it is left', () => {
    const config = {
      ...CONFIG,
      ttl: 77,
      pause: true,
      member_slots_ttl: 60,
      slots: { ...CONFIG.slots, mine: { type: 'logical' } },
      standby_cluster: { host: 'elsewhere', password: 'hush' },
      postgresql: {
        use_slots: true,
        parameters: { work_mem: '8MB', log_hostname: true, archive_command: 'curl -u hush' },
      },
    }
    const drift = compared({ survey: { config } })
    expect(lines(drift)).toEqual([
      'configuration member_slots_ttl: 60, not not set (configure)',
      'configuration postgresql.parameters.archive_command: set, not not set (configure)',
      'configuration postgresql.parameters.log_hostname: on, not not set (configure)',
      'configuration slots.mine: set, not not set (patronictl edit-config pg --set slots.mine=null)',
      'configuration standby_cluster: set, not not set (patronictl edit-config pg --set standby_cluster=null)',
      'configuration ttl: 77, not 20 (configure)',
    ])
    expect(JSON.stringify(drift.items)).not.toContain('hush')
    const { pause: _pause, standby_cluster: _left, ...rest } = config
    expect(drift.repair.configuration).toEqual({ ...rest, slots: CONFIG.slots })
  })

  it('is the same in other words: types that YAML and JSON spell apart, empty sections', () => {
    const config = { ...CONFIG, ttl: '20', synchronous_mode: 'off', ignore_slots: null }
    expect(compared({ survey: { config } }).items).toEqual([])
  })
})

describe('users and databases', () => {
  it('are provisioned again where they were declared, and left to people where not', () => {
    const drift = compared({
      differences: [
        { object: 'user app', property: 'password', expected: 'as applied', found: 'another one' },
        {
          object: 'user app',
          property: 'work_mem',
          expected: 'not declared',
          found: '1GB',
          undo: 'ALTER ROLE app RESET work_mem',
        },
      ],
    })
    expect(lines(drift)).toEqual([
      'object user app: password: another one, not as applied (provision)',
      'object user app: work_mem: 1GB, not not declared (ALTER ROLE app RESET work_mem)',
    ])
    expect(drift.repair.provision).toBe(true)
  })
})

describe('who belongs to a cluster', () => {
  it('is told, and left to people', () => {
    const members = [
      { name: 'pg-1', tags: { clonefrom: true, nofailover: true } },
      { name: 'stranger', tags: {} },
    ]
    const slots = [...SURVEY.slots, { name: 'mine', type: 'logical' }]
    const drift = compared({
      survey: { members, slots },
      standby: { serverVersion: '17.11', timeline: 2 },
      primary: { paused: true },
    })
    expect(lines(drift)).toEqual([
      'member pg-2: Patroni knows no such member, not a member (drover cluster show pg)',
      'member stranger: a member, not no such member (stop the Patroni that calls itself stranger, where it runs)',
      'tag nofailover of pg-1: true, not false (reload)',
      "slot mine of pg-1: a logical slot, which holds WAL back, not no such slot (SELECT pg_drop_replication_slot('mine'), once nobody needs it)",
      'version PostgreSQL of pg-2: 17.11, not 17.12 (drover cluster restart pg)',
      'timeline timeline of pg-2: 2, not 3 (drover cluster reinit pg-2, if it does not follow within a minute)',
      'failover automatic failover: paused, without an end, not on (drover cluster unpause pg)',
    ])
  })

  it('is on an older timeline without drift where it lags on purpose', () => {
    const [first] = EXPECTATION.members
    if (first === undefined) throw new Error('a member')
    const late = { expected: { ...first, instance: 'pg-3' }, observed: observed('pg-3', { timeline: 1 }) }
    const { items } = compareCluster(EXPECTATION, { members: [{ expected: first, observed: observed('pg-1') }, late] })
    expect(items).toEqual([])
  })

  it('may be paused until an hour that is known', () => {
    expect(compared({ primary: { paused: true, pausedUntil: 9 } }).items).toEqual([])
  })
})

describe('what nobody could look at', () => {
  it('is said, and is no drift', () => {
    const [first, second] = EXPECTATION.members
    if (first === undefined || second === undefined) throw new Error('two members')
    const seen = { members: [{ expected: first, why: 'its node is not connected' }, { expected: second }] }
    expect(compareCluster(EXPECTATION, { ...seen, objects: { why: 'nobody leads' } })).toMatchObject({
      items: [],
      unknown: [
        'pg-1: its node is not connected',
        'pg-2: its server has not been looked at yet',
        'nobody leads the cluster',
        'users and databases: nobody leads',
      ],
    })
  })
})
