import { describe, expect, it } from 'vitest'
import { fleetOf, inCluster, told } from '../testing-file.ts'

describe('an HBA rule', () => {
  it('names a user and a database of the cluster', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases: [{ name: app, owner: app }]
      hba:
        - { user: +ap, database: ap, address: all }
        - { user: app, database: postgres, address: all }
    `)
    expect(told(file)).toEqual([
      '8 clusters[0].hba[0].user unknown-user: the HBA rule names user `ap`, which is not a user of this cluster → Did you mean `app`?',
      '8 clusters[0].hba[0].database unknown-database: the HBA rule names database `ap`, which is not a database of this cluster → Did you mean `app`?',
    ])
  })

  it('of a standby cluster names those of the cluster that it follows', () => {
    const file = fleetOf(`
    - name: pg-main
      users: [{ name: app }]
      databases: [{ name: app, owner: app }]
    - name: pg-far
      standbyOf: { cluster: pg-main }
      hba: [{ user: app, database: app, address: all }, { user: ghost, database: all, address: all }]
    `)
    expect(told(file)).toEqual([
      '9 clusters[1].hba[1].user unknown-user: the HBA rule names user `ghost`, which is not a user of this cluster → Known: app, all.',
    ])
  })

  it('lets nobody replicate', () => {
    const file = inCluster(`
      hba: [{ user: all, database: replication, address: all }]
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].hba[0].database replication-rule: a rule of the file cannot let anybody replicate: Drover lets in the standbys of the cluster and refuses everybody else → Remove the rule. To follow this cluster elsewhere, declare a cluster with `standbyOf`.',
    ])
  })

  it('is for members that exist', () => {
    const file = inCluster(`
      hba: [{ user: all, database: all, address: all, role: offline }]
    `)
    expect(told(file)).toEqual([
      'warning 5 clusters[0].hba[0].role hba-without-member: the rule is for `offline` members, of which the cluster has none → Add a group with `role: offline` to `replicas`, or remove the rule.',
    ])
  })

  it('is for networks that exist', () => {
    const file = inCluster(`
      hba: [{ user: all, database: all, address: clients }]
    `)
    expect(told(file)).toEqual([
      'warning 5 clusters[0].hba[0].address hba-without-network: the rule is for `clients`, but `fleet.clientNetworks` names no network → Name them there, or write the network here.',
    ])
  })

  it('is not the second for the same connections', () => {
    const file = inCluster(`
      users: [{ name: app }]
      hba:
        - { user: app, database: all, address: 10.0.0.0/8 }
        - { user: app, database: all, address: 10.0.0.0/8, role: all, auth: cert }
        - { user: app, database: all, address: 10.0.0.0/8, on: postgres }
    `)
    expect(told(file)).toEqual([
      'warning 8 clusters[0].hba[1] duplicate-hba-rule: another rule is for the very same connections; only the one that comes first is ever read → Remove one of the two.',
    ])
  })
})
