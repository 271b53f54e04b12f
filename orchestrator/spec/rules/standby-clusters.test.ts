import { describe, expect, it } from 'vitest'
import { fleetOf, told } from '../testing-file.ts'

describe('a standby cluster', () => {
  it('follows a cluster of the file', () => {
    const file = fleetOf(`
    - name: pg-main
    - name: pg-far
      standbyOf: { cluster: pg-mian }
    `)
    expect(told(file)).toEqual([
      '6 clusters[1].standbyOf.cluster unknown-cluster: `standbyOf` names `pg-mian`, which is no cluster of this file → Did you mean `pg-main`?',
    ])
  })

  it('does not follow itself', () => {
    const file = fleetOf(`
    - name: pg-main
      standbyOf: { cluster: pg-main }
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].standbyOf.cluster standby-of-itself: cluster `pg-main` cannot follow itself → Name another cluster of the file, or remove `standbyOf`.',
    ])
  })

  it('does not follow in a circle', () => {
    const file = fleetOf(`
    - name: pg-a
      standbyOf: { cluster: pg-c }
    - name: pg-b
      standbyOf: { cluster: pg-a }
    - name: pg-c
      standbyOf: { cluster: pg-b }
    - name: pg-d
      standbyOf: { cluster: pg-c }
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].standbyOf standby-cycle: `standbyOf` goes in a circle, so that no cluster takes writes: pg-a → pg-c → pg-b → pg-a → Remove `standbyOf` from the cluster that is to take writes.',
    ])
  })

  it('is not the fourth of a chain', () => {
    const file = fleetOf(`
    - name: pg-e
      standbyOf: { cluster: pg-d }
    - name: pg-d
      standbyOf: { cluster: pg-c }
    - name: pg-c
      standbyOf: { cluster: pg-b }
    - name: pg-b
      standbyOf: { cluster: pg-a }
    - name: pg-a
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].standbyOf.cluster standby-chain: a chain of 4 standby clusters is too long, the most is 3: pg-e → pg-d → pg-c → pg-b → pg-a → Let it follow `pg-c` itself.',
    ])
  })

  it('has nothing of its own that comes by replication', () => {
    const file = fleetOf(`
    - name: pg-main
    - name: pg-far
      standbyOf: { cluster: pg-main }
      users: [{ name: app }]
      databases: [{ name: app, owner: app }]
      template: { extensions: [hstore] }
      privileges: [{ to: app, on: tables, grant: [SELECT] }]
    `)
    expect(told(file)).toEqual([
      '7 clusters[1].users standby-has-own: a standby cluster has no `users` of its own: it is a copy of `pg-main`, and what is declared there comes by replication → Move them to cluster `pg-main`.',
      '8 clusters[1].databases standby-has-own: a standby cluster has no `databases` of its own: it is a copy of `pg-main`, and what is declared there comes by replication → Move them to cluster `pg-main`.',
      '9 clusters[1].template standby-has-own: a standby cluster has no `template` of its own: it is a copy of `pg-main`, and what is declared there comes by replication → Move it to cluster `pg-main`.',
      '10 clusters[1].privileges standby-has-own: a standby cluster has no `privileges` of its own: it is a copy of `pg-main`, and what is declared there comes by replication → Move them to cluster `pg-main`.',
    ])
  })

  it('has the PostgreSQL of its source', () => {
    const file = fleetOf(`
    - name: pg-main
      postgresVersion: 17
    - name: pg-far
      postgresVersion: 16
      standbyOf: { cluster: pg-main }
    `)
    expect(told(file)).toEqual([
      '7 clusters[1].postgresVersion standby-version: a standby cluster has the PostgreSQL of its source: `pg-main` has 17, not 16 → Set `postgresVersion: 17`.',
    ])
  })

  it('has room for what its source has room for', () => {
    const file = fleetOf(`
    - name: pg-main
      parameters: { max_connections: 200, max_wal_senders: 10 }
    - name: pg-far
      standbyOf: { cluster: pg-main }
      parameters: { max_connections: 100, max_wal_senders: 20 }
    `)
    expect(told(file)).toEqual([
      "8 clusters[1].parameters.max_connections standby-setting: PostgreSQL does not start a standby whose `max_connections` (100) is lower than its source's (200 in `pg-main`) → Set it to 200 or more.",
    ])
  })

  it('may stay behind, and be followed by others', () => {
    const file = fleetOf(`
    - name: pg-main
    - name: pg-far
      standbyOf: { cluster: pg-main, delay: 4h }
      hba: [{ user: all, database: all, address: cluster }]
      parameters: { work_mem: 8MB }
    - name: pg-farther
      standbyOf: { cluster: pg-far }
      users: []
    `)
    expect(told(file)).toEqual([])
  })
})
