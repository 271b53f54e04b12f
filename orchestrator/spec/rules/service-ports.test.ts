import { describe, expect, it } from 'vitest'
import { fleetOf, inCluster, told } from '../testing-file.ts'

describe('the port of a service', () => {
  it("is none of Drover's, in whatever block of ports", () => {
    const file = inCluster(`
      services:
        - { name: a, port: 5435 }
        - { name: b, port: 5443 }
        - { name: c, port: 8018 }
        - { name: d, port: 2379 }
        - { name: e, port: 5437 }
    `)
    expect(told(file)).toEqual([
      "6 clusters[0].services[0].port own-port: port 5435 is Drover's own (write hop) → Port 5439 is free.",
      "7 clusters[0].services[1].port own-port: port 5443 is Drover's own (primary in port block 1) → Port 5447 is free.",
      "8 clusters[0].services[2].port own-port: port 8018 is Drover's own (patroni in port block 1) → Port 8019 is free.",
      "9 clusters[0].services[3].port own-port: port 2379 is Drover's own (etcd) → Port 2381 is free.",
    ])
  })

  it('is not that of another service of the cluster', () => {
    const file = inCluster(`
      services: [{ name: a, port: 7001 }, { name: b, port: 7001 }]
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].services[1].port duplicate-port: port 7001 is that of service `a` already → Port 7004 is free.',
    ])
  })

  it('is not its own target', () => {
    const file = inCluster(`
      services: [{ name: a, port: 7001, target: 7001 }]
    `)
    expect(told(file)).toEqual([
      '5 clusters[0].services[0].target service-to-itself: the service leads to its own port 7001, so every connection would go round in a circle → Name the port of what is to answer, or `pooler` or `postgres`.',
    ])
  })

  it('is doubted when another cluster has it, which may share a node', () => {
    const file = fleetOf(`
    - name: pg-a
      services: [{ name: a, port: 7001 }]
    - name: pg-b
      services: [{ name: b, port: 7001 }]
    `)
    expect(told(file)).toEqual([
      'warning 7 clusters[1].services[0].port duplicate-port: service `a` of cluster `pg-a` has port 7001 too: no node can hold both clusters → Port 7004 is free.',
    ])
  })

  it('is refused when another cluster has it, which does share a node', () => {
    const file = fleetOf(`
    - name: pg-a
      placement: { nodes: [n1, n2, n3] }
      services: [{ name: a, port: 7001 }]
    - name: pg-b
      placement: { nodes: [n3, n4, n5] }
      services: [{ name: b, port: 7001 }]
    `)
    expect(told(file)).toEqual([
      '9 clusters[1].services[0].port duplicate-port: service `a` of cluster `pg-a` has port 7001 too, and node `n3` holds both clusters → Port 7004 is free.',
    ])
  })

  it('may be that of another cluster, which shares no node', () => {
    const file = fleetOf(`
    - name: pg-a
      placement: { nodes: [n1, n2, n3] }
      services: [{ name: a, port: 7001 }]
    - name: pg-b
      placement: { nodes: [n4, n5, n6] }
      services: [{ name: b, port: 7001 }]
    `)
    expect(told(file)).toEqual([])
  })
})
