import { describe, expect, it } from 'vitest'
import { testingCluster } from '../../../plan/render/testing-input.ts'
import { declaredExtensions } from './declared-extensions.ts'

describe('extensions that may be updated', () => {
  const [database] = testingCluster({}).databases
  const spec = testingCluster({
    template: { schemas: [], extensions: [{ name: 'pg_stat_statements' }] },
    databases:
      database === undefined
        ? []
        : [{ ...database, extensions: [{ name: 'vector' }, { name: 'postgis', version: '3.5' }] }],
  })

  it('are those that are declared without a version, the template ones where they are for sure', () => {
    expect(declaredExtensions(spec)).toEqual([
      { database: database?.name, name: 'vector' },
      { database: 'postgres', name: 'pg_stat_statements' },
      { database: 'template1', name: 'pg_stat_statements' },
    ])
  })

  it('are none of a standby cluster: its source has them', () => {
    expect(declaredExtensions({ ...spec, standbyOf: { cluster: 'pg-far', delaySeconds: 0 } })).toEqual([])
  })
})
