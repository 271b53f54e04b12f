import { describe, expect, it } from 'vitest'
import { inCluster, told } from '../testing-file.ts'

describe('the members of a cluster', () => {
  it('are more than one, or nothing takes over', () => {
    const file = inCluster(`
      members: 1
    `)
    expect(told(file)).toEqual([
      'warning 5 clusters[0].members no-standby: the cluster has one member that may be primary: nothing takes over when its node fails → Set `members: 3` for high availability.',
    ])
  })

  it('are at most 32, replica groups included', () => {
    const file = inCluster(`
      members: 5
      replicas:
        - { name: a, role: replica, members: 16 }
        - { name: b, role: replica, members: 12 }
    `)
    expect(told(file)).toEqual([
      '7 clusters[0].replicas too-many-members: the cluster has 33 members with its replicas; at most 32 are supported → Put further readers into a standby cluster (`standbyOf`), which takes its changes from this one once.',
    ])
  })

  it('may be 32', () => {
    const file = inCluster(`
      members: 16
      replicas:
        - { name: a, role: replica, members: 15 }
        - { name: b, role: replica }
    `)
    expect(told(file)).toEqual([])
  })
})
