import { describe, expect, it } from 'vitest'
import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { specOf } from '../../../test/support/plan-runner.ts'
import { aNode, aSnapshot, type NodeSketch } from '../../../test/support/snapshot-builder.ts'
import { place } from './placement.ts'

const SPEC =
  '  - { name: pg, members: 2, placement: { labels: { tier: db }, isolation: zone }, resources: { memory: 8GB, fsync: 1ms } }'

describe('a member that is where it is', () => {
  it('stays without a word while nothing breaks, and on a node that is drained or silent', () => {
    expect(afterwards({}).problems).toEqual([])
    expect(afterwards({ state: 'draining' }).problems).toEqual([])
    expect(afterwards({ state: 'silent' }).problems).toEqual([])
  })

  it.each<[string, Partial<NodeSketch>, object]>([
    [
      'glibc was upgraded under it (S7)',
      { glibc: '2.42-1' },
      {
        code: 'platform-mismatch',
        message: expect.stringMatching(/pg-1 on node-1 has glibc 2.41, pg-2 on node-2 has glibc 2.42/),
      },
    ],
    [
      'its node lost memory',
      { memoryBytes: 8 * 1024 ** 3 },
      {
        code: 'headroom-broken',
        message: 'node-2 can give its members 6.8GB of memory of its 8GB of memory, and pg-2 demands 8GB of memory',
        hint: expect.stringContaining('resources.memory'),
      },
    ],
    [
      'its node was given a label of another zone',
      { labels: { zone: 'a', tier: 'db' } },
      { code: 'isolation-broken', message: expect.stringContaining('pg-1 and pg-2 of cluster pg share zone a') },
    ],
    [
      'its node lost the label that the cluster demands',
      { labels: { zone: 'b' } },
      { code: 'labels-broken', message: 'pg-2 is on node-2, which has no label tier=db' },
    ],
  ])('is a problem that names it, the rule and what to do, when %s', (_, change, problem) => {
    const { problems, allocations, before } = afterwards(change)
    expect(problems).toMatchObject([{ severity: 'error', hint: expect.any(String), ...problem }])
    expect(allocations).toEqual(before)
  })

  it('is only warned of when its disk got slower, since that comes and goes', () => {
    expect(afterwards({ fsyncMicros: 900 }).problems).toMatchObject([
      { severity: 'warning', code: 'fsync-class-broken', message: expect.stringContaining('pg-2 is on node-2') },
    ])
  })

  it('is not held to a fact that is missing for the moment', () => {
    const { facts } = aNode({ name: 'node-2' })
    if (facts === undefined) throw new Error('a node without facts')
    const without = { ...facts, glibc: { unknown: 'dpkg is locked' }, icu: { unknown: 'dpkg is locked' } }
    const problems = again(
      fleet({}).map(node =>
        node.name === 'node-2' ? { ...node, facts: { ...without, fsync: { ...fsync(node) } } } : node,
      ),
    )
    expect(problems.problems).toEqual([])
  })
})

function fsync(node: SnapshotNode) {
  if (node.facts?.fsync === undefined) throw new Error('a node that was not measured')
  return node.facts.fsync
}

function fleet(change: Partial<NodeSketch>): readonly SnapshotNode[] {
  return ['a', 'b'].map((zone, index) =>
    aNode({
      name: `node-${index + 1}`,
      labels: { zone, tier: 'db' },
      fsyncMicros: 100,
      ...(index === 1 ? change : {}),
    }),
  )
}

function afterwards(change: Partial<NodeSketch>) {
  return again(fleet(change))
}

/** Placed on the fleet as it was, and planned again on the fleet as it is. */
function again(nodes: readonly SnapshotNode[]) {
  const spec = specOf(SPEC, '{ members: 1 }')
  const before = place(spec, aSnapshot({ nodes: fleet({}) })).allocations
  return { ...place(spec, aSnapshot({ nodes, allocations: before })), before }
}
