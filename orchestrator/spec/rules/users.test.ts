import { describe, expect, it } from 'vitest'
import { inCluster, told } from '../testing-file.ts'

describe('a user', () => {
  it('is declared once', () => {
    const file = inCluster(`
      users: [{ name: app }, { name: app }]
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].users[1].name duplicate-user: user `app` is declared twice → Rename or remove one of the two.',
    ])
  })

  it('that is a group has no use for what goes with a login', () => {
    const file = inCluster(`
      users: [{ name: readers, login: false, validUntil: infinity, connectionLimit: 3 }]
    `)
    expect(told(file)).toEqual([
      'warning 5 clusters[0].users[0].validUntil unused-by-group: `validUntil` has no effect on a user with `login: false`: nobody logs in as it → Remove it, or `login: false`.',
      'warning 5 clusters[0].users[0].connectionLimit unused-by-group: `connectionLimit` has no effect on a user with `login: false`: nobody logs in as it → Remove it, or `login: false`.',
    ])
  })

  it('that is not pooled has no pool', () => {
    const file = inCluster(`
      users: [{ name: app, pooled: false, poolMode: session, poolConnections: 5 }]
    `)
    expect(told(file)).toEqual([
      'warning 5 clusters[0].users[0].poolMode unused-pool: `poolMode` has no effect on a user with `pooled: false` → Remove it, or `pooled: false`.',
      'warning 5 clusters[0].users[0].poolConnections unused-pool: `poolConnections` has no effect on a user with `pooled: false` → Remove it, or `pooled: false`.',
    ])
  })

  it('ends at a time that can be read', () => {
    const file = inCluster(`
      users: [{ name: app, validUntil: tomorrow }]
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].users[0].validUntil wrong-type: `tomorrow` must be a date such as `2030-12-31`, a time such as `2030-12-31T18:00:00Z`, or `infinity`',
    ])
  })
})
