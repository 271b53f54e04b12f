import { describe, expect, it } from 'vitest'
import { specOf } from '../../../test/support/plan-runner.ts'
import { aNode, aSnapshot, type NodeSketch, nodes } from '../../../test/support/snapshot-builder.ts'
import { place } from './placement.ts'

const GIB = 1024 ** 3

describe('among what is possible', () => {
  it('diversity comes before load: the second member goes to a busy zone rather than to the first one', () => {
    const fleet = [inZone('a', {}), inZone('a', {}), inZone('b', { threads: 2, memoryBytes: 4 * GIB })]
    expect(placed('  - { name: pg, members: 2 }', fleet)['pg']).toEqual(['node-1', 'node-3'])
  })

  it('the narrower level decides where the wider one cannot', () => {
    const racks = ['1', '1', '2'].map((rack, index) =>
      aNode({ name: `node-${index + 1}`, labels: { zone: 'a', rack } }),
    )
    expect(placed('  - { name: pg, members: 2 }', racks)['pg']).toEqual(['node-1', 'node-3'])
  })

  it('a standby that may have to lead weighs like a primary', () => {
    // Alone, half of its cores would fit beside the neighbour; promoted it would not, so the third node is better.
    const fleet = [
      aNode({ name: 'node-1', threads: 8 }),
      aNode({ name: 'node-2', threads: 8 }),
      aNode({ name: 'node-3', threads: 8 }),
    ]
    const nodesOf = placed(
      '  - { name: big, members: 1, resources: { cores: 4 } }\n  - { name: pg, members: 2, resources: { cores: 4 } }',
      fleet,
    )
    expect(nodesOf['pg']).not.toContain(nodesOf['big']?.[0])
  })

  it('primaries that fail together do not promote their standbys onto one node', () => {
    const text = ['one', 'two', 'six'].map(name => `  - { name: ${name}, members: 2, resources: { cores: 4 } }`)
    const result = placed(text.join('\n'), nodes(3, { threads: 16 }))
    const pairs = Object.values(result).map(([primary, standby]) => `${primary} ${standby}`)
    expect(new Set(pairs.map(pair => pair.split(' ').sort().join(' '))).size).toBe(3)
  })

  it('the larger machine takes the larger part', () => {
    const fleet = [
      aNode({ name: 'node-1', memoryBytes: 16 * GIB }),
      aNode({ name: 'node-2', memoryBytes: 64 * GIB, threads: 16 }),
    ]
    const text = ['one', 'two', 'six'].map(name => `  - { name: ${name}, members: 1, resources: { memory: 6GB } }`)
    const result = placed(text.join('\n'), fleet)
    expect(
      Object.values(result)
        .flat()
        .filter(node => node === 'node-2').length,
    ).toBeGreaterThanOrEqual(2)
  })

  it.each([
    [[4, 6, 9, 4, 6, 12, 4, 3, 6], 18],
    [[14, 6, 12, 3, 12, 4, 9, 12, 5], 26],
    [[11, 14, 14, 3, 6, 6, 4, 6, 10], 25],
  ])(
    'the fullest of three nodes gets the least that is possible, where no single exchange leads there: %j',
    (sizes, least) => {
      const names = sizes.map((size, index) => [`pg-${index}`, size] as const)
      const text = names.map(
        ([name, size]) =>
          `  - { name: ${name}, members: 1, resources: { memory: ${size}GB, cores: 0.1, disk: 1GB, iops: 1 } }`,
      )
      const result = placed(text.join('\n'), nodes(3, { memoryBytes: 128 * GIB, threads: 64 }))
      const taken = new Map<string, number>()
      for (const [name, size] of names) {
        const [node = ''] = result[name] ?? []
        taken.set(node, (taken.get(node) ?? 0) + size)
      }
      expect(Math.max(...taken.values())).toBe(least)
    },
  )

  it('a fleet without clusters is left in peace', () => {
    expect(placed('  []', nodes(3))).toEqual({})
  })

  it('each node leads about as many clusters', () => {
    const text = ['one', 'two', 'six'].map(name => `  - { name: ${name}, members: 3 }`)
    const leaders = Object.values(placed(text.join('\n'), nodes(3, { threads: 16, memoryBytes: 64 * GIB }))).flatMap(
      ([first]) => first ?? [],
    )
    expect(leaders.toSorted()).toEqual(['node-1', 'node-2', 'node-3'])
  })

  it('long scans keep away from commits that must be quick, where load does not tell', () => {
    const big = { threads: 512, memoryBytes: 4096 * GIB, diskBytes: 100_000 * GIB }
    const text = ['one: crit', 'two: olap', 'six: crit', 'ten: olap'].map(each => {
      const [name, workload] = each.split(': ')
      return `  - { name: ${name}, members: 1, workload: ${workload} }`
    })
    const result = placed(text.join('\n'), nodes(4, big))
    const scans = [...(result['two'] ?? []), ...(result['ten'] ?? [])]
    expect([...(result['one'] ?? []), ...(result['six'] ?? [])].filter(node => scans.includes(node))).toEqual([])
  })

  it('a busy looking disk is only one that is busy: nodes that nobody measured count as the usual one', () => {
    const fleet = [aNode({ name: 'node-1', fsyncMicros: 500 }), aNode({ name: 'node-2' })]
    expect(placed('  - { name: pg, members: 1 }', fleet)['pg']).toEqual(['node-1'])
  })
})

describe('demands', () => {
  it('that nobody declared never make a small lab impossible', () => {
    const text = Array.from({ length: 6 }, (_, index) => `  - { name: pg-${index}, members: 3, workload: olap }`)
    const small = nodes(3, { threads: 2, memoryBytes: 2 * GIB, diskBytes: 10 * GIB })
    expect(place(specOf(text.join('\n')), aSnapshot({ nodes: small })).problems).toEqual([])
  })

  it('that are declared find room where the order of the file would not leave any', () => {
    const fleet = [aNode({ name: 'node-1', memoryBytes: 16 * GIB }), aNode({ name: 'node-2', memoryBytes: 64 * GIB })]
    const text =
      '  - { name: small, members: 1, resources: { memory: 10GB } }\n  - { name: large, members: 1, resources: { memory: 50GB } }'
    expect(placed(text, fleet)).toEqual({ small: ['node-1'], large: ['node-2'] })
  })

  it('for a latency class name what was measured', () => {
    const [problem] = place(
      specOf('  - { name: pg, members: 3, resources: { fsync: 1ms } }'),
      aSnapshot({
        nodes: [
          aNode({ name: 'node-1', fsyncMicros: 200 }),
          aNode({ name: 'node-2', fsyncMicros: 2000 }),
          aNode({ name: 'node-3' }),
        ],
      }),
    ).problems
    expect(problem?.message).toContain('node-2 needs 6 ms for one fsync in a hundred, at most 1 ms is demanded')
    expect(problem?.message).toContain('node-3 has no measured fsync')
    expect(problem?.message).toContain('run the probe')
  })
})

function inZone(zone: string, sketch: Omit<NodeSketch, 'name'>) {
  return { ...sketch, labels: { zone } }
}

function placed(
  clusters: string,
  fleet: readonly (ReturnType<typeof aNode> | Omit<NodeSketch, 'name'>)[],
): Readonly<Record<string, readonly string[]>> {
  const all = fleet.map((each, index) => ('id' in each ? each : aNode({ ...each, name: `node-${index + 1}` })))
  const { allocations, problems } = place(specOf(clusters, '{ members: 1 }'), aSnapshot({ nodes: all }))
  expect(problems).toEqual([])
  return Object.fromEntries(
    Object.entries(allocations.clusters).map(([name, { members }]) => [
      name,
      members.map(({ nodeId }) => nodeId.replace('id-', '')),
    ]),
  )
}
