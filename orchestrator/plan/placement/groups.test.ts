import { describe, expect, it } from 'vitest'
import type { MemberAllocation } from '../../../shared/domain/snapshot.ts'
import { refused, specOf } from '../../../test/support/plan-runner.ts'
import { aNode, aSnapshot, nodes } from '../../../test/support/snapshot-builder.ts'
import { place } from './placement.ts'

const REPORTS = '{ name: reports, role: offline, members: 1 }'
const LATE = '{ name: late, role: delayed, members: 1, delay: 1h }'

describe('replicas', () => {
  it('come after the members, in the order of the file, and never lead', () => {
    const members = membersOf(`  - { name: pg, members: 2, replicas: [${REPORTS}, ${LATE}] }`, nodes(4))
    expect(members.map(({ instance, group }) => [instance, group])).toEqual([
      ['pg-1', undefined],
      ['pg-2', undefined],
      ['pg-3', 'reports'],
      ['pg-4', 'late'],
    ])
  })

  it('go where their own labels say, those of the cluster notwithstanding', () => {
    const fleet = [
      ...nodes(2, { labels: { tier: 'gold' } }),
      aNode({ name: 'node-3', labels: { tier: 'iron' } }),
      aNode({ name: 'node-4' }),
    ]
    const members = membersOf(
      '  - { name: pg, members: 2, placement: { labels: { tier: gold } }, replicas: [{ name: reports, role: offline, members: 1, labels: { tier: iron } }] }',
      fleet,
    )
    expect(members.at(-1)).toMatchObject({ group: 'reports', nodeId: 'id-node-3' })
  })

  it('go to named nodes, by name or by address', () => {
    const [, , third, fourth] = nodes(4)
    const members = membersOf(
      `  - { name: pg, members: 1, placement: { nodes: [${fourth?.address}] }, replicas: [{ name: reports, role: offline, members: 1, nodes: [${third?.name}] }] }`,
      nodes(4),
    )
    expect(members.map(({ nodeId }) => nodeId)).toEqual(['id-node-4', 'id-node-3'])
  })

  it('leave the nodes to members that only these can have', () => {
    const fleet = [aNode({ name: 'node-1', labels: { disk: 'big' } }), aNode({ name: 'node-2' })]
    const members = membersOf(
      '  - { name: pg, members: 1, replicas: [{ name: reports, role: offline, members: 1, labels: { disk: big } }] }',
      fleet,
    )
    expect(members.map(({ nodeId }) => nodeId)).toEqual(['id-node-2', 'id-node-1'])
  })

  it('are not bound by isolation nor by the latency class, which are about failover and commits', () => {
    const fleet = ['a', 'b', 'b'].map((zone, index) =>
      aNode({ name: `node-${index + 1}`, labels: { zone }, ...(index < 2 ? { fsyncMicros: 100 } : {}) }),
    )
    const members = membersOf(
      `  - { name: pg, members: 2, placement: { isolation: zone }, resources: { fsync: 1ms }, replicas: [${REPORTS}] }`,
      fleet,
    )
    expect(members.map(({ nodeId }) => nodeId)).toEqual(['id-node-1', 'id-node-2', 'id-node-3'])
  })

  it('that find no node are named', () => {
    const [problem] = place(
      specOf(`  - { name: pg, members: 2, replicas: [${REPORTS}] }`, '{ members: 1 }'),
      aSnapshot({ nodes: nodes(2) }),
    ).problems
    expect(problem).toMatchObject({
      code: 'too-few-nodes',
      path: 'clusters[0].replicas[0].members',
      message: expect.stringContaining('reports of cluster pg needs 1 more node and finds 0 of 2 nodes'),
    })
  })

  it('are added to a cluster that runs, with the next number', () => {
    const fleet = nodes(4)
    const before = place(specOf('  - { name: pg, members: 2 }', '{ members: 1 }'), aSnapshot({ nodes: fleet }))
    const after = place(
      specOf(`  - { name: pg, members: 2, replicas: [${REPORTS}] }`, '{ members: 1 }'),
      aSnapshot({ nodes: fleet, allocations: before.allocations }),
    ).allocations.clusters['pg']
    expect(after?.members.at(-1)).toMatchObject({ instance: 'pg-3', group: 'reports' })
    expect(after?.nextNumber).toBe(4)
  })

  it('do not make up for members that the file takes away, nor members for them', () => {
    const fleet = nodes(4)
    const spec = (members: number, replicas: string) =>
      specOf(`  - { name: pg, members: ${members}, replicas: [${replicas}] }`, '{ members: 1 }')
    const { allocations } = place(spec(2, REPORTS), aSnapshot({ nodes: fleet }))
    const snapshot = aSnapshot({ nodes: fleet, allocations })
    expect(refused(spec(1, REPORTS.replace('members: 1', 'members: 2')), snapshot)).toMatchObject([
      { code: 'removal-unnamed', message: expect.stringContaining('has 2 members and the spec asks for 1') },
    ])
    expect(refused(spec(3, ''), snapshot)).toMatchObject([
      {
        code: 'removal-unnamed',
        message: expect.stringContaining('1 members in reports'),
        path: 'clusters[0].replicas',
      },
    ])
  })
})

function membersOf(clusters: string, fleet: ReturnType<typeof nodes>): readonly MemberAllocation[] {
  const { allocations, problems } = place(specOf(clusters, '{ members: 1 }'), aSnapshot({ nodes: fleet }))
  expect(problems).toEqual([])
  return allocations.clusters['pg']?.members ?? []
}
