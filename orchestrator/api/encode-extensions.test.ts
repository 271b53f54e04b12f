import { describe, expect, it } from 'vitest'
import { specOf } from '../../test/support/plan-runner.ts'
import { extensionsOffered } from './encode-extensions.ts'
import type { FleetView } from './fleet-view.ts'

const VIEW: FleetView = {
  now: 0,
  nodes: new Map(),
  allocations: { etcd: null, clusters: {} },
  spec: specOf(
    '  - name: pg-main\n    users: [{ name: a }]\n    databases: [{ name: app, owner: a, extensions: [vector] }]',
  ),
}
const VERSIONS = {
  'postgresql-17': '17.6-1',
  'postgresql-17-cron': '1.6.7-2',
  'postgresql-17-pgvector': '0.8.0-1',
  'postgresql-17-pg-stat-kcache': '2.3.0-1',
}
const offered = (major = 17) => extensionsOffered({ os: 'debian13', major, versions: VERSIONS, view: VIEW })

describe('the extensions on offer', () => {
  it('are those whose package is, and what comes with the server', () => {
    const byName = new Map(offered().map(each => [each.name, each]))
    expect(byName.get('vector')).toMatchObject({ version: '0.8.0-1', restart: false, declared: ['pg-main/app'] })
    expect(byName.get('hstore')).toMatchObject({ package: '', version: '17.6-1', restart: false, declared: [] })
    expect(byName.has('postgis')).toBe(false)
  })

  it('say which libraries they need at a start, those of what they require as well', () => {
    const byName = new Map(offered().map(each => [each.name, each]))
    expect(byName.get('pg_cron')).toMatchObject({ preload: ['pg_cron'], databaseSetting: 'cron.database_name' })
    expect(byName.get('pg_stat_kcache')).toMatchObject({
      preload: ['pg_stat_kcache', 'pg_stat_statements'],
      requires: ['pg_stat_statements'],
      restart: true,
    })
  })

  it('are none of a version that nobody offers', () => {
    expect(offered(16)).toEqual([])
  })
})
