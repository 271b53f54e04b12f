import { describe, expect, it } from 'vitest'
import { inCluster, told } from '../testing-file.ts'

describe('placement', () => {
  it('names one node for each member and each of a group', () => {
    const file = inCluster(`
      placement: { nodes: [a, b] }
      replicas: [{ name: readers, role: replica, members: 2, nodes: [c] }]
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].placement.nodes node-count: `placement.nodes` names 2 nodes for 3 members → Name exactly one node for each member.',
      '6 clusters[0].replicas[0].nodes node-count: `nodes` names 1 node for 2 members → Name exactly one node for each member.',
    ])
  })

  it('puts no two members on one node, whatever they are for', () => {
    const file = inCluster(`
      placement: { nodes: [a, b, a] }
      replicas: [{ name: readers, role: replica, nodes: [b] }]
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].placement.nodes[2] duplicate-node: node `a` is named twice; a node holds one member of a cluster → Name another node.',
      '6 clusters[0].replicas[0].nodes[0] duplicate-node: node `b` is named twice; a node holds one member of a cluster → Name another node.',
    ])
  })

  it('takes names and addresses of both kinds', () => {
    const file = inCluster(`
      placement: { nodes: [node-1.example, 10.10.10.12, "fd00::13"] }
    `)
    expect(told(file)).toEqual([])
  })

  it('asks for durable writes within ten seconds', () => {
    const file = inCluster(`
      resources: { fsync: 11s }
    `)
    expect(told(file)).toEqual(['5 clusters[0].resources.fsync out-of-range: must be at most `10s`, not `11s`'])
  })

  it('refuses what only looks like an address', () => {
    const file = inCluster(`
      placement: { nodes: [10.10.10.300, "fd00::xyz", "a b"] }
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].placement.nodes[0] bad-name: `10.10.10.300` must be an IP address or the name of a host',
      '5 clusters[0].placement.nodes[1] wrong-type: `fd00::xyz` must be a node name as `drover node list` shows it, or its IP address',
      '5 clusters[0].placement.nodes[2] wrong-type: `a b` must be a node name as `drover node list` shows it, or its IP address',
    ])
  })

  it('needs a label to isolate over', () => {
    const file = inCluster(`
      placement: { isolation: require, spread: [] }
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].placement.isolation isolation-without-spread: `isolation: require` needs a label to isolate over, but `spread` is empty → Set `spread: [zone]`, or `isolation: prefer`.',
    ])
  })

  it('spreads over each label once', () => {
    const file = inCluster(`
      placement: { spread: [zone, rack, zone] }
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].placement.spread[2] duplicate-label: label `zone` is named twice → Remove one of the two.',
    ])
  })

  it('doubts a label that members are not spread over', () => {
    const file = inCluster(`
      durability: sync
      synchronous: { across: zonee }
      placement: { isolation: datacenter }
    `)
    expect(told(file)).toEqual([
      'warning 6 clusters[0].synchronous.across label-not-in-spread: `zonee` is no label of `placement.spread`, so members are not spread over it → Did you mean `zone`? Else add `zonee` to `spread`.',
      'warning 7 clusters[0].placement.isolation label-not-in-spread: `datacenter` is no label of `placement.spread`, so members are not spread over it → Add `datacenter` to `spread`.',
    ])
  })

  it('takes any label of the spread', () => {
    const file = inCluster(`
      durability: sync
      synchronous: { across: site }
      placement: { isolation: site, spread: [site] }
    `)
    expect(told(file)).toEqual([])
  })
})
