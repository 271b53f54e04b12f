import { describe, expect, it } from 'vitest'
import { fleetOf, inCluster, told } from '../testing-file.ts'

describe('durability', () => {
  it('needs a standby that can confirm, which a replica group never does', () => {
    const file = inCluster(`
      members: 1
      durability: sync
      replicas: [{ name: readers, role: replica, members: 2 }]
    `)
    expect(told(file)).toEqual([
      'warning 5 clusters[0].members no-standby: the cluster has one member that may be primary: nothing takes over when its node fails → Set `members: 3` for high availability.',
      '6 clusters[0].durability sync-needs-standby: durability `sync` needs a standby to confirm each commit, but the cluster has one member → Set `members: 3` (or at least 2), or `durability: async`. Replica groups never confirm a commit.',
    ])
  })

  it('stops all writes when there is one standby only, and it is strict', () => {
    const file = inCluster(`
      members: 2
      durability: strict-sync
    `)
    expect(told(file)).toEqual([
      'warning 6 clusters[0].durability writes-stop: with two members and `strict-sync`, losing either of them stops all writes → Set `members: 3`, or `durability: sync`.',
    ])
  })

  it('is refused when it is strict and wants more standbys than there are', () => {
    const file = inCluster(`
      durability: strict-sync
      synchronous: { standbys: 3 }
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].synchronous.standbys too-few-standbys: 3 standbys cannot confirm a commit: beside the primary the cluster has 2 → Set `members: 4` or more, or `standbys: 2`. Replica groups never confirm a commit.',
    ])
  })

  it('is warned of when it wants more standbys than there are', () => {
    const file = inCluster(`
      durability: sync
      synchronous: { standbys: 3 }
    `)
    expect(told(file)).toEqual([
      'warning 6 clusters[0].synchronous.standbys too-few-standbys: 3 standbys cannot confirm a commit: beside the primary the cluster has 2 → Set `members: 4` or more, or `standbys: 2`. Replica groups never confirm a commit.',
    ])
  })

  it('that waits for nobody makes the choice of standbys void', () => {
    const file = inCluster(`
      synchronous: { standbys: 2, across: zone }
    `)
    expect(told(file)).toEqual([
      'warning 5 clusters[0].synchronous.standbys unused-synchronous: `synchronous.standbys` has no effect with durability `async`: no commit waits for a standby → Set `durability: sync`, or remove it.',
      'warning 5 clusters[0].synchronous.across unused-synchronous: `synchronous.across` has no effect with durability `async`: no commit waits for a standby → Set `durability: sync`, or remove it.',
    ])
  })

  it('that waits makes the lag of a failover void', () => {
    const file = inCluster(`
      durability: sync
      failoverLag: 16MB
    `)
    expect(told(file)).toEqual([
      'warning 6 clusters[0].failoverLag unused-failover-lag: `failoverLag` has no effect with durability `sync`: only a standby that confirmed every commit takes over → Remove it, or set `durability: async`.',
    ])
  })

  it('comes from the source in a standby cluster', () => {
    const file = fleetOf(`
    - name: pg-main
    - name: pg-far
      durability: sync
      standbyOf: { cluster: pg-main }
    `)
    expect(told(file)).toEqual([
      'warning 6 clusters[1].durability durability-of-standby-cluster: durability `sync` has no effect in a standby cluster: commits are made in the cluster that it follows → Set it there.',
    ])
  })

  it('names the consequence of a required watchdog', () => {
    const file = inCluster(`
      watchdog: required
    `)
    expect(told(file)).toEqual([
      'warning 5 clusters[0].watchdog watchdog-required: a member whose host has no watchdog device never becomes primary, even if no other is left → See that every host has /dev/watchdog or can load `softdog`, which a container cannot; or set `watchdog: automatic`.',
    ])
  })
})
