import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inventoryOf } from '../../../test/support/pigsty.ts'
import { CATALOGUE } from './catalogue/catalogue.ts'
import { checkFile } from './check-file.ts'
import { importPigsty } from './import-pigsty.ts'
import { placeText } from './place.ts'
import { leavesOf } from './values.ts'

const PGSQL = Object.keys(CATALOGUE).filter(name => /^(pg|patroni|node_(tune|firewall)|etcd_seq|infra_seq)/.test(name))

/** Words that mean something somewhere, beside any others. */
const word = fc.oneof(
  fc.constantFrom(
    'app',
    'off',
    'primary',
    'offline',
    'crit.yml',
    '5439',
    '[]',
    'intra',
    'pwd',
    'dbrole_admin',
    '10.0.0.1/8',
    'GRANT SELECT ON TABLES TO app',
  ),
  fc.string({ maxLength: 12 }),
)
const scalar = fc.oneof(word, fc.integer({ min: -2, max: 100_000 }), fc.boolean(), fc.constant(null), fc.double())
const KEYS =
  'name owner roles password state user db addr auth rules role order port selector check schemas extensions connlimit expire_in comment parameters baseline pool_size dest backup'.split(
    ' ',
  )
const item = fc.dictionary(fc.constantFrom(...KEYS), fc.oneof(scalar, fc.array(word, { maxLength: 3 })), { maxKeys: 8 })
const value = fc.oneof(scalar, fc.array(fc.oneof(scalar, item), { maxLength: 4 }), item)
const variables = fc.dictionary(fc.constantFrom(...PGSQL), value, { maxKeys: 12 })

describe('any inventory', () => {
  const inventories = fc.record({ globals: variables, vars: variables, primary: variables, other: variables })

  it('becomes a file that Drover accepts, or says what is wrong with it', () => {
    fc.assert(
      fc.property(inventories, sketch => {
        const result = importPigsty(textOf(sketch), { today: '2026-01-01' })
        const errors = 'file' in result ? checkFile(result.file).filter(({ severity }) => severity === 'error') : []
        expect(errors).toEqual([])
        if (!('file' in result)) expect(result.length).toBeGreaterThan(0)
      }),
      { numRuns: 100 },
    )
  })

  it('has each of its values in the report once', () => {
    fc.assert(
      fc.property(inventories, sketch => {
        const result = importPigsty(textOf(sketch))
        if (!('file' in result)) return
        const { all } = JSON.parse(textOf(sketch))
        const { hosts, vars } = all.children['pg-main']
        const scopes = [
          ...Object.keys(hosts).map(host => ({
            path: ['all', 'children', 'pg-main', 'hosts', host],
            value: hosts[host],
          })),
          { path: ['all', 'children', 'pg-main', 'vars'], value: vars },
          { path: ['all', 'vars'], value: all.vars },
        ]
        const expected = scopes.flatMap(leavesOf).map(({ path }) => placeText(path))
        expect(result.report.map(({ place }) => place).sort()).toEqual(expected.sort())
      }),
      { numRuns: 50 },
    )
  })
})

function textOf({
  globals,
  vars,
  primary,
  other,
}: Readonly<Record<'globals' | 'vars' | 'primary' | 'other', object>>): string {
  return inventoryOf({ globals, vars, primary, hosts: { '10.0.0.2': { pg_seq: 2, pg_role: 'replica', ...other } } })
}
