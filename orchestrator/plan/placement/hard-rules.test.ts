import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MemberAllocation, Snapshot, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../../shared/domain/spec.ts'
import { specOf } from '../../../test/support/plan-runner.ts'
import { aNode, aSnapshot } from '../../../test/support/snapshot-builder.ts'
import { place } from './placement.ts'

const GIB = 1024 ** 3

/** Fleets in which about half of what is asked for is possible. */
const sketches = fc.record({
  zone: fc.constantFrom('a', 'b', 'c', undefined),
  os: fc.constantFrom('debian13', 'debian13', 'debian12'),
  state: fc.constantFrom('ready' as const, 'ready' as const, 'ready' as const, 'silent' as const, 'draining' as const),
  memoryGib: fc.constantFrom(8, 16, 64),
  threads: fc.constantFrom(2, 8),
  fsyncMicros: fc.constantFrom(undefined, 300, 3000),
})
const fleets = fc.array(sketches, { minLength: 2, maxLength: 14 }).map(each => each.map(toNode))
const demands = fc.record({
  members: fc.integer({ min: 1, max: 4 }),
  replicas: fc.constantFrom(0, 0, 1, 2),
  memoryGib: fc.constantFrom(undefined, 2, 6),
  cores: fc.constantFrom(undefined, 1, 3),
  diskGib: fc.constantFrom(undefined, 40, 100),
  fsync: fc.constantFrom(undefined, '2ms'),
  isolation: fc.constantFrom('prefer', 'prefer', 'zone'),
})
const specs = fc.array(demands, { minLength: 1, maxLength: 5 }).map(toSpec)

describe('whatever is placed', () => {
  it('keeps every hard rule', () => {
    fc.assert(
      fc.property(fleets, specs, (fleet, spec) => {
        const snapshot = aSnapshot({ nodes: fleet })
        const { allocations, problems } = place(spec, snapshot)
        for (const cluster of spec.clusters) {
          const allocation = allocations.clusters[cluster.name]
          if (allocation === undefined) {
            expect(problems.some(problem => problem.message.includes(`cluster ${cluster.name} needs`))).toBe(true)
            continue
          }
          expectRules(cluster, allocation.members, snapshot)
        }
        expectHeadroom(spec, snapshot, allocations.clusters)
      }),
    )
  })

  it('is the same for any order of nodes and of clusters', () => {
    fc.assert(
      fc.property(fleets, specs, (fleet, spec) => {
        const first = place(spec, aSnapshot({ nodes: fleet }))
        expect(place(spec, aSnapshot({ nodes: fleet.toReversed() })).allocations).toEqual(first.allocations)
        const reversed = { ...spec, clusters: spec.clusters.toReversed() }
        expect(nodesOf(place(reversed, aSnapshot({ nodes: fleet })).allocations)).toEqual(nodesOf(first.allocations))
      }),
    )
  })

  it('stays when another cluster comes, and when a member does', () => {
    fc.assert(
      fc.property(fleets, specs, demands, (fleet, spec, more) => {
        const first = place(spec, aSnapshot({ nodes: fleet }))
        fc.pre(first.problems.every(problem => problem.severity === 'warning'))
        const applied = aSnapshot({ nodes: fleet, allocations: first.allocations })
        const wider = toSpec([...spec.clusters.map(() => more), more]).clusters.slice(-1)
        const second = place({ ...spec, clusters: [...spec.clusters, ...wider] }, applied)
        expect(second.allocations.clusters).toMatchObject(first.allocations.clusters)
        const grown = spec.clusters.map(cluster => ({ ...cluster, members: cluster.members + 1 }))
        const third = place({ ...spec, clusters: grown }, applied).allocations.clusters
        for (const [name, { members }] of Object.entries(first.allocations.clusters))
          expect(third[name]?.members.slice(0, members.length)).toEqual(members)
      }),
    )
  })

  it('hardly changes when a fresh fleet is to take one cluster more', () => {
    const fleet = Array.from({ length: 30 }, (_, index) =>
      aNode({
        name: `node-${index + 1}`,
        labels: { zone: 'abc'[index % 3] ?? '' },
        threads: 32,
        memoryBytes: 128 * GIB,
      }),
    )
    const demand = { members: 3, replicas: 0, memoryGib: 6, cores: 1, diskGib: 40, fsync: undefined, isolation: 'zone' }
    const before = nodesOf(place(toSpec(Array(20).fill(demand)), aSnapshot({ nodes: fleet })).allocations)
    const after = nodesOf(place(toSpec(Array(21).fill(demand)), aSnapshot({ nodes: fleet })).allocations)
    const moved = Object.entries(before).filter(([name, nodes]) => after[name]?.join() !== nodes.join())
    expect(moved.length).toBeLessThanOrEqual(2)
  })
})

function expectRules(cluster: ClusterSpec, members: readonly MemberAllocation[], snapshot: Snapshot): void {
  const full = members.filter(member => member.group === undefined)
  expect(full.length).toBe(cluster.members)
  for (const group of cluster.replicas)
    expect(members.filter(member => member.group === group.name).length).toBe(group.members)
  expect(members[0]?.group).toBeUndefined()
  const nodes = members.map(member => nodeOf(member, snapshot))
  expect(new Set(nodes).size).toBe(nodes.length)
  expect(nodes.every(node => node.state === 'ready')).toBe(true)
  expect(new Set(nodes.map(node => node.os)).size).toBe(1)
  const zones = full.map(member => nodeOf(member, snapshot).labels['zone'])
  if (cluster.placement.isolation !== undefined) {
    expect(zones).not.toContain(undefined)
    expect(new Set(zones).size).toBe(zones.length)
  }
  const limit = cluster.resources.fsyncMicros
  if (limit !== undefined)
    for (const member of full)
      expect(nodeOf(member, snapshot).facts?.fsync?.p99Micros ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(limit)
}

function expectHeadroom(
  spec: FleetSpec,
  snapshot: Snapshot,
  clusters: Readonly<Record<string, { readonly members: readonly MemberAllocation[] }>>,
): void {
  for (const node of snapshot.nodes) {
    const there = spec.clusters.filter(({ name }) => clusters[name]?.members.some(({ nodeId }) => nodeId === node.id))
    const sum = (pick: (of: ClusterSpec['resources']) => number | undefined): number =>
      there.reduce((total, { resources }) => total + (pick(resources) ?? 0), 0)
    const facts = node.facts
    if (facts === undefined || there.length === 0) continue
    const [memory, cores] = [facts.memory.effectiveBytes, facts.cpu.effective]
    expect(sum(of => of.memoryBytes)).toBeLessThanOrEqual(0.85 * ('value' in memory ? memory.value : 0))
    expect(sum(of => of.cores)).toBeLessThanOrEqual('value' in cores ? cores.value : 0)
    expect(sum(of => of.diskBytes)).toBeLessThanOrEqual(0.8 * (facts.filesystems[0]?.sizeBytes ?? 0))
  }
}

function nodeOf(member: MemberAllocation, snapshot: Snapshot): SnapshotNode {
  const node = snapshot.nodes.find(each => each.id === member.nodeId)
  if (node === undefined) throw new Error(`${member.instance} is on no node`)
  return node
}

function nodesOf({ clusters }: Snapshot['allocations']): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(clusters).map(([name, { members }]) => [name, members.map(({ nodeId }) => nodeId)]),
  )
}

type Sketch = typeof sketches extends fc.Arbitrary<infer T> ? T : never
type Demanded = Omit<typeof demands extends fc.Arbitrary<infer T> ? T : never, 'isolation'> & {
  readonly isolation: string
}

function toNode({ zone, os, state, memoryGib, threads, fsyncMicros }: Sketch, index: number): SnapshotNode {
  return aNode({
    name: `node-${index + 1}`,
    os,
    state,
    threads,
    memoryBytes: memoryGib * GIB,
    labels: zone === undefined ? {} : { zone },
    ...(fsyncMicros === undefined ? {} : { fsyncMicros }),
  })
}

function toSpec(clusters: readonly Demanded[]): FleetSpec {
  const texts = clusters.map(({ members, replicas, memoryGib, cores, diskGib, fsync, isolation }, index) => {
    const resources = [
      ...(memoryGib === undefined ? [] : [`memory: ${memoryGib}GB`]),
      ...(cores === undefined ? [] : [`cores: ${cores}`]),
      ...(diskGib === undefined ? [] : [`disk: ${diskGib}GB`]),
      ...(fsync === undefined ? [] : [`fsync: ${fsync}`]),
    ]
    const groups = replicas === 0 ? '' : `, replicas: [{ name: readers, role: replica, members: ${replicas} }]`
    return `  - { name: pg-${String.fromCharCode(97 + index)}, members: ${members}, placement: { isolation: ${isolation} }, resources: { ${resources.join(', ')} }${groups} }`
  })
  return specOf(texts.join('\n'), '{ members: 1 }')
}
