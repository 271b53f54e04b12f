import { describe, expect, it } from 'vitest'
import { specOf } from '../../../test/support/plan-runner.ts'
import { aSnapshot, nodes } from '../../../test/support/snapshot-builder.ts'
import { tuned } from '../../../test/support/tuned.ts'
import { mostPooledConnections, openConnections, poolSizes } from './pool-sizes.ts'

const SETTINGS = { max_connections: '105', superuser_reserved_connections: '5' }

describe('the pools of a server', () => {
  it('leave a fifth to direct clients, and writers the larger part', () => {
    const cluster = clusterOf('databases: [{ name: shop, owner: app }]')
    const { rw, ro, pooledConnections } = poolSizes(cluster, SETTINGS)
    expect(pooledConnections).toBe(80)
    expect([rw.maxDatabaseConnections, ro.maxDatabaseConnections]).toEqual([46, 30])
    expect(mostPooledConnections(cluster, poolSizes(cluster, SETTINGS))).toBe(80)
  })

  it('are shared by the databases, less what one has for itself', () => {
    const { rw } = poolSizes(
      clusterOf(
        'databases: [{ name: a, owner: app }, { name: b, owner: app }, { name: c, owner: app, pool: { maxConnections: 20 } }]',
      ),
      SETTINGS,
    )
    expect(rw.maxDatabaseConnections).toBe(13)
  })

  it('keep some for clients that have waited', () => {
    const { rw } = poolSizes(clusterOf('databases: [{ name: shop, owner: app }]'), SETTINGS)
    expect(rw.defaultPoolSize + rw.reservePoolSize).toBeLessThanOrEqual(rw.maxDatabaseConnections)
    expect(rw.reservePoolSize).toBeGreaterThan(0)
  })

  it('warn when the file asks for more than the server has', () => {
    const pool = 'pool: { maxConnections: 400 }'
    const text = `databases: [{ name: a, owner: app, ${pool} }, { name: b, owner: app, ${pool} }]`
    const spec = specOf(`  - name: pg\n    users: [{ name: app }]\n    ${text}`)
    const result = tuned(spec, aSnapshot({ nodes: nodes(1) }))['pg']
    const [problem] = result?.problems ?? []
    expect(problem).toMatchObject({ code: 'pools-overcommitted', severity: 'warning' })
    expect(problem?.message).toContain(String(openConnections(result?.shared ?? {})))
  })
})

describe('limits and times of the components', () => {
  it('are explained like settings, and a failover mode that changes shows', () => {
    const [result] = Object.values(tuned(specOf('  - name: pg\n    failover: fast'), aSnapshot({ nodes: nodes(1) })))
    const values = Object.fromEntries(result?.explanations.map(({ name, value }) => [name, value]) ?? [])
    expect(values).toMatchObject({ 'patroni.ttl': '20', 'haproxy.nbthread': '1', 'pgbouncer.max_client_conn': '1000' })
    expect(Object.keys(result?.shared ?? {}).filter(name => name.startsWith('patroni.'))).toEqual([])
  })
})

function clusterOf(text: string) {
  const [cluster] = specOf(`  - name: pg\n    users: [{ name: app }]\n    ${text}`).clusters
  if (cluster === undefined) throw new Error('no cluster')
  return cluster
}
