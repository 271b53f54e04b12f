import { describe, expect, it } from 'vitest'
import { inCluster, told } from '../testing-file.ts'

describe('a replica group', () => {
  it('has a name of its own', () => {
    const file = inCluster(`
      replicas:
        - { name: readers, role: replica }
        - { name: readers, role: offline }
    `)
    expect(told(file)).toEqual([
      '7 clusters[0].replicas[1].name duplicate-replica-group: replica group `readers` is declared twice → Rename or remove one of the two.',
    ])
  })

  it('is not called what services mean other members by', () => {
    const file = inCluster(`
      replicas:
        - { name: members, role: replica }
        - { name: all, role: replica }
        - { name: primary, role: replica }
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].replicas[0].name reserved-name: `members` is not free as the name of a replica group: services mean other members by it → Name what the group is for, such as `readers`.',
      '7 clusters[0].replicas[1].name reserved-name: `all` is not free as the name of a replica group: services mean other members by it → Name what the group is for, such as `readers`.',
      '8 clusters[0].replicas[2].name reserved-name: `primary` is not free as the name of a replica group: services mean other members by it → Name what the group is for, such as `readers`.',
    ])
  })

  it('is not called after a role that it does not have', () => {
    const file = inCluster(`
      replicas:
        - { name: offline, role: replica }
        - { name: delayed, role: delayed, delay: 1h }
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].replicas[0].name misleading-name: the group `offline` has another role, `replica` → Set `role: offline`, or rename the group.',
    ])
  })

  it('stays behind exactly when it is a delayed one', () => {
    const file = inCluster(`
      replicas:
        - { name: late, role: delayed }
        - { name: readers, role: replica, delay: 1h }
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].replicas[0] missing-delay: a `delayed` group needs a `delay`: how far it stays behind → Add `delay: 1h`.',
      '7 clusters[0].replicas[1].delay delay-without-role: only a `delayed` group has a `delay`; this one is `replica` → Set `role: delayed`, or remove the delay.',
    ])
  })

  it('stays behind by more than nothing, and by no more than PostgreSQL can', () => {
    const file = inCluster(`
      replicas:
        - { name: a, role: delayed, delay: 0 }
        - { name: b, role: delayed, delay: 25d }
        - { name: c, role: delayed, delay: soon }
        - { name: d, role: delayed, delay: -5 }
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].replicas[0].delay out-of-range: must be more than 0, not `0`',
      '7 clusters[0].replicas[1].delay out-of-range: must be at most `24d`, not `25d`',
      '8 clusters[0].replicas[2].delay bad-duration: `soon` is not a duration → Write `500us`, `2ms`, `30s`, `10min`, `4h` or `7d`.',
      '9 clusters[0].replicas[3].delay out-of-range: must not be negative, as `-5` is',
    ])
  })

  it('may be there without a complaint', () => {
    const file = inCluster(`
      replicas:
        - { name: readers, role: replica, members: 2, priority: 80 }
        - { name: offline, role: offline, nodes: [10.0.0.9] }
        - { name: late, role: delayed, delay: 24d }
    `)
    expect(told(file)).toEqual([])
  })
})
