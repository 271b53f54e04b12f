import { describe, expect, it } from 'vitest'
import { inventoryOf, pigstyFixture } from '../../test/support/pigsty.ts'
import { parseAny } from './parse-any.ts'
import { parseSpec } from './parse-spec.ts'

describe('a file given to plan or apply', () => {
  it('is a fleet file unless it has the shape of an inventory', () => {
    const text = 'version: 1\nfleet: { name: shop }\nclusters: [{ name: pg-main, members: 1 }]\n'
    expect(specOf(text)).toEqual(specOf(text, parseSpec))
    expect(parseAny('version: 1\nfleet: {}\n', 'fleet.yml')).toEqual(parseSpec('version: 1\nfleet: {}\n', 'fleet.yml'))
  })

  it('may be a Pigsty inventory', () => {
    const spec = specOf(pigstyFixture('single.yml'))
    expect(spec.clusters.map(({ name, members, workload }) => `${name} ${members} ${workload}`)).toEqual([
      'pg-shop 1 tiny',
    ])
  })

  it('gives the same spec each time, so that a plan made again has no changes', () => {
    const text = pigstyFixture('fleet.yml')
    expect(specOf(text)).toEqual(specOf(text))
  })

  it('has warnings that name what is not carried over, one for each part of Pigsty', () => {
    const problems = parsed(pigstyFixture('fleet.yml')).problems.filter(({ code }) => code === 'not-carried-over')
    expect(problems.map(({ message }) => message)).toContain(
      "Pigsty's redis: not carried over: redis_node, redis_instances, redis_cluster",
    )
    expect(new Set(problems.map(({ message }) => message.split(':')[0])).size).toBe(problems.length)
    for (const problem of problems) expect(problem).toMatchObject({ severity: 'warning', line: expect.any(Number) })
  })

  it('warns of passwords that everybody can read in the documentation of Pigsty', () => {
    const { problems } = parsed(inventoryOf({ globals: { pg_admin_password: 'DBUser.DBA' } }))
    const warning = problems.find(({ code }) => code === 'published-password')
    expect(warning).toMatchObject({ severity: 'warning', path: 'all.vars.pg_admin_password' })
    expect(JSON.stringify(problems)).not.toContain('DBUser.DBA')
  })

  it('has the problems of a plan at their place in the inventory', () => {
    const { locate } = parsed(pigstyFixture('single.yml'))
    const at = (path: string) => locate({ code: 'x', message: 'x', severity: 'error', path })
    expect(at('clusters[0].workload')).toMatchObject({ path: 'all.vars.pg_conf', line: 21 })
    expect(at('clusters[0].databases[0].extensions[0]')).toMatchObject({
      line: 14,
      path: expect.stringContaining('extensions[0]'),
    })
    expect(at('clusters[0].users[6].password')).toMatchObject({ line: 12 })
    expect(at('clusters[0].failoverLag')).toMatchObject({ line: expect.any(Number) })
  })

  it('is refused where the inventory cannot be read', () => {
    expect(parseAny('all: { children: [] , vars: 3 }', 'pigsty.yml')).toEqual([
      expect.objectContaining({ code: 'not-an-inventory', path: 'all.vars', severity: 'error' }),
    ])
  })

  it('is refused where the fleet as a whole makes no sense, at its place', () => {
    const circle = (upstream: string) => ({ pg_seq: 1, pg_role: 'primary', pg_upstream: upstream })
    const groups = { copy: { hosts: { '10.0.0.2': circle('10.0.0.1') }, vars: { pg_cluster: 'pg-copy' } } }
    const result = parseAny(inventoryOf({ primary: { pg_upstream: '10.0.0.2' }, groups }), 'pigsty.yml')
    expect(result).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ severity: 'error', path: expect.stringContaining('pg_upstream'), line: 1 }),
      ]),
    )
  })
})

function parsed(text: string, parse: typeof parseAny = parseAny) {
  const result = parse(text, 'pigsty.yml')
  if (!('spec' in result)) throw new Error(JSON.stringify(result, null, 1))
  return result
}

function specOf(text: string, parse: typeof parseAny = parseAny) {
  return parsed(text, parse).spec
}
