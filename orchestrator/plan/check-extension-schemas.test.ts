import { describe, expect, it } from 'vitest'
import { planned, refused, specOf } from '../../test/support/plan-runner.ts'
import { aSnapshot, nodes, offered } from '../../test/support/snapshot-builder.ts'

const packages = { debian13: { ...offered(17), 'postgresql-17-cron': '1.6.7-2' } }
const fleet = aSnapshot({ nodes: nodes(3), packages })

function spec(extension: string) {
  return specOf(
    `  - name: pg-main\n    users: [{ name: app }]\n    databases: [{ name: app, owner: app, schemas: [extensions], extensions: [${extension}] }]`,
  )
}

describe('an extension that PostgreSQL puts into one schema only', () => {
  it('is refused in another one before anything is applied', () => {
    expect(refused(spec('{ name: pg_cron, schema: extensions }'), fleet)).toMatchObject([
      {
        code: 'extension-schema-fixed',
        message: expect.stringContaining(
          'cannot live in schema `extensions`: PostgreSQL puts it into `pg_catalog` only',
        ),
        path: 'clusters[0].databases[0].extensions[0].schema',
      },
    ])
  })

  it('may name its own, or none; others may live where they are told to', () => {
    for (const extension of [
      '{ name: pg_cron, schema: pg_catalog }',
      'pg_cron',
      '{ name: vector, schema: extensions }',
    ])
      expect(planned(spec(extension), fleet).problems.filter(({ severity }) => severity === 'error')).toEqual([])
  })
})
