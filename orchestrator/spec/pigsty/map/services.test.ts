import { describe, expect, it } from 'vitest'
import { fateOf, imported, importedCluster, inventoryOf } from '../../../../test/support/pigsty.ts'

const HOSTS = {
  '10.0.0.2': { pg_seq: 2, pg_role: 'replica' },
  '10.0.0.3': { pg_seq: 3, pg_role: 'replica' },
  '10.0.0.4': { pg_seq: 4, pg_role: 'offline' },
}
const PLACE = 'all.children.pg-main.vars.pg_services[0]'

describe('a service of an inventory', () => {
  it('keeps every field', () => {
    const service = {
      name: 'analysts',
      port: 5439,
      ip: '*',
      dest: 'postgres',
      check: '/replica',
      selector: '[? pg_role == `offline`]',
      maxconn: 300,
      balance: 'source',
    }
    expect(serviceOf(service)).toEqual({
      name: 'analysts',
      port: 5439,
      target: 'postgres',
      check: 'replica',
      from: ['offline'],
      maxConnections: 300,
      balance: 'source',
    })
  })

  it.each([
    ['[]', ['members', 'offline']],
    ['[? pg_role != `offline`]', ['members']],
    ['[? pg_role == `replica`]', ['members']],
    ['[? pg_role == `offline`]', ['offline']],
  ])('with selector %s is served by the groups %j', (selector, from) => {
    expect(serviceOf({ name: 'x', port: 5439, selector, check: '/replica' })?.from).toEqual(from)
  })

  it('falls back on groups that do not serve anyway', () => {
    const readers = { name: 'x', port: 5439, selector: '[? pg_role == `replica`]', check: '/replica' }
    expect(serviceOf({ ...readers, backup: '[? pg_role == `primary` || pg_role == `offline` ]' })?.backup).toEqual([
      'offline',
    ])
    expect(serviceOf({ ...readers, backup: '[? pg_role == `primary`]' })?.backup).toBeUndefined()
  })

  it('goes where Pigsty sends it: to the pooler, to PostgreSQL, or to a port', () => {
    const service = { name: 'x', port: 5439, selector: '[]', check: '/read-only' }
    expect(serviceOf(service)?.target).toBe('pooler')
    expect(serviceOf({ ...service, dest: 'postgres' })?.target).toBe('postgres')
    expect(serviceOf({ ...service, dest: 1433 })?.target).toBe(1433)
  })

  it.each([
    [{ selector: '[? pg_seq == `2`]' }, 'picks single members'],
    [{ selector: '[? contains(pg_role, `x`)]' }, 'more of JMESPath'],
    [{ check: '/async' }, 'no check `/async`'],
    [{ dest: 'elsewhere' }, '`elsewhere` is no destination'],
    [{ port: 5433, check: '/replica' }, "Drover's service `primary`"],
    [{ port: 5435 }, "port 5435 is Drover's own"],
  ])('with %j is lost', (change, reason) => {
    const service = { name: 'x', port: 5439, selector: '[]', check: '/replica', ...change }
    const { report } = imported(inventoryOf({ hosts: HOSTS, vars: { pg_services: [service] } }))
    expect(fateOf(report, `${PLACE}.name`)).toContain(reason)
  })

  it('loses an address to listen on, and the options of its servers', () => {
    const service = { name: 'x', port: 5439, selector: '[]', check: '/replica', ip: '10.0.0.1', options: 'rise 5' }
    const { report } = imported(inventoryOf({ hosts: HOSTS, vars: { pg_services: [service] } }))
    expect(fateOf(report, `${PLACE}.ip`)).toContain('every address')
    expect(fateOf(report, `${PLACE}.options`)).toContain('failover mode')
  })
})

describe("Pigsty's default services", () => {
  const DEFAULTS = [
    { name: 'primary', port: 5433, dest: 'default', check: '/primary', selector: '[]' },
    { name: 'offline', port: 5438, dest: 'postgres', check: '/replica', selector: '[? pg_role == `offline`]' },
    { name: 'tds', port: 1433, dest: 1433, check: '/primary', selector: '[? pg_role != `offline`]' },
  ]

  it("are Drover's own where they do the same, and services of the file elsewhere", () => {
    const { file, report } = imported(inventoryOf({ hosts: HOSTS, vars: { pg_default_services: DEFAULTS } }))
    expect(file.clusters?.[0]?.services?.map(({ name, port }) => `${name} ${port}`)).toEqual(['tds 1433'])
    expect(fateOf(report, 'all.children.pg-main.vars.pg_default_services[0].port')).toBe(
      'mapped service primary (5433)',
    )
  })

  it('cannot go past the pooler', () => {
    const { report } = imported(inventoryOf({ vars: { pg_default_service_dest: 'postgres' } }))
    expect(fateOf(report, 'all.children.pg-main.vars.pg_default_service_dest')).toContain(
      'always go through the pooler',
    )
  })
})

function serviceOf(service: object) {
  return importedCluster({ hosts: HOSTS, vars: { pg_services: [service] } }).services?.[0]
}
