import { describe, expect, it } from 'vitest'
import { fleetOf, inCluster, told } from '../testing-file.ts'

describe('a service', () => {
  it("has a name of its own, and none of Drover's", () => {
    const file = inCluster(`
      services:
        - { name: reports, port: 7001 }
        - { name: reports, port: 7004 }
        - { name: offline, port: 7005 }
        - { name: replica-poolers, port: 7006 }
    `)
    expect(told(file)).toEqual([
      '7 clusters[0].services[1].name duplicate-service: service `reports` is declared twice → Rename or remove one of the two.',
      "8 clusters[0].services[2].name reserved-name: `offline` is a name of Drover's own → Choose another name; `primary`, `replica`, `default` and `offline` exist in every cluster.",
      "9 clusters[0].services[3].name reserved-name: `replica-poolers` is a name of Drover's own → Choose another name; `primary`, `replica`, `default` and `offline` exist in every cluster.",
    ])
  })

  it('is made of groups that exist', () => {
    const file = inCluster(`
      replicas: [{ name: readers, role: replica }]
      services: [{ name: reports, port: 7001, from: [raeders], backup: [nobody] }]
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].services[0].from[0] unknown-group: the service names `raeders`, which is no replica group of this cluster → Did you mean `readers`?',
      '6 clusters[0].services[0].backup[0] unknown-group: the service names `nobody`, which is no replica group of this cluster → Known: members, all, readers.',
    ])
  })

  it('has each group once', () => {
    const file = inCluster(`
      replicas: [{ name: readers, role: replica }]
      services:
        - { name: a, port: 7001, from: [readers, readers] }
        - { name: b, port: 7004, backup: [members] }
        - { name: c, port: 7005, from: [readers], backup: [all] }
    `)
    expect(told(file)).toEqual([
      '7 clusters[0].services[0].from[1] duplicate-group: group `readers` is named twice → Remove one of the two.',
      '8 clusters[0].services[1].backup[0] duplicate-group: group `members` is named twice → Remove one of the two.',
      '9 clusters[0].services[2].backup[0] group-in-all: `all` has every group in it; the others that the service names are named twice → Name `all` alone, or the groups one by one.',
      '9 clusters[0].services[2].backup[0] priority-inversion: when `readers` (priority 50) is down, its readers would fall on `all` (priority 100), which matters more → Name a backup of priority 50 or less, raise the priority of `readers`, or move `all` to `from` if it is to serve them always.',
    ])
  })

  it('never falls back on members that matter more', () => {
    const file = inCluster(`
      replicas:
        - { name: gold, role: replica, priority: 80 }
        - { name: bronze, role: replica, priority: 20 }
      services:
        - { name: a, port: 7001, from: [bronze], backup: [gold] }
        - { name: b, port: 7004, from: [gold, bronze], backup: [members] }
        - { name: c, port: 7005, from: [gold], backup: [bronze] }
        - { name: d, port: 7006, backup: [gold, bronze] }
    `)
    expect(told(file)).toEqual([
      '9 clusters[0].services[0].backup[0] priority-inversion: when `bronze` (priority 20) is down, its readers would fall on `gold` (priority 80), which matters more → Name a backup of priority 20 or less, raise the priority of `bronze`, or move `gold` to `from` if it is to serve them always.',
      '10 clusters[0].services[1].backup[0] priority-inversion: when `bronze` (priority 20) is down, its readers would fall on `members` (priority 100), which matters more → Name a backup of priority 20 or less, raise the priority of `bronze`, or move `members` to `from` if it is to serve them always.',
    ])
  })

  it('for the primary or a synchronous standby is made of full members', () => {
    const file = inCluster(`
      durability: sync
      replicas: [{ name: readers, role: replica }]
      services:
        - { name: a, port: 7001, check: primary, from: [members, readers] }
        - { name: b, port: 7004, check: sync, backup: [readers] }
        - { name: c, port: 7005, check: primary, from: [all] }
        - { name: d, port: 7006, check: primary }
    `)
    expect(told(file)).toEqual([
      '8 clusters[0].services[0].from[1] role-outside-members: `readers` is in a service for the primary, but only full members are ever that → Write `from: [members]` and no `backup`, or another `check`.',
      '9 clusters[0].services[1].backup[0] role-outside-members: `readers` is in a service for synchronous standbys, but only full members are ever that → Write `from: [members]` and no `backup`, or another `check`.',
      '10 clusters[0].services[2].from[0] role-outside-members: `all` is in a service for the primary, but only full members are ever that → Write `from: [members]` and no `backup`, or another `check`.',
    ])
  })

  it('has somebody who can answer', () => {
    const file = fleetOf(`
    - name: pg-main
      services: [{ name: a, port: 7001, check: sync }]
    - name: pg-far
      standbyOf: { cluster: pg-main }
      services: [{ name: b, port: 7004, check: primary }]
    - name: pg-one
      members: 1
      services: [{ name: c, port: 7005 }, { name: d, port: 7006, check: any }]
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].services[0].check service-without-server: nothing ever serves: with durability `async` no standby is synchronous → Set `durability: sync`, or `check: replica`.',
      '8 clusters[1].services[0].check service-without-server: nothing ever serves: a standby cluster has no primary → Set `check: read-only`, or put the service into the cluster that it follows.',
      'warning 10 clusters[2].members no-standby: the cluster has one member that may be primary: nothing takes over when its node fails → Set `members: 3` for high availability.',
      '11 clusters[2].services[0].name service-without-server: nothing ever serves: the only member that the service has is the primary → Set `check: read-only`, or add members.',
    ])
  })
})
