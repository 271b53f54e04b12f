import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CampaignCluster, CampaignPolicy } from '../../../shared/domain/campaign.ts'
import { COMPONENTS, type Component, type ComponentTurn } from '../../../shared/domain/component.ts'
import { componentWaves } from './component-waves.ts'
import { isOpen, parseWindow } from './maintenance-window.ts'
import { whyNotBegin } from './may-begin.ts'
import { wavesOf } from './waves.ts'

/** Unix milliseconds of the day before its first. */
const NOVEMBER = 1_793_404_800_000

const POLICY: CampaignPolicy = { canaries: [], stages: [], soakMs: 0, windows: [], budget: 0 }

function cluster(name: string, zone = 'a', change: Partial<CampaignCluster> = {}): CampaignCluster {
  return {
    name,
    members: [],
    nodes: [{ id: `node-${zone}`, labels: { zone } }],
    primaryNode: `node-${zone}`,
    ...change,
  }
}

describe('the waves of a campaign', () => {
  it('begin with a canary and grow', () => {
    const clusters = Array.from({ length: 41 }, (_, index) => cluster(`pg-${String(index).padStart(2, '0')}`))
    const waves = wavesOf(clusters, POLICY)
    expect(waves.map(({ clusters: names }) => names.length)).toEqual([1, 2, 4, 8, 16, 10])
    expect(waves[0]).toEqual({ name: 'canary', clusters: ['pg-00'] })
    expect(waves[1]?.name).toBe('wave 1 of 5')
  })

  it('go stage after stage, and in each zone after zone', () => {
    const clusters = [cluster('prod-b', 'b'), cluster('prod-a', 'a'), cluster('dev', 'b'), cluster('canary', 'b')]
    const policy = { ...POLICY, canaries: ['canary'], stages: [['dev'], ['prod-a', 'prod-b']], by: 'zone' }
    expect(wavesOf(clusters, policy).map(({ name, clusters: names }) => `${name}: ${names.join()}`)).toEqual([
      'canary: canary',
      'stage 1, zone b: dev',
      'stage 2, zone a: prod-a',
      'stage 2, zone b: prod-b',
    ])
  })

  it('have every cluster once, and a standby cluster always before its source', () => {
    const sketch = fc.record({
      source: fc.option(fc.nat(11)),
      zone: fc.constantFrom('a', 'b'),
      stage: fc.nat(3),
      canary: fc.integer({ min: 0, max: 9 }),
    })
    fc.assert(
      fc.property(fc.array(sketch, { minLength: 1, maxLength: 12 }), fc.boolean(), (sketches, byZone) => {
        const clusters = sketches.map(({ source, zone }, index) =>
          cluster(`pg-${index}`, zone, source !== null && source < index ? { standbyOf: `pg-${source}` } : {}),
        )
        const of = (choose: (each: (typeof sketches)[number]) => boolean): readonly string[] =>
          clusters.flatMap(({ name }, index) => (choose(sketches[index] ?? never()) ? [name] : []))
        const policy = {
          ...POLICY,
          canaries: of(({ canary }) => canary === 0),
          stages: [of(({ stage }) => stage === 1), of(({ stage }) => stage === 2)],
          ...(byZone ? { by: 'zone' } : {}),
        }
        const waves = wavesOf(clusters, policy)
        const order = waves.flatMap(({ clusters: names }) => names)
        expect(order.toSorted()).toEqual(clusters.map(({ name }) => name).toSorted())
        const waveOf = (name: string): number => waves.findIndex(({ clusters: names }) => names.includes(name))
        for (const { name, standbyOf } of clusters)
          if (standbyOf !== undefined) expect(waveOf(name)).toBeLessThan(waveOf(standbyOf))
      }),
    )
  })
})

describe('the waves of components', () => {
  const hosts = ['a', 'b', 'a', 'b', 'a', 'b'].map((zone, index) => cluster(`node-${index}`, zone))
  const turn = (node: string, component: Component): ComponentTurn => ({ node, component, packages: [] })

  it('take one component after the other through canaries and waves, leaders last as they were given', () => {
    const turns = ['node-2', 'node-0', 'node-1'].flatMap(node => turn(node, 'etcd'))
    const waves = componentWaves([turn('node-3', 'haproxy'), ...turns], hosts, { ...POLICY, canaries: ['node-1'] })
    expect(waves.map(({ name, clusters: names }) => `${name}: ${names.join()}`)).toEqual([
      'haproxy: canary: node-3',
      'etcd: canary: node-1',
      'etcd: wave 1 of 2: node-2',
      'etcd: wave 2 of 2: node-0',
    ])
  })

  it('have every turn once, each component in one piece, canaries first and zones apart', () => {
    const names = hosts.map(({ name }) => name)
    const turns = fc
      .uniqueArray(fc.record({ node: fc.constantFrom(...names), component: fc.constantFrom(...COMPONENTS) }), {
        selector: ({ node, component }) => `${component} ${node}`,
      })
      .map(all => all.map(({ node, component }) => turn(node, component)))
      .map(all => COMPONENTS.flatMap(component => all.filter(each => each.component === component)))
    fc.assert(
      fc.property(turns, fc.subarray(names), fc.subarray(names), fc.boolean(), (all, canaries, stage, byZone) => {
        const policy = {
          ...POLICY,
          canaries,
          stages: stage.length === 0 ? [] : [stage],
          ...(byZone ? { by: 'zone' } : {}),
        }
        const waves = componentWaves(all, hosts, policy)
        const taken = waves.flatMap(({ component, clusters: nodes }) => nodes.map(node => `${component} ${node}`))
        expect(taken.toSorted()).toEqual(all.map(({ component, node }) => `${component} ${node}`).toSorted())
        expect(new Set(waves.map(({ name }) => name)).size).toBe(waves.length)
        const order = waves.map(({ component }) => component)
        expect(order).toEqual(COMPONENTS.flatMap(component => order.filter(each => each === component)))
        for (const component of new Set(order)) {
          const [first, ...others] = waves.filter(wave => wave.component === component)
          const own = all.filter(each => each.component === component).map(({ node }) => node)
          const named = canaries.filter(name => own.includes(name))
          expect(first?.clusters).toEqual(named.length === 0 ? [first?.clusters[0]] : named)
          for (const { clusters: nodes } of byZone ? others : [])
            expect(new Set(nodes.map(node => zoneOf(node))).size).toBe(1)
          const rest = others.flatMap(({ clusters: nodes }) => nodes)
          const firstUnstaged = rest.findIndex(node => !stage.includes(node))
          if (stage.length > 0 && firstUnstaged >= 0)
            expect(rest.slice(firstUnstaged).filter(node => stage.includes(node))).toEqual([])
        }
      }),
    )
  })

  function zoneOf(name: string): string | undefined {
    return hosts.find(host => host.name === name)?.nodes[0]?.labels['zone']
  }
})

describe('a cluster', () => {
  const control = { paused: false, caps: { fleet: 3, node: 1, labels: { zone: 2 } } }
  const given = { underWay: [], control, windows: [], now: 0 }

  it('waits for a pause, a window and every cap', () => {
    const [one, two, far] = [cluster('one', 'a'), cluster('two', 'a', { nodes: [] }), cluster('far', 'b')]
    expect(whyNotBegin(one, given)).toBe(null)
    expect(whyNotBegin(one, { ...given, control: { ...control, paused: true } })).toMatch('paused')
    const windows = [{ days: [6], from: 0, to: 60, zone: 'UTC' }]
    expect(whyNotBegin(one, { ...given, windows })).toMatch('no maintenance window')
    expect(whyNotBegin(one, { ...given, underWay: [cluster('same')] })).toMatch('same node')
    expect(whyNotBegin(far, { ...given, underWay: [one] })).toBe(null)
    const sameZone = ['x', 'y'].map(id => cluster(id, 'a', { nodes: [{ id, labels: { zone: 'a' } }] }))
    expect(whyNotBegin(one, { ...given, underWay: sameZone })).toBe('2 in zone a are under way')
    expect(whyNotBegin(two, { ...given, underWay: [one, far, two] })).toBe('3 are under way')
  })
})

describe('a maintenance window', () => {
  /** Of November 2026; the 21st is a Saturday. */
  const at = (day: number, hour: number, minute = 0): number => NOVEMBER + ((day * 24 + hour) * 60 + minute) * 60_000

  it('is open by the clock of its zone, over midnight too', () => {
    const weekend = parseWindow('Sat,Sun 02:00-06:00 Europe/Berlin') ?? never()
    // Berlin is an hour ahead in winter, two in summer: the last one is a Saturday of July, at midnight.
    expect(isOpen(weekend, at(21, 1))).toBe(true)
    expect(isOpen(weekend, at(21, 0, 59))).toBe(false)
    expect(isOpen(weekend, at(21, 5))).toBe(false)
    expect(isOpen(weekend, 1_784_332_800_000)).toBe(true)
    const night = parseWindow('mon-fri 22:00-04:00') ?? never()
    expect(isOpen(night, at(20, 23))).toBe(true)
    expect(isOpen(night, at(21, 3, 59))).toBe(true)
    expect(isOpen(night, at(21, 23))).toBe(false)
    expect(isOpen(night, at(23, 3))).toBe(false)
  })

  it('is nothing that cannot be read', () => {
    const odd = ['', 'Sat', 'Sat 2:00-3:00', 'Sat 25:00-26:00', 'Sat 02:70-03:00', 'Xyz 01:00-02:00', 'Sat 01:00-01:00']
    expect([...odd, 'Sat 01:00-02:00 Europe/Nowhere'].map(parseWindow).filter(each => each !== undefined)).toEqual([])
  })
})

function never(): never {
  throw new Error('not in this test')
}
