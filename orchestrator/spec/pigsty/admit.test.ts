import { describe, expect, it } from 'vitest'
import { fateOf, imported, inventoryOf } from '../../../test/support/pigsty.ts'

const VARS = 'all.children.pg-main.vars'

describe('what Drover would refuse', () => {
  it('is taken out one by one, and the rest stays', () => {
    const vars = {
      pg_users: [
        { name: 'app', comment: 'one\ntwo' },
        { name: 'app', comment: 'again' },
        { name: 'other', parameters: { 'not a name': 1, work_mem: '8MB' } },
      ],
      pg_databases: [{ name: 'app', pool_size: 2, pool_size_min: 5, connlimit: 0 }],
    }
    const { file, report } = imported(inventoryOf({ vars }))
    const [cluster] = file.clusters ?? []
    expect(cluster?.users?.filter(({ name }) => name === 'app')).toEqual([{ name: 'app', pooled: false }])
    expect(cluster?.users?.at(-1)?.parameters).toEqual({ work_mem: '8MB' })
    expect(cluster?.databases?.[0]?.pool).toEqual({ size: 2 })
    expect(cluster?.databases?.[0]).not.toHaveProperty('connectionLimit')
    expect(fateOf(report, `${VARS}.pg_users[0].comment`)).toContain('must be one line')
    expect(fateOf(report, `${VARS}.pg_users[1].name`)).toContain('declared twice')
    expect(fateOf(report, `${VARS}.pg_databases[0].pool_size_min`)).toContain('unsupported')
    expect(fateOf(report, `${VARS}.pg_databases[0].connlimit`)).toContain('must be at least 1')
  })

  it('takes with it what depends on it', () => {
    const rules = [{ user: 'two--', db: 'Shop', addr: 'intra', auth: 'pwd' }]
    const vars = {
      pg_databases: [{ name: 'Shop' }],
      pg_hba_rules: rules,
      pg_default_hba_rules: [],
      pgb_default_hba_rules: [],
    }
    const { file, report } = imported(inventoryOf({ vars }))
    expect(file.clusters?.[0]?.hba).toHaveLength(1)
    expect(fateOf(report, `${VARS}.pg_hba_rules[0].db`)).toContain('unsupported')
  })
})
