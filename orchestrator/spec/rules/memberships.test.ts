import { describe, expect, it } from 'vitest'
import { fleetOf, inCluster, told } from '../testing-file.ts'

describe('a membership', () => {
  it('is in a role that exists', () => {
    const file = inCluster(`
      users: [{ name: app, memberOf: [readrs, { role: pg_read_all_dta }] }, { name: readers, login: false }]
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].users[0].memberOf[0] unknown-role: `memberOf` names `readrs`, which is not a user of this cluster → Did you mean `readers`?',
      '5 clusters[0].users[0].memberOf[1].role unknown-role: `memberOf` names `pg_read_all_dta`, which is not a user of this cluster → Did you mean `pg_read_all_data`?',
    ])
  })

  it('is in a role that this version of PostgreSQL has', () => {
    const file = inCluster(`
      postgresVersion: 15
      users: [{ name: app, memberOf: [pg_maintain, pg_checkpoint] }]
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].users[0].memberOf[0] needs-version: role `pg_maintain` needs PostgreSQL 17 or later; the cluster has 15 → Remove it, or make the cluster with `postgresVersion: 17` or later.',
    ])
  })

  it('is declared once, as a name or as a map', () => {
    const file = inCluster(`
      users: [{ name: app, memberOf: [g, { role: g, admin: true }] }, { name: g, login: false }]
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].users[0].memberOf[1].role duplicate-membership: membership `g` is named twice → Remove one of the two.',
    ])
  })

  it('says how it is inherited from PostgreSQL 16 on', () => {
    const file = inCluster(`
      postgresVersion: 15
      users: [{ name: app, memberOf: [{ role: g, inherit: false, set: true }] }, { name: g, login: false }]
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].users[0].memberOf[0].inherit needs-version: `inherit` of a membership needs PostgreSQL 16 or later; the cluster has 15 → Remove it, or make the cluster with `postgresVersion: 16` or later.',
      '6 clusters[0].users[0].memberOf[0].set needs-version: `set` of a membership needs PostgreSQL 16 or later; the cluster has 15 → Remove it, or make the cluster with `postgresVersion: 16` or later.',
    ])
  })

  it('may say so when the version is left open, or new enough', () => {
    const file = fleetOf(`
    - name: pg-main
      users: [{ name: app, memberOf: [{ role: g, inherit: false }] }, { name: g, login: false }]
    - name: pg-new
      postgresVersion: 16
      users: [{ name: app, memberOf: [{ role: g, set: false }] }, { name: g, login: false }]
    `)
    expect(told(file)).toEqual([])
  })

  it('is never in oneself, and never in a circle', () => {
    const file = inCluster(`
      users:
        - { name: narcissus, memberOf: [narcissus] }
        - { name: a, memberOf: [{ role: b }] }
        - { name: b, memberOf: [a] }
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].users[0].memberOf[0] member-of-itself: user `narcissus` cannot be a member of itself → Remove it.',
      '7 clusters[0].users[1].memberOf membership-cycle: `memberOf` goes in a circle: a → b → a → Remove one of these memberships.',
    ])
  })
})
