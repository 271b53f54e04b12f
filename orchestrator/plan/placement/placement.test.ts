import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { specOf } from '../../../test/support/plan-runner.ts'
import { aNode, aSnapshot, type NodeSketch, nodes, offered } from '../../../test/support/snapshot-builder.ts'
import { type Placement, place } from './placement.ts'

const GIB = 1024 ** 3

describe('members', () => {
  it('spread over zones, then racks, then load, then names', () => {
    const zones = ['a', 'a', 'a', 'b', 'b', 'c'].map((zone, index) =>
      aNode({ name: `node-${index + 1}`, labels: { zone, rack: String(index % 2) } }),
    )
    expect(nodesOf(place(specOf('  - name: pg\n    members: 5'), aSnapshot({ nodes: zones })), 'pg')).toEqual([
      'node-1',
      'node-4',
      'node-6',
      'node-2',
      'node-5',
    ])
  })

  it('of two clusters keep away from each other while there is room', () => {
    const placed = place(specOf('  - name: one\n  - name: two'), aSnapshot({ nodes: nodes(6) }))
    expect(nodesOf(placed, 'one')).toEqual(['node-1', 'node-2', 'node-3'])
    expect(nodesOf(placed, 'two')).toEqual(['node-4', 'node-5', 'node-6'])
    expect(placed.allocations.clusters['two']?.portBlock).toBe(0)
  })

  it('of clusters that share nodes get port blocks of their own', () => {
    const placed = place(specOf('  - name: one\n  - name: two\n  - name: six'), aSnapshot({ nodes: nodes(3) }))
    expect(Object.values(placed.allocations.clusters).map(cluster => cluster.portBlock)).toEqual([0, 1, 2])
  })

  it('go where they are told, in that order', () => {
    const placed = place(
      specOf('  - name: pg\n    placement: { nodes: [node-4, node-2, node-3] }'),
      aSnapshot({ nodes: nodes(4) }),
    )
    expect(nodesOf(placed, 'pg')).toEqual(['node-4', 'node-2', 'node-3'])
  })

  it('share one platform, the one with room for all', () => {
    const mixed = [
      ...nodes(2),
      ...[3, 4, 5].map(index => aNode({ name: `node-${index}`, os: 'debian12', glibc: '2.36-9' })),
    ]
    const placed = place(specOf('  - name: pg'), aSnapshot({ nodes: mixed }))
    expect(nodesOf(placed, 'pg')).toEqual(['node-3', 'node-4', 'node-5'])
    expect(placed.allocations.clusters['pg']?.postgresVersion).toBe(15)
  })

  it('explain why this node, and why not each other one', () => {
    const some = [...nodes(4), aNode({ name: 'node-5', state: 'silent' }), aNode({ name: 'node-6', facts: false })]
    const [first] = place(
      specOf('  - name: pg\n    members: 2', '{ members: 1 }'),
      aSnapshot({ nodes: some }),
    ).explanations.filter(each => each.cluster === 'pg')
    expect(first).toMatchObject({
      instance: 'pg-1',
      node: 'node-1',
      because: 'no failure-domain labels; loaded to 25 % (cores); best of 3 nodes',
    })
    expect(first?.rejected).toEqual([
      { node: 'node-5', because: 'is silent' },
      { node: 'node-6', because: 'has not reported its hardware yet' },
      { node: 'node-3', because: 'as good as node-1, which comes first by name' },
      { node: 'node-4', because: 'as good as node-1, which comes first by name' },
    ])
  })
})

describe('an impossible placement', () => {
  const three = nodes(3)
  const zoned = [1, 2, 3].map(index => aNode({ name: `node-${index}`, labels: { zone: index < 3 ? 'a' : 'b' } }))
  const noVector = aSnapshot({
    nodes: three,
    packages: {
      debian13: Object.fromEntries(Object.entries(offered(17)).filter(([name]) => !name.includes('pgvector'))),
    },
  })
  it.each([
    ['no nodes', '', aSnapshot({ nodes: [] }), 'too-few-nodes', 'no node has enrolled'],
    ['too few nodes', '\n    members: 4', aSnapshot({ nodes: three }), 'too-few-nodes', 'finds 3 of 3 nodes'],
    [
      'a label nobody has',
      '\n    placement: { labels: { tier: db } }',
      aSnapshot({ nodes: three }),
      'too-few-nodes',
      'node-1 has no label tier=db',
    ],
    [
      'too few zones',
      '\n    placement: { spread: [zone], isolation: require }',
      aSnapshot({ nodes: zoned }),
      'isolation-impossible',
      'each in a zone of its own',
    ],
    [
      'a node that does not exist',
      '\n    members: 1\n    placement: { nodes: [ghost] }',
      aSnapshot({ nodes: three }),
      'too-few-nodes',
      'ghost does not exist',
    ],
    [
      'memory',
      '\n    resources: { memory: 32GB }',
      aSnapshot({ nodes: three }),
      'too-few-nodes',
      'has 13.6GB of memory left to give, 32GB of memory is demanded',
    ],
    [
      'cores',
      '\n    resources: { cores: 8 }',
      aSnapshot({ nodes: three }),
      'too-few-nodes',
      'has 4 cores left to give',
    ],
    [
      'disk',
      '\n    resources: { disk: 1TB }',
      aSnapshot({ nodes: three }),
      'too-few-nodes',
      'has 160GB of disk left to give',
    ],
    ['an OS that is not supported', '', aSnapshot({ nodes: nodes(3, { os: 'plan9' }) }), 'too-few-nodes', 'runs plan9'],
    [
      'a package that is not on offer',
      '\n    users: [{ name: a }]\n    databases: [{ name: a, owner: a, extensions: [vector] }]',
      noVector,
      'too-few-nodes',
      'postgresql-17-pgvector is not on offer for debian13',
    ],
  ])('for lack of %s names the shortage', (_, text, snapshot, code, message) => {
    const problems = place(specOf(`  - name: pg${text}`), snapshot).problems
    const problem = problems.find(each => each.code === code && each.message.includes('cluster pg'))
    expect(problem?.message).toContain(message)
    expect(problem?.hint).toBeDefined()
    expect(problem?.line).toBe(5)
  })

  it('of etcd says how many voters there could be', () => {
    const [problem] = place(
      specOf('  - name: pg\n    members: 2', '{ members: 3 }'),
      aSnapshot({ nodes: nodes(2) }),
    ).problems
    expect(problem).toMatchObject({
      code: 'too-few-nodes',
      path: 'etcd.members',
      hint: expect.stringContaining('etcd.members: 1'),
    })
  })

  it('counts what neighbours have been promised', () => {
    const spec = specOf(
      '  - name: one\n    resources: { memory: 10GB }\n  - name: two\n    resources: { memory: 10GB }',
    )
    const [problem] = place(spec, aSnapshot({ nodes: nodes(3) })).problems
    expect(problem?.message).toContain('has 3.6GB of memory left to give, 10GB of memory is demanded')
  })
})

describe('any placement', () => {
  const sketch = fc.record({
    zone: fc.constantFrom(undefined, 'a', 'b', 'c'),
    rack: fc.constantFrom(undefined, '1', '2'),
    os: fc.constantFrom('debian13', 'debian12'),
    state: fc.constantFrom<NodeSketch['state'][]>('ready', 'ready', 'ready', 'silent', 'draining'),
    memoryGib: fc.integer({ min: 1, max: 64 }),
  })
  const fleets = fc.array(sketch, { minLength: 1, maxLength: 12 }).map(each => each.map(toNode))
  const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })

  it('puts no two members of a cluster on one node, agrees on a platform, and uses no port twice', () => {
    fc.assert(
      fc.property(fleets, sizes, (fleet, members) => {
        const snapshot = aSnapshot({ nodes: fleet })
        const { allocations } = place(clusters(members), snapshot)
        const ports = new Set<string>()
        for (const cluster of Object.values(allocations.clusters)) {
          const ids = cluster.members.map(member => member.nodeId)
          expect(new Set(ids).size).toBe(ids.length)
          expect(new Set(ids.map(id => fleet.find(node => node.id === id)?.os)).size).toBe(1)
          expect(ids.every(id => fleet.find(node => node.id === id)?.state === 'ready')).toBe(true)
          for (const id of ids) {
            expect(ports.has(`${id}:${cluster.portBlock}`)).toBe(false)
            ports.add(`${id}:${cluster.portBlock}`)
          }
        }
      }),
    )
  })

  it('is the same whatever the order of the nodes, and stays when made again', () => {
    fc.assert(
      fc.property(fleets, sizes, (fleet, members) => {
        const spec = clusters(members)
        const first = place(spec, aSnapshot({ nodes: fleet }))
        expect(place(spec, aSnapshot({ nodes: fleet.toReversed() })).allocations).toEqual(first.allocations)
        if (first.problems.length > 0) return
        const again = place(spec, aSnapshot({ nodes: fleet, allocations: first.allocations }))
        expect(again.allocations).toEqual(first.allocations)
        expect(again.explanations).toEqual([])
      }),
    )
  })

  it('keeps existing members where they are when a cluster grows', () => {
    fc.assert(
      fc.property(fleets, fc.integer({ min: 1, max: 4 }), (fleet, members) => {
        const small = place(clusters([members]), aSnapshot({ nodes: fleet }))
        if (small.problems.length > 0) return
        const grown = place(clusters([members + 1]), aSnapshot({ nodes: fleet, allocations: small.allocations }))
        const before = small.allocations.clusters['pg-0']?.members ?? []
        expect(grown.allocations.clusters['pg-0']?.members.slice(0, before.length)).toEqual(before)
        if (grown.problems.length === 0)
          expect(grown.allocations.clusters['pg-0']?.members.at(-1)?.number).toBe(members + 1)
      }),
    )
  })

  it('fills zones evenly: none has two members more than another that had room', () => {
    fc.assert(
      fc.property(fleets, fc.integer({ min: 1, max: 5 }), (fleet, members) => {
        const uniform = fleet.map(node => ({
          ...node,
          os: 'debian13',
          state: 'ready' as const,
          facts: aNode({ name: node.name }).facts ?? fail(),
        }))
        const placed = place(clusters([members]), aSnapshot({ nodes: uniform }))
        const ids = placed.allocations.clusters['pg-0']?.members.map(member => member.nodeId) ?? []
        const zone = (node: SnapshotNode): string => node.labels['zone'] ?? ''
        const used = (name: string): number =>
          uniform.filter(node => zone(node) === name && ids.includes(node.id)).length
        const free = (name: string): boolean => uniform.some(node => zone(node) === name && !ids.includes(node.id))
        const names = [...new Set(uniform.map(zone))]
        for (const poor of names.filter(free)) for (const rich of names) expect(used(rich) - used(poor)).toBeLessThan(2)
      }),
    )
  })
})

function clusters(members: readonly number[]) {
  return specOf(
    members.map((count, index) => `  - name: pg-${index}\n    members: ${count}`).join('\n'),
    '{ members: 1 }',
  )
}

function toNode(
  {
    zone,
    rack,
    os,
    state,
    memoryGib,
  }: {
    readonly zone: string | undefined
    readonly rack: string | undefined
    readonly os: string
    readonly state: NodeSketch['state']
    readonly memoryGib: number
  },
  index: number,
): SnapshotNode {
  const labels = { ...(zone === undefined ? {} : { zone }), ...(rack === undefined ? {} : { rack }) }
  return aNode({
    name: `node-${index + 1}`,
    labels,
    os,
    memoryBytes: memoryGib * GIB,
    ...(state === undefined ? {} : { state }),
  })
}

function nodesOf(placed: Placement, cluster: string): readonly string[] {
  return (placed.allocations.clusters[cluster]?.members ?? []).map(member => member.nodeId.replace(/^id-/, ''))
}

function fail(): never {
  throw new Error('a node without facts')
}
