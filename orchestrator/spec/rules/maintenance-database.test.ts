import { describe, expect, it } from 'vitest'
import { parseSpec } from '../parse-spec.ts'
import { inCluster, told } from '../testing-file.ts'

describe("PostgreSQL's own database", () => {
  it('may be declared for what is in it, its parameters, its comment and its pool', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases:
        - name: postgres
          schemas: [jobs, { name: own, owner: app }]
          extensions: [{ name: pg_cron }, { name: pgcrypto, schema: jobs }]
          parameters: { search_path: jobs }
          pool: { size: 4 }
          comment: where jobs live
    `)
    expect(told(file)).toEqual([])
    const parsed = parseSpec(file, 'fleet.yml')
    const [cluster] = 'spec' in parsed ? parsed.spec.clusters : []
    expect(cluster?.databases).toMatchObject([{ name: 'postgres', owner: 'postgres', pool: { size: 4 } }])
  })

  it('is never made, so that nothing can be said of how', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases: [{ name: postgres, owner: app, encoding: LATIN1, baseline: select 1 }]
    `)
    expect(told(file)).toEqual([
      "6 clusters[0].databases[0].owner maintenance-database: `owner` cannot be set for database `postgres`: it belongs to PostgreSQL's superuser → Remove it; a schema in it can have an `owner`.",
      '6 clusters[0].databases[0].encoding maintenance-database: `encoding` cannot be set for database `postgres`: the database is made together with the cluster → Remove it, or declare a database of another name.',
      '6 clusters[0].databases[0].baseline maintenance-database: `baseline` cannot be set for database `postgres`: a baseline ends the making of a database, and this one is there already → Run it with psql, or declare a database of another name.',
    ])
  })

  it.each(['isTemplate: true', 'allowConnections: false', 'revokePublicConnect: true', 'connectionLimit: 5'])(
    'keeps its door open for Drover and Patroni: %s is refused',
    line => {
      const key = line.split(':')[0]
      const file = inCluster(`databases: [{ name: postgres, ${line} }]`)
      expect(told(file)).toEqual([expect.stringMatching(`^5 clusters\\[0\\]\\.databases\\[0\\]\\.${key} maintenance-`)])
    },
  )

  it('cannot be copied', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases: [{ name: postgres }, { name: app, owner: app, template: postgres }]
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].databases[1].template unknown-template: `template` names `postgres`, and a database that somebody is connected to cannot be copied → Use `template1`, which has what `template` of the cluster declares.',
    ])
  })
})
