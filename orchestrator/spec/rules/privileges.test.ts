import { describe, expect, it } from 'vitest'
import { inCluster, told } from '../testing-file.ts'

describe('a default privilege', () => {
  it('names roles that exist', () => {
    const file = inCluster(`
      users: [{ name: app }]
      privileges:
        - { for: [ap], to: app, on: tables, grant: [SELECT] }
        - { for: [postgres], to: readers, on: tables, grant: [SELECT] }
        - { for: [app, app], to: public, on: tables, grant: [SELECT] }
        - { to: pg_monitor, on: tables, grant: [SELECT] }
    `)
    expect(told(file)).toEqual([
      '7 clusters[0].privileges[0].for[0] unknown-role: the privilege names role `ap`, which is not a user of this cluster → Did you mean `app`?',
      '8 clusters[0].privileges[1].to unknown-role: the privilege names role `readers`, which is not a user of this cluster → Declare it under `users` (with `login: false` for a group).',
      '9 clusters[0].privileges[2].for[1] duplicate-role: role `app` is named twice → Remove one of the two.',
    ])
  })

  it('is one that there is on such objects', () => {
    const file = inCluster(`
      users: [{ name: app }]
      privileges:
        - { to: app, on: sequences, grant: [SELECT, INSERT] }
        - { to: app, on: functions, grant: [EXECUTE, ALL] }
        - { to: app, on: types, grant: [USAGE, USAGE] }
        - { to: app, on: schemas, grant: [ALL] }
    `)
    expect(told(file)).toEqual([
      '7 clusters[0].privileges[0].grant[1] unknown-privilege: there is no privilege `INSERT` on sequences → On sequences there is `USAGE`, `SELECT`, `UPDATE`, or `ALL`.',
      '8 clusters[0].privileges[1].grant[1] redundant-privilege: `ALL` has every privilege in it; the others are granted twice → Write `[ALL]` alone, or the privileges one by one.',
      '9 clusters[0].privileges[2].grant[1] duplicate-privilege: privilege `USAGE` is named twice → Remove one of the two.',
    ])
  })

  it('exists in this version of PostgreSQL', () => {
    const file = inCluster(`
      postgresVersion: 16
      users: [{ name: app }]
      privileges: [{ to: app, on: tables, grant: [MAINTAIN] }]
    `)
    expect(told(file)).toEqual([
      '7 clusters[0].privileges[0].grant[0] needs-version: `MAINTAIN` needs PostgreSQL 17 or later; the cluster has 16 → Remove it, or make the cluster with `postgresVersion: 17` or later.',
    ])
  })

  it('is on a schema that a database declares', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases: [{ name: app, owner: app, schemas: [tools] }]
      template: { schemas: [monitor] }
      privileges:
        - { to: app, on: tables, grant: [SELECT], schema: tool }
        - { to: app, on: tables, grant: [SELECT], schema: monitor }
        - { to: app, on: schemas, grant: [USAGE], schema: tools }
    `)
    expect(told(file)).toEqual([
      '9 clusters[0].privileges[0].schema unknown-schema: the privilege names schema `tool`, which no database of this cluster declares → Did you mean `tools`?',
      '11 clusters[0].privileges[2].schema schema-of-schemas: a schema is in no schema: `schema` has no meaning with `on: schemas` → Remove one of the two.',
    ])
  })
})
