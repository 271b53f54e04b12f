import { describe, expect, it } from 'vitest'
import { inCluster, told } from '../testing-file.ts'

describe('a pool', () => {
  it('has bounds in order', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases:
        - { name: a, owner: app, pool: { minSize: 10, size: 5 } }
        - { name: b, owner: app, pool: { minSize: 30, maxConnections: 25 } }
        - { name: c, owner: app, pool: { size: 30, maxConnections: 25 } }
        - { name: d, owner: app, pool: { minSize: 5, size: 5, maxConnections: 5 } }
      pooler: { poolSize: 20, maxDatabaseConnections: 15 }
    `)
    expect(told(file)).toEqual([
      '7 clusters[0].databases[0].pool.minSize pool-bounds: `minSize` (10) is more than `size` (5), so it can never be reached → Set it to 5 or less, or raise `size`.',
      '8 clusters[0].databases[1].pool.minSize pool-bounds: `minSize` (30) is more than `pooler.poolSize` (20), so it can never be reached → Set it to 20 or less, or raise `pooler.poolSize`.',
      'warning 9 clusters[0].databases[2].pool.size pool-bounds: `size` (30) is more than `maxConnections` (25), so it can never be reached → Set it to 25 or less, or raise `maxConnections`.',
      'warning 11 clusters[0].pooler.poolSize pool-bounds: `poolSize` (20) is more than `maxDatabaseConnections` (15), so it can never be reached → Set it to 15 or less, or raise `maxDatabaseConnections`.',
    ])
  })

  it('is not declared for a database without one', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases: [{ name: a, owner: app, pooled: false, pool: { size: 3 } }]
    `)
    expect(told(file)).toEqual([
      'warning 6 clusters[0].databases[0].pool unused-pool: `pool` has no effect on database `a`, which is not pooled → Remove it, or `pooled: false`.',
    ])
  })

  it('and the nodes are told each word once', () => {
    const file = inCluster(`
      packages: [postgis, postgis]
      pooler: { ignoreStartupParameters: [options, options] }
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].packages[1] duplicate-package: package `postgis` is named twice → Remove one of the two.',
      '6 clusters[0].pooler.ignoreStartupParameters[1] duplicate-start-up-parameter: start-up parameter `options` is named twice → Remove one of the two.',
    ])
  })
})
