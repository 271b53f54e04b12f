import { describe, expect, it } from 'vitest'
import { inCluster, told } from '../testing-file.ts'

describe('a database', () => {
  it('is declared once', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases: [{ name: app, owner: app }, { name: app, owner: app }]
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].databases[1].name duplicate-database: database `app` is declared twice → Rename or remove one of the two.',
    ])
  })

  it('is owned by a user', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases: [{ name: app, owner: ap }]
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].databases[0].owner unknown-owner: database `app` is owned by `ap`, which is not a user of this cluster → Did you mean `app`?',
    ])
  })

  it('has schemas and extensions once each', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases:
        - { name: app, owner: app, schemas: [s, { name: s }], extensions: [hstore, { name: hstore }] }
    `)
    expect(told(file)).toEqual([
      '7 clusters[0].databases[0].schemas[1].name duplicate-schema: schema `s` is declared twice → Rename or remove one of the two.',
      '7 clusters[0].databases[0].extensions[1].name duplicate-extension: extension `hstore` is declared twice → Rename or remove one of the two.',
    ])
  })

  it('has extensions in schemas that it declares', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases:
        - { name: app, owner: app, schemas: [tools], extensions: [{ name: hstore, schema: tool }, { name: ltree, schema: elsewhere }] }
    `)
    expect(told(file)).toEqual([
      "7 clusters[0].databases[0].extensions[0].schema unknown-schema: extension `hstore` wants schema `tool`, which the database does not declare → Did you mean `tools`? Else add `tool` to the database's `schemas`.",
      "7 clusters[0].databases[0].extensions[1].schema unknown-schema: extension `ltree` wants schema `elsewhere`, which the database does not declare → Add `elsewhere` to the database's `schemas`.",
    ])
  })

  it('that lets nobody in has nothing that Drover must make inside', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases:
        - { name: a, owner: app, allowConnections: false, extensions: [hstore] }
        - { name: b, owner: app, allowConnections: false, baseline: SELECT 1 }
        - { name: c, owner: app, allowConnections: false }
    `)
    expect(told(file)).toEqual([
      '7 clusters[0].databases[0].allowConnections closed-database: database `a` lets nobody connect, Drover included, so its `extensions` cannot be made or looked at → Remove `allowConnections: false` (`connectionLimit` and `revokePublicConnect` keep people out), or `extensions`.',
      '8 clusters[0].databases[1].allowConnections closed-database: database `b` lets nobody connect, Drover included, so its `baseline` cannot be made or looked at → Remove `allowConnections: false` (`connectionLimit` and `revokePublicConnect` keep people out), or `baseline`.',
    ])
  })

  it('starts from SQL, which has no commands of psql', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases:
        - name: app
          owner: app
          baseline: |
            CREATE TABLE t ();
            \\i more.sql
    `)
    expect(told(file)).toEqual([
      '9 clusters[0].databases[0].baseline psql-command: `baseline` has the psql command `\\i`; it is sent to PostgreSQL as SQL, which knows no such commands → Write it in SQL, or run it with psql afterwards.',
    ])
  })

  it('says how it is copied from PostgreSQL 15 on', () => {
    const file = inCluster(`
      postgresVersion: 14
      users: [{ name: app }]
      databases: [{ name: app, owner: app, strategy: wal_log }]
    `)
    expect(told(file)).toEqual([
      '7 clusters[0].databases[0].strategy needs-version: `strategy` needs PostgreSQL 15 or later; the cluster has 14 → Remove it, or make the cluster with `postgresVersion: 15` or later.',
    ])
  })
})
