import { describe, expect, it } from 'vitest'
import { fateOf, imported, importedCluster, inventoryOf } from '../../../../test/support/pigsty.ts'
import { scramVerifier } from '../../../operation/scram.ts'
import { verifierOf } from './password.ts'

const PLACE = 'all.children.pg-main.vars.pg_users[0]'

describe("the users of an inventory's cluster", () => {
  it('come after the roles that Pigsty makes in every cluster', () => {
    const { users } = importedCluster({ vars: { pg_users: [{ name: 'app', roles: ['dbrole_readwrite'] }] } })
    expect(users?.map(({ name }) => name)).toEqual([
      'dbrole_readonly',
      'dbrole_offline',
      'dbrole_readwrite',
      'dbrole_admin',
      'dbuser_dba',
      'dbuser_monitor',
      'app',
    ])
  })

  it('keep every field', () => {
    expect(
      userOf({
        name: 'app',
        login: true,
        superuser: false,
        createdb: true,
        createrole: true,
        inherit: false,
        replication: true,
        bypassrls: true,
        connlimit: 9,
        expire_at: '2031-12-31',
        roles: ['pg_monitor', { name: 'dbrole_offline', admin: true, inherit: false, set: true }],
        parameters: { statement_timeout: 5000, work_mem: 'DEFAULT' },
        comment: 'the application',
        pgbouncer: true,
        pool_mode: 'statement',
        pool_connlimit: 3,
      }),
    ).toEqual({
      name: 'app',
      login: true,
      superuser: false,
      createdb: true,
      createrole: true,
      inherit: false,
      replication: true,
      bypassrls: true,
      connectionLimit: 9,
      validUntil: '2031-12-31',
      memberOf: [{ role: 'pg_monitor' }, { role: 'dbrole_offline', admin: true, inherit: false, set: true }],
      parameters: { statement_timeout: 5000 },
      comment: 'the application',
      pooled: true,
      poolMode: 'statement',
      poolConnections: 3,
    })
  })

  it('stay out of the pooler unless they say otherwise, and have no limit with -1', () => {
    expect(userOf({ name: 'app', connlimit: -1, pool_connlimit: -1 })).toEqual({ name: 'app', pooled: false })
  })

  it('are not granted what is revoked', () => {
    expect(userOf({ name: 'app', roles: [{ name: 'dbrole_admin', state: 'revoke' }] })).not.toHaveProperty('memberOf')
  })

  it('have no options of a membership before PostgreSQL 16', () => {
    const roles = [{ name: 'dbrole_offline', set: false }]
    const { file, report } = imported(inventoryOf({ vars: { pg_version: 15, pg_users: [{ name: 'app', roles }] } }))
    expect(file.clusters?.[0]?.users?.at(-1)?.memberOf).toEqual([{ role: 'dbrole_offline' }])
    expect(fateOf(report, `${PLACE}.roles[0].set`)).toContain('PostgreSQL 16')
  })

  it('are left out when they are to be removed, and not made twice over a system role', () => {
    const users = [
      { name: 'dbuser_monitor', comment: 'ours' },
      { name: 'old', state: 'absent' },
    ]
    const { file, report } = imported(inventoryOf({ vars: { pg_users: users } }))
    const names = file.clusters?.[0]?.users?.map(({ name }) => name) ?? []
    expect(names.filter(name => name === 'dbuser_monitor')).toHaveLength(1)
    expect(names).not.toContain('old')
    expect(fateOf(report, 'all.children.pg-main.vars.pg_users[1].state')).toContain('never removes a user')
  })

  it('lose a key that Pigsty does not have either, with a hint', () => {
    const { report } = imported(inventoryOf({ vars: { pg_users: [{ name: 'app', commnet: 'x' }] } }))
    expect(fateOf(report, `${PLACE}.commnet`)).toContain('Did you mean `comment`?')
  })

  it('lose a membership in a role that nobody declares', () => {
    const { file, report } = imported(inventoryOf({ vars: { pg_users: [{ name: 'app', roles: ['dbrole_admim'] }] } }))
    expect(file.clusters?.[0]?.users?.at(-1)?.memberOf ?? []).toEqual([])
    expect(fateOf(report, `${PLACE}.roles[0]`)).toContain('Did you mean `dbrole_admin`?')
  })
})

describe('a password', () => {
  it('becomes the verifier that PostgreSQL would keep, the same each time, and another one for each user', () => {
    const verifier = passwordOf({ name: 'app', password: 'App.Secret' })
    expect(verifier).toBe(verifierOf({ password: 'App.Secret', cluster: 'pg-main', user: 'app' }))
    const [, salt = ''] = /:([^$]+)\$/.exec(verifier ?? '') ?? []
    expect(scramVerifier('App.Secret', Buffer.from(salt, 'base64'))).toBe(verifier)
    expect(passwordOf({ name: 'app', password: 'App.Secret' })).toBe(verifier)
    expect(passwordOf({ name: 'other', password: 'App.Secret' })).not.toBe(verifier)
  })

  it('that is a verifier already is kept', () => {
    const verifier = scramVerifier('App.Secret', Buffer.alloc(16, 7))
    expect(passwordOf({ name: 'app', password: verifier })).toBe(verifier)
  })

  it('of the administrator comes from a parameter of its own', () => {
    const { users } = importedCluster({ globals: { pg_admin_password: 'Admin.Secret' } })
    expect(users?.find(({ name }) => name === 'dbuser_dba')?.password).toBe(
      verifierOf({ password: 'Admin.Secret', cluster: 'pg-main', user: 'dbuser_dba' }),
    )
  })

  it('that Pigsty publishes as its default is nobody’s: Drover makes one', () => {
    expect(importedCluster({}).users?.find(({ name }) => name === 'dbuser_dba')).not.toHaveProperty('password')
  })

  it.each([
    ['md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'an MD5 hash'],
    ['SCRAM-SHA-256$4096:broken', 'a damaged SCRAM-SHA-256 verifier'],
    ['pässword', 'not printable ASCII'],
    ['', 'the password is empty'],
  ])('`%s` is lost, with the reason and without being shown', (password, reason) => {
    const { file, report } = imported(inventoryOf({ vars: { pg_users: [{ name: 'app', password }] } }))
    expect(file.clusters?.[0]?.users?.at(-1)).not.toHaveProperty('password')
    expect(fateOf(report, `${PLACE}.password`)).toContain(reason)
    if (password !== '') expect(JSON.stringify(report)).not.toContain(password)
  })
})

describe('the end of a user', () => {
  const text = inventoryOf({ vars: { pg_users: [{ name: 'app', expire_in: 30, expire_at: '2031-12-31' }] } })

  it('counts from the day of the import, and wins over a date', () => {
    expect(imported(text, { today: '2026-02-01' }).file.clusters?.[0]?.users?.at(-1)?.validUntil).toBe('2026-03-03')
  })

  it('falls back on the date where no day is known, so that a plan never changes by itself', () => {
    const { file, report } = imported(text)
    expect(file.clusters?.[0]?.users?.at(-1)?.validUntil).toBe('2031-12-31')
    expect(fateOf(report, `${PLACE}.expire_in`)).toContain('every plan would differ')
  })
})

function userOf(user: object) {
  return importedCluster({ vars: { pg_users: [user] } }).users?.at(-1)
}

function passwordOf(user: object): string | undefined {
  return userOf(user)?.password
}
