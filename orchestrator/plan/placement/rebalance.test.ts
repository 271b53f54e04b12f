import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Allocations, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { specOf } from '../../../test/support/plan-runner.ts'
import { aNode, aSnapshot, nodes } from '../../../test/support/snapshot-builder.ts'
import { plan } from '../plan.ts'
import { renderer } from '../render/renderer.ts'
import { layoutOf } from './layout.ts'
import { proposeRebalance } from './rebalance.ts'

const GIB = 1024 ** 3

describe('rebalancing', () => {
  it('proposes nothing where everything is well', () => {
    const where = { one: ['node-1', 'node-2', 'node-3'] }
    expect(propose({ where, fleet: nodes(3, { threads: 8 }) })).toMatchObject({ moves: [] })
  })

  it('hands a primary over instead of copying, where that is enough', () => {
    const where = { one: ['node-1', 'node-2'], two: ['node-1', 'node-2'], six: ['node-1', 'node-2'] }
    const { moves, before, after } = propose({
      where,
      fleet: nodes(2, { threads: 8, memoryBytes: 256 * GIB }),
      resources: '{ cores: 2, memory: 1GB, disk: 1GB }',
    })
    expect(moves).toMatchObject([{ kind: 'switchover', from: 'node-1', to: 'node-2', bytes: 0 }])
    expect(before).toBeCloseTo(6 / 8)
    expect(after).toBeCloseTo(5 / 8)
    expect(moves[0]?.gain).toBeCloseTo(1 / 8)
  })

  it('moves a standby off the fullest node, and says what that costs', () => {
    const where = { one: ['node-1', 'node-2'], two: ['node-3', 'node-2'] }
    const fleet = nodes(4, { memoryBytes: 32 * GIB }).map(halfFull)
    const { moves } = propose({ where, fleet, resources: '{ memory: 12GB }' })
    expect(moves).toMatchObject([
      {
        kind: 'move',
        from: 'node-2',
        to: 'node-4',
        bytes: 50 * GIB,
        because: expect.stringContaining('node-2 is loaded to 75 %'),
      },
    ])
  })

  it('empties a draining node first, the primary after it has handed over', () => {
    const where = { one: ['node-1', 'node-2'] }
    const fleet = [aNode({ name: 'node-1', state: 'draining' }), aNode({ name: 'node-2' }), aNode({ name: 'node-3' })]
    expect(propose({ where, fleet }).moves).toMatchObject([
      {
        kind: 'switchover',
        instance: 'one-2',
        from: 'node-1',
        to: 'node-2',
        because: expect.stringContaining('is draining'),
      },
      { kind: 'move', instance: 'one-1', from: 'node-1', to: 'node-3', because: 'node-1 is draining' },
    ])
  })

  it('puts members of one zone further apart, although no load falls', () => {
    const fleet = ['a', 'a', 'b'].map((zone, index) => aNode({ name: `node-${index + 1}`, labels: { zone } }))
    expect(propose({ where: { one: ['node-1', 'node-2'] }, fleet }).moves).toMatchObject([
      {
        kind: 'move',
        instance: 'one-2',
        from: 'node-2',
        to: 'node-3',
        because: 'zone b holds fewer members of one than zone a',
      },
    ])
  })

  it('keeps to the number of moves and of bytes', () => {
    const where = { one: ['node-1', 'node-2'], two: ['node-3', 'node-2'] }
    const fleet = nodes(4, { memoryBytes: 32 * GIB }).map(halfFull)
    expect(propose({ where, fleet, resources: '{ memory: 12GB }', maxMoves: 0 }).moves).toEqual([])
    expect(propose({ where, fleet, resources: '{ memory: 12GB }', maxBytes: 49 * GIB }).moves).toEqual([])
  })

  it('leaves pinned members where they are', () => {
    const where = { one: ['node-1', 'node-2'], two: ['node-3', 'node-2'] }
    const pinned = propose({
      where,
      fleet: nodes(4, { memoryBytes: 32 * GIB }),
      resources: '{ memory: 12GB }',
      pinned: true,
    })
    expect(pinned.moves.filter(({ kind }) => kind === 'move')).toEqual([])
  })

  it('never raises the highest load, puts two members on a node, or touches a silent one', () => {
    const names = fc.shuffledSubarray(['node-1', 'node-2', 'node-3', 'node-4', 'node-5'], {
      minLength: 2,
      maxLength: 3,
    })
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 5 }), lists => {
        const where = Object.fromEntries(lists.map((list, index) => [`pg-${index}`, list]))
        const fleet = nodes(5, { memoryBytes: 64 * GIB }).map(node =>
          node.name === 'node-5' ? { ...node, state: 'silent' as const } : node,
        )
        const { moves, before, after } = propose({ where, fleet, resources: '{ memory: 8GB }', maxMoves: 20 })
        expect(after).toBeLessThanOrEqual(before + 1e-9)
        const now = new Map(lists.map((list, index) => [`pg-${index}`, [...list]]))
        for (const { kind, cluster, from, to } of moves) {
          expect([from, to]).not.toContain('node-5')
          if (kind === 'switchover') continue
          const there = now.get(cluster) ?? []
          expect(there).not.toContain(to)
          there[there.indexOf(from)] = to
        }
        expect(moves.length).toBeLessThan(20)
      }),
    )
  })
})

describe('a plan', () => {
  it('has the layout always, and proposals only when asked', () => {
    const fleet = nodes(3)
    const spec = specOf('  - { name: pg, members: 3 }')
    const snapshot = aSnapshot({ nodes: fleet })
    const [usual, asked] = [plan({ spec, snapshot, renderer }), plan({ spec, snapshot, renderer, rebalance: true })]
    if (!('phases' in usual) || !('phases' in asked)) throw new Error('there is no plan')
    expect(usual.layout.nodes.map(({ voter }) => voter)).toEqual(['etcd-1', 'etcd-2', 'etcd-3'])
    expect(usual).not.toHaveProperty('rebalance')
    expect(asked.rebalance).toMatchObject({ moves: [], before: asked.rebalance?.after })
  })
})

describe('the layout', () => {
  it('shows what every node holds, for what, and how much that takes', () => {
    const { spec, snapshot, allocations } = fleetOf({
      where: { one: ['node-1', 'node-2'] },
      fleet: nodes(3),
      resources: '{ memory: 4GB, cores: 2 }',
    })
    const [first, second, third] = layoutOf({ spec, snapshot, allocations }).nodes
    expect(first).toMatchObject({
      node: 'node-1',
      instances: [{ instance: 'one-1', cluster: 'one', purpose: 'primary' }],
    })
    expect(first?.load).toMatchObject({ cores: 0.5, memory: 0.25 })
    expect(first?.load).not.toHaveProperty('iops')
    expect(second?.instances).toMatchObject([{ purpose: 'standby' }])
    expect(second?.load.cores).toBeCloseTo(0.25)
    expect(third).toEqual({ node: 'node-3', labels: {}, instances: [], load: { cores: 0, memory: 0, disk: 0 } })
  })

  it('shows the primary where it is seen', () => {
    const { spec, snapshot, allocations } = fleetOf({ where: { one: ['node-1', 'node-2'] }, fleet: nodes(2) })
    const seen = snapshot.nodes.map(node =>
      node.name === 'node-2'
        ? {
            ...node,
            observation: {
              observedAt: 0,
              instances: [
                {
                  cluster: 'one',
                  instance: 'one-2',
                  role: 'primary' as const,
                  state: 'running',
                  poolers: [],
                  services: [],
                },
              ],
            },
          }
        : node,
    )
    const layout = layoutOf({ spec, snapshot: { ...snapshot, nodes: seen }, allocations })
    expect(layout.nodes.map(({ instances }) => instances[0]?.purpose)).toEqual(['standby', 'primary'])
  })
})

interface Sketch {
  /** Nodes of each cluster, that of the primary first. */
  readonly where: Readonly<Record<string, readonly string[]>>
  readonly fleet: readonly SnapshotNode[]
  readonly resources?: string
  readonly pinned?: boolean
  readonly maxMoves?: number
  readonly maxBytes?: number
}

function propose(sketch: Sketch) {
  const { maxMoves, maxBytes } = sketch
  return proposeRebalance({
    ...fleetOf(sketch),
    ...(maxMoves === undefined ? {} : { maxMoves }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  })
}

function fleetOf({ where, fleet, resources = '{}', pinned = false }: Sketch) {
  const clusters = Object.entries(where).map(
    ([name, list]) =>
      `  - { name: ${name}, members: ${list.length}, resources: ${resources}${pinned ? `, placement: { nodes: [${list.join(', ')}] }` : ''} }`,
  )
  const allocations: Allocations = {
    etcd: null,
    clusters: Object.fromEntries(
      Object.entries(where).map(([name, list], block) => [
        name,
        {
          portBlock: block,
          postgresVersion: 17,
          nextNumber: list.length + 1,
          bootstrapped: true,
          members: list.map((node, index) => ({
            instance: `${name}-${index + 1}`,
            number: index + 1,
            nodeId: `id-${node}`,
          })),
        },
      ]),
    ),
  }
  return {
    spec: specOf(clusters.join('\n'), '{ members: 1 }'),
    snapshot: aSnapshot({ nodes: fleet, allocations }),
    allocations,
  }
}

/** 100 of 200 GiB are taken. */
function halfFull(node: SnapshotNode): SnapshotNode {
  if (node.facts === undefined) return node
  const filesystems = node.facts.filesystems.map(each => ({ ...each, availableBytes: each.sizeBytes / 2 }))
  return { ...node, facts: { ...node.facts, filesystems } }
}
