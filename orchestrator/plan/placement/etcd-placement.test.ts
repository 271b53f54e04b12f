import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { specOf } from '../../../test/support/plan-runner.ts'
import { aNode, aSnapshot, nodes } from '../../../test/support/snapshot-builder.ts'
import { placeEtcd } from './etcd-placement.ts'

const SPEC = (voters: number) => specOf('  - name: pg\n    members: 1', `{ members: ${voters} }`)

describe('the voters of etcd', () => {
  it('lie one in each zone', () => {
    expect(zonesOf(['a', 'a', 'a', 'b', 'c'], 3)).toEqual(['a', 'b', 'c'])
  })

  it('are no majority in one zone as long as there are three, however uneven these are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 5, maxLength: 12 }),
        fc.constantFrom(3, 5),
        (zones, voters) => {
          const counts = [...Map.groupBy(zones, zone => zone).values()].map(({ length }) => length)
          const room = counts.reduce((sum, count) => sum + Math.min(count, (voters - 1) / 2), 0)
          fc.pre(counts.length >= 3 && room >= voters)
          const chosen = [...Map.groupBy(zonesOf(zones, voters), zone => zone).values()]
          expect(Math.max(...chosen.map(({ length }) => length))).toBeLessThan(voters / 2)
          expect(placeZones(zones, voters).problems).toEqual([])
        },
      ),
    )
  })

  it('keep apart over zones where there are only two regions', () => {
    const labels = [
      { region: 'one', zone: 'a' },
      { region: 'one', zone: 'a' },
      { region: 'two', zone: 'b' },
      { region: 'two', zone: 'c' },
    ]
    const fleet = labels.map((each, index) => aNode({ name: `node-${index + 1}`, labels: each }))
    const { etcd, problems } = placeEtcd(SPEC(3), aSnapshot({ nodes: fleet }))
    expect(etcd?.members.map(({ nodeId }) => nodeId)).toEqual(['id-node-1', 'id-node-3', 'id-node-4'])
    expect(problems).toEqual([])
  })

  it('come with a warning where the loss of one of two zones would stop them', () => {
    expect(placeZones(['a', 'a', 'b', 'b'], 3).problems).toMatchObject([
      { code: 'etcd-majority-in-one-domain', severity: 'warning', message: expect.stringContaining('2 of 3') },
    ])
  })

  it('come without one where nothing is labelled, and where one voter is all that is wanted', () => {
    expect(placeEtcd(SPEC(3), aSnapshot({ nodes: nodes(3) })).problems).toEqual([])
    expect(placeZones(['a', 'b'], 1).problems).toEqual([])
  })
})

function placeZones(zones: readonly string[], voters: number) {
  const fleet = zones.map((zone, index) => aNode({ name: `node-${index + 1}`, labels: { zone } }))
  return placeEtcd(SPEC(voters), aSnapshot({ nodes: fleet }))
}

function zonesOf(zones: readonly string[], voters: number): readonly (string | undefined)[] {
  const members = placeZones(zones, voters).etcd?.members ?? []
  return members.map(({ nodeId }) => zones[Number(nodeId.replace('id-node-', '')) - 1])
}
