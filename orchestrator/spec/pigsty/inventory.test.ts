import { describe, expect, it } from 'vitest'
import { clusterNamed, fateOf, imported, importedCluster, inventoryOf } from '../../../test/support/pigsty.ts'
import { importPigsty } from './import-pigsty.ts'

describe('values of one parameter in several places', () => {
  const hosts = { '10.0.0.2': { pg_seq: 2, pg_role: 'replica' } }

  it('go by the host, then its group, then all, then what Pigsty does by itself', () => {
    expect(importedCluster({}).postgresVersion).toBe(18)
    expect(importedCluster({ globals: { pg_version: 15 } }).postgresVersion).toBe(15)
    expect(importedCluster({ globals: { pg_version: 15 }, vars: { pg_version: 16 } }).postgresVersion).toBe(16)
    const all = { globals: { pg_version: 15 }, vars: { pg_version: 16 }, primary: { pg_version: 17 } }
    expect(importedCluster(all).postgresVersion).toBe(17)
  })

  it('come from every group of the host, as Ansible merges them: by name, the last one wins', () => {
    const other = (name: string) => ({ [name]: { hosts: { '10.0.0.1': {} }, vars: { pg_conf: 'olap.yml' } } })
    const vars = { pg_conf: 'tiny.yml' }
    expect(importedCluster({ vars, groups: other('infra') }).workload).toBe('tiny')
    expect(importedCluster({ vars, groups: other('warehouse') }).workload).toBe('olap')
  })

  it('come from inner groups before outer ones', () => {
    const children = { inner: { hosts: { '10.0.0.1': {} }, vars: { pg_conf: 'olap.yml' } } }
    expect(importedCluster({ groups: { zone: { children, vars: { pg_conf: 'tiny.yml' } } } }).workload).toBe('olap')
  })

  it('are told when a member has another one than the primary, which counts', () => {
    const members = { '10.0.0.2': { ...hosts['10.0.0.2'], pg_conf: 'olap.yml' } }
    const { report, file } = imported(inventoryOf({ hosts: members, vars: { pg_conf: 'tiny.yml' } }))
    expect(file.clusters?.[0]?.workload).toBe('tiny')
    expect(fateOf(report, 'all.children.pg-main.hosts["10.0.0.2"].pg_conf')).toContain('the primary has another value')
  })

  it('are said to be unused where others win everywhere', () => {
    const { report } = imported(inventoryOf({ globals: { pg_conf: 'olap.yml' }, vars: { pg_conf: 'tiny.yml' } }))
    expect(fateOf(report, 'all.vars.pg_conf')).toContain('not-applicable nothing uses it')
  })
})

describe('unusual but legal inventories', () => {
  it('name the cluster at each host, several of them in one group', () => {
    const text = JSON.stringify({
      all: {
        children: {
          shards: {
            hosts: {
              '10.0.0.1': { pg_cluster: 'pg-a', pg_seq: 1, pg_role: 'primary' },
              '10.0.0.2': { pg_cluster: 'pg-b', pg_seq: 1, pg_role: 'primary' },
              '10.0.0.3': { pg_cluster: 'pg-a', pg_seq: 2, pg_role: 'replica' },
            },
          },
        },
      },
    })
    const result = imported(text)
    expect(clusterNamed(result, 'pg-a').placement?.nodes).toEqual(['10.0.0.1', '10.0.0.3'])
    expect(clusterNamed(result, 'pg-b').placement?.nodes).toEqual(['10.0.0.2'])
  })

  it('have no groups, no variables, or nothing that is PostgreSQL', () => {
    expect(imported('all: { children: {} }').file.clusters).toEqual([])
    expect(imported('all: { children: { infra: { hosts: }, redis: } , vars: }').file.clusters).toEqual([])
  })

  it('write booleans without quotes, numbers as keys, and `off` as a word', () => {
    const text = `all:
  children:
    pg-main:
      hosts: { 10.0.0.1: { pg_seq: 1, pg_role: primary, redis_instances: {6379:{ }, 6380: {replica_of: '10.0.0.1 6379'}} } }
      vars: { pg_cluster: pg-main, patroni_watchdog_mode: off, pgbouncer_enabled: yes, pg_users: [{ name: app, pgbouncer: on }] }
`
    const { file, report } = imported(text)
    expect(file.clusters?.[0]?.users?.at(-1)).toMatchObject({ name: 'app', pooled: true })
    expect(fateOf(report, 'all.children.pg-main.vars.patroni_watchdog_mode')).toBe('mapped clusters[].watchdog')
    expect(fateOf(report, 'all.children.pg-main.vars.pgbouncer_enabled')).toContain('mapped')
    expect(report.map(({ place }) => place)).toContain(
      'all.children.pg-main.hosts["10.0.0.1"].redis_instances.6380.replica_of',
    )
  })

  it('call a host by a name and give its address apart', () => {
    const groups = {
      db: { hosts: { alpha: { ansible_host: '10.0.0.9', pg_cluster: 'pg-x', pg_seq: 1, pg_role: 'primary' } } },
    }
    expect(clusterNamed(imported(inventoryOf({ groups })), 'pg-x').placement?.nodes).toEqual(['10.0.0.9'])
  })

  it('give a cluster a name that Drover cannot take', () => {
    const { file, report } = imported(inventoryOf({ vars: { pg_cluster: '9PG-Main' } }))
    expect(file.clusters?.map(({ name }) => name)).toEqual(['pg-9pg-main'])
    expect(report.find(({ parameter }) => parameter === 'pg_cluster')?.treatment).toMatchObject({
      note: expect.stringContaining('renamed'),
    })
  })

  it('compute a value with Jinja, which only Ansible can do', () => {
    const { file, report } = imported(inventoryOf({ vars: { pg_conf: "{{ 'olap' if big else 'oltp' }}.yml" } }))
    expect(file.clusters?.[0]?.workload).toBeUndefined()
    expect(fateOf(report, 'all.children.pg-main.vars.pg_conf')).toContain('a Jinja expression')
  })

  it('misspell a parameter, and are told which one they meant', () => {
    const { report } = imported(inventoryOf({ vars: { pg_databsaes: [] } }))
    expect(fateOf(report, 'all.children.pg-main.vars.pg_databsaes')).toBe(
      'unsupported Pigsty has no parameter `pg_databsaes`. Did you mean `pg_databases`?',
    )
  })
})

describe('what is no inventory', () => {
  it.each([
    ['clusters: []', 'not-an-inventory'],
    ['all: [1, 2]', 'not-an-inventory'],
    ['all: { children: { pg-main: { hosts: [10.0.0.1] } } }', 'not-an-inventory'],
    ['all: {', 'unreadable-yaml'],
    ['', 'empty-spec'],
  ])('`%s` is refused with its place', (text, code) => {
    const result = importPigsty(text)
    expect(result).toEqual(expect.arrayContaining([expect.objectContaining({ code, severity: 'error' })]))
  })
})
