import { describe, expect, it } from 'vitest'
import type { PlacementLayout } from '../../../shared/domain/plan.ts'
import { afterSteps, planned, specOf } from '../../../test/support/plan-runner.ts'
import { aNode, aSnapshot, nodes } from '../../../test/support/snapshot-builder.ts'
import { labelLevels } from './label-levels.ts'

describe('the layout of a fleet', () => {
  it('has a primary in a cluster of its own, and a standby leader in a standby cluster', () => {
    const spec = specOf('  - { name: pg, members: 2 }\n  - { name: copy, members: 2, standbyOf: { cluster: pg } }')
    const snapshot = aSnapshot({ nodes: nodes(4) })
    const draft = planned(spec, snapshot)
    expect(purposes(draft.layout)).toEqual({
      pg: ['primary', 'standby'],
      copy: ['standby', 'standby-leader'],
    })
    const again = planned(spec, afterSteps(snapshot, draft))
    expect(purposes(again.layout)).toEqual(purposes(draft.layout))
  })

  it('knows over which labels the clusters keep apart, from wide to narrow', () => {
    const spec = specOf(
      '  - { name: pg, placement: { spread: [dc, room] } }\n  - { name: other, placement: { spread: [dc, hall, room] } }',
    )
    expect(planned(spec, aSnapshot({ nodes: nodes(3) })).layout.levels).toEqual(['dc', 'hall', 'room'])
  })

  it('puts a label that only isolation or synchronous standbys name where it fits by its number of values', () => {
    const spec = specOf(
      '  - { name: pg, members: 2, durability: sync, placement: { spread: [room], isolation: dc }, synchronous: { across: shelf } }',
    )
    const hosts = ['a', 'b', 'c', 'd'].map((shelf, index) =>
      aNode({ name: shelf, labels: { dc: index < 2 ? 'x' : 'y', room: `r${Math.min(index, 2)}`, shelf } }),
    )
    expect(labelLevels(spec, hosts)).toEqual(['dc', 'room', 'shelf'])
  })
})

function purposes({ nodes }: PlacementLayout): Readonly<Record<string, readonly string[]>> {
  const instances = nodes.flatMap(node => node.instances)
  const clusters = [...new Set(instances.map(({ cluster }) => cluster))]
  return Object.fromEntries(
    clusters.map(name => [
      name,
      instances
        .filter(({ cluster }) => cluster === name)
        .map(({ purpose }) => purpose)
        .toSorted(),
    ]),
  )
}
