import { describe, expect, it } from 'vitest'
import { fateOf, imported, importedCluster, inventoryOf } from '../../../../test/support/pigsty.ts'

const PLACE = 'all.children.pg-main.vars.pg_hba_rules[0]'
const APP = {
  pg_users: [{ name: 'app' }],
  pg_databases: [{ name: 'app' }],
  pg_default_hba_rules: [],
  pgb_default_hba_rules: [],
}

describe('a rule about who may log in', () => {
  it('says what it says in Pigsty: with and without TLS, for PostgreSQL only', () => {
    expect(rulesOf({ user: 'app', db: 'app', addr: '192.0.2.0/24', auth: 'pwd', title: 'office', order: 50 })).toEqual([
      {
        title: 'office',
        order: 50,
        on: 'postgres',
        user: 'app',
        database: 'app',
        address: '192.0.2.0/24',
        auth: 'scram-sha-256',
        tls: false,
      },
    ])
  })

  it('is for everybody and by password where it leaves that open', () => {
    expect(rulesOf({ addr: 'intra' })[0]).toMatchObject({ user: 'all', database: 'all', auth: 'scram-sha-256' })
  })

  it.each([
    ['ssl', 'scram-sha-256', undefined],
    ['ssl-sha', 'scram-sha-256', undefined],
    ['ssl-md5', 'md5', undefined],
    ['cert', 'cert', undefined],
    ['md5', 'md5', false],
    ['sha', 'scram-sha-256', false],
    ['trust', 'trust', false],
    ['deny', 'reject', false],
    ['reject', 'reject', false],
  ])('with auth `%s` is %s', (auth, native, tls) => {
    expect(rulesOf({ user: 'app', db: 'app', addr: '192.0.2.1', auth })[0]).toMatchObject({
      auth: native,
      ...(tls === undefined ? {} : { tls }),
    })
  })

  it.each([
    ['local', ['local']],
    ['localhost', ['local', 'localhost', 'cluster']],
    ['cluster', ['cluster']],
    ['intra', ['clients']],
    ['intranet', ['clients']],
    ['world', ['all']],
    ['all', ['all']],
    ['infra', ['10.0.0.8/32', '10.0.0.9/32']],
    ['admin', ['10.0.0.8/32']],
    ['${admin_ip}', ['10.0.0.8/32']],
    ['192.0.2.7', ['192.0.2.7/32']],
  ])('for `%s` is for %j', (addr, addresses) => {
    expect(rulesOf({ user: 'app', db: 'app', addr, auth: 'pwd' }).map(({ address }) => address)).toEqual(addresses)
  })

  it.each(['${admin}', '+dbrole_readonly', '${monitor}', 'all'])('for user `%s` is for whom Pigsty calls so', user => {
    const expected = user.replace('${admin}', 'dbuser_dba').replace('${monitor}', 'dbuser_monitor')
    expect(rulesOf({ user, db: 'all', addr: 'intra', auth: 'pwd' })[0]?.user).toBe(expected)
  })

  it('holds where roles may be, since they move', () => {
    expect(rulesOf({ user: 'app', db: 'app', addr: 'intra', auth: 'pwd', role: 'primary' })[0]?.role).toBe('members')
    expect(rulesOf({ user: 'app', db: 'app', addr: 'intra', auth: 'pwd', role: 'common' })[0]?.role).toBeUndefined()
  })

  it('for offline instances goes to the offline group, or is lost where there is none', () => {
    const vars = { ...APP, pg_hba_rules: [{ user: 'app', db: 'app', addr: 'intra', auth: 'pwd', role: 'offline' }] }
    const hosts = { '10.0.0.2': { pg_seq: 2, pg_role: 'offline' } }
    expect(importedCluster({ vars, hosts }).hba?.[0]?.role).toBe('offline')
    expect(fateOf(imported(inventoryOf({ vars })).report, `${PLACE}.role`)).toContain('no instance of this cluster')
  })

  it.each([
    [{ user: '${repl}', db: 'replication', addr: 'intra', auth: 'pwd' }, 'not-applicable Drover has rules of its own'],
    [{ user: '${dbsu}', db: 'all', addr: 'local', auth: 'ident' }, 'not-applicable Drover has rules of its own'],
    [{ user: 'app', db: 'replication', addr: 'intra', auth: 'pwd' }, 'unsupported only the standbys of Drover'],
    [{ user: 'app', db: 'app', addr: 'intra', auth: 'gss' }, 'unsupported `gss` is no method'],
    [{ user: 'app', db: 'app', addr: 'nowhere', auth: 'pwd' }, 'unsupported `nowhere` is no address'],
    [{ user: 'ghost', db: 'app', addr: 'intra', auth: 'pwd' }, 'unsupported the HBA rule names user `ghost`'],
    [{ user: 'app', db: 'ghost', addr: 'intra', auth: 'pwd' }, 'unsupported the HBA rule names database `ghost`'],
  ])('%j is left out: %s', (rule, fate) => {
    const { report } = imported(inventoryOf({ vars: { ...APP, pg_hba_rules: [rule] } }))
    expect(fateOf(report, `${PLACE}.user`)).toContain(fate)
  })

  it('may be a line of pg_hba.conf, or several', () => {
    const rules = [
      'hostssl app,all app,+dbrole_offline 10.1.0.0/16 scram-sha-256',
      'host all app 192.0.2.0 255.255.255.0 md5 # office',
      'host all app fd00::/8 reject',
      'local all app peer',
    ]
    const hba = rulesOf({ title: 'as written', role: 'common', order: 7, rules })
    expect(
      hba.map(({ database, user, address, auth, tls }) => [database, user, address, auth, tls ?? true].join(' ')),
    ).toEqual([
      'app app 10.1.0.0/16 scram-sha-256 true',
      'app +dbrole_offline 10.1.0.0/16 scram-sha-256 true',
      'all app 10.1.0.0/16 scram-sha-256 true',
      'all +dbrole_offline 10.1.0.0/16 scram-sha-256 true',
      'all app 192.0.2.0/24 md5 false',
      'all app fd00::/8 reject false',
      'all app local peer false',
    ])
    expect(new Set(hba.map(({ order, title }) => `${order} ${title}`))).toEqual(new Set(['7 as written']))
  })

  it.each([
    ['hostnossl all app 10.0.0.0/8 md5', 'type `hostnossl`'],
    ['host all app samenet md5', 'not a network'],
    ['host all app 10.0.0.0/8 ldap ldapserver=x ldapbindpasswd=hidden', 'method `ldap`'],
    ['hostssl all app 10.0.0.0/8 cert map=secret', 'options behind the method'],
    ['host replication app 10.0.0.0/8 md5', 'only the standbys'],
  ])('`%s` is lost', (line, reason) => {
    const { report } = imported(inventoryOf({ vars: { ...APP, pg_hba_rules: [{ rules: [line] }] } }))
    expect(fateOf(report, `${PLACE}.rules[0]`)).toContain(reason)
    expect(JSON.stringify(report)).not.toMatch(/hidden|secret/)
  })
})

describe('the rules of a cluster', () => {
  it('stand behind those of Pigsty where they have the same order', () => {
    const rule = (title: string) => ({ user: 'app', db: 'app', addr: 'intra', auth: 'pwd', order: 300, title })
    const vars = { ...APP, pg_default_hba_rules: [rule('default')], pg_hba_rules: [rule('own')] }
    expect(importedCluster({ vars }).hba?.map(({ title }) => title)).toEqual([
      'default',
      'own',
      'as in Pigsty: refuse the rest',
    ])
  })

  it("are those of the inventory, then Pigsty's own, and a last one that refuses the rest", () => {
    const { hba = [] } = importedCluster({
      vars: { pg_hba_rules: [{ user: 'all', db: 'all', addr: 'intra', auth: 'pwd', order: 800 }] },
    })
    expect(hba).toContainEqual(expect.objectContaining({ user: 'all', address: 'clients', order: 800, on: 'postgres' }))
    expect(hba).toContainEqual(
      expect.objectContaining({ user: '+dbrole_readonly', address: 'clients', on: 'postgres' }),
    )
    expect(hba).toContainEqual(expect.objectContaining({ user: 'all', address: 'clients', on: 'pooler' }))
    expect(hba.at(-1)).toMatchObject({
      order: 9999,
      user: 'all',
      database: 'all',
      address: 'all',
      auth: 'reject',
      tls: false,
    })
  })

  it('let in the intranet of the inventory, which are the client networks of the fleet', () => {
    const { file } = imported(inventoryOf({ globals: { node_firewall_intranet: ['10.9.0.0/16'] } }))
    expect(file.fleet.clientNetworks).toEqual(['10.9.0.0/16'])
  })

  it('name the networks where a cluster has others than the fleet', () => {
    const vars = {
      ...APP,
      node_firewall_intranet: ['10.8.0.0/16'],
      pg_hba_rules: [{ user: 'app', db: 'app', addr: 'intra', auth: 'pwd' }],
    }
    expect(importedCluster({ vars }).hba?.[0]?.address).toBe('10.8.0.0/16')
  })
})

function rulesOf(rule: object) {
  const groups = { infra: { hosts: { '10.0.0.8': { infra_seq: 1 }, '10.0.0.9': { infra_seq: 2 } } } }
  const { hba = [] } = importedCluster({
    vars: { ...APP, pg_hba_rules: [rule] },
    groups,
    globals: { admin_ip: '10.0.0.8' },
  })
  return hba.slice(0, -1)
}
