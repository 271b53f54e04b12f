import { describe, expect, it } from 'vitest'
import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import { specOf } from '../../test/support/plan-runner.ts'
import { aNode, aSnapshot, nodes } from '../../test/support/snapshot-builder.ts'
import { platformsAmong } from './node-view.ts'
import { place } from './placement/placement.ts'

/** As an agent sees it: ICU comes with PostgreSQL's packages. */
function withIcu(node: SnapshotNode, version?: string): SnapshotNode {
  const { facts } = node
  if (facts === undefined) throw new Error(`${node.name} has no facts`)
  const icu = version === undefined ? { unknown: 'libicu is not installed' } : { value: version, source: 'test' }
  return { ...node, facts: { ...facts, icu } }
}

describe('the platform of a host without PostgreSQL', () => {
  it('is the one of hosts that are otherwise the same', () => {
    const fresh = withIcu(aNode({ name: 'node-4' }))
    expect(platformsAmong([...nodes(3), fresh])(fresh)).toBe('debian13 amd64, glibc 2.41, ICU 76.1')
  })

  it('is not known where those do not agree, or where there are none', () => {
    const fresh = withIcu(aNode({ name: 'node-4' }))
    const [one, two] = nodes(2)
    if (one === undefined || two === undefined) throw new Error('no nodes')
    expect(platformsAmong([one, withIcu(two, '77.1'), fresh])(fresh)).toContain('ICU unknown')
    const older = aNode({ name: 'node-1', os: 'debian12', glibc: '2.36-9' })
    expect(platformsAmong([older, fresh])(fresh)).toContain('ICU unknown')
  })

  it('lets it take a further member of a cluster, and one that differs still takes none (S7)', () => {
    const before = aSnapshot({ nodes: nodes(3) })
    const { allocations } = place(specOf('  - { name: pg, members: 3 }'), before)
    const grown = (fourth: SnapshotNode) =>
      place(specOf('  - { name: pg, members: 4 }'), aSnapshot({ nodes: [...nodes(3), fourth], allocations }))
    const fresh = grown(withIcu(aNode({ name: 'node-4' })))
    expect(fresh.problems).toEqual([])
    expect(fresh.allocations.clusters['pg']?.members.map(({ nodeId }) => nodeId)).toContain('id-node-4')
    const other = grown(withIcu(aNode({ name: 'node-4' }), '77.1'))
    expect(other.problems.map(({ message }) => message).join()).toContain('ICU 77.1, while the members are')
  })
})
