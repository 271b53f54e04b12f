import { assert, property, subarray } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addPartition, checkEnds, healCuts } from './cuts.ts'
import type { Cut } from './model.ts'
import { partitionRules } from './partition-rules.ts'

const hosts = ['node-1', 'node-2', 'node-3']

describe('partitions', () => {
  it('cut one host off from everything else, both ways', () => {
    const cuts = addPartition({ hosts, cuts: [], request: { side: ['node-1'] } })
    expect(pairs(cuts)).toEqual([
      'node-1>node-2',
      'node-1>node-3',
      'node-1>orchestrator',
      'node-2>node-1',
      'node-3>node-1',
      'orchestrator>node-1',
    ])
  })

  it('leave the hosts of one side together', () => {
    const cuts = addPartition({ hosts, cuts: [], request: { side: ['node-1', 'node-2'], from: ['node-3'] } })
    expect(pairs(cuts)).toEqual(['node-1>node-3', 'node-2>node-3', 'node-3>node-1', 'node-3>node-2'])
  })

  it('can lose one direction only', () => {
    const cuts = addPartition({ hosts, cuts: [], request: { side: ['node-1'], from: ['node-2'], oneWay: true } })
    expect(pairs(cuts)).toEqual(['node-1>node-2'])
  })

  it('heal for one host and stay for the others', () => {
    const first = addPartition({ hosts, cuts: [], request: { side: ['node-1'], from: ['orchestrator'] } })
    const both = addPartition({ hosts, cuts: first, request: { side: ['node-2'], from: ['orchestrator'] } })
    expect(pairs(healCuts({ cuts: both, ends: ['node-1'] }))).toEqual(['node-2>orchestrator', 'orchestrator>node-2'])
    expect(healCuts({ cuts: both })).toEqual([])
  })

  it('change nothing when repeated', () => {
    assert(
      property(
        subarray(hosts, { minLength: 1 }),
        subarray([...hosts, 'orchestrator'], { minLength: 1 }),
        (side, from) => {
          const once = addPartition({ hosts, cuts: [], request: { side, from } })
          expect(addPartition({ hosts, cuts: once, request: { side, from } })).toEqual(once)
          expect(once.every(cut => cut.from !== cut.to)).toBe(true)
        },
      ),
    )
  })

  it('name hosts that do not exist', () => {
    expect(checkEnds(hosts, ['node-1', 'orchestrator'])).toBeUndefined()
    expect(checkEnds(hosts, ['node-1', 'node-9'])).toMatchObject({ message: expect.stringContaining('node-9') })
  })
})

describe('the packet filter of a partition', () => {
  const rules = partitionRules([
    { from: 'node-1', to: 'node-2' },
    { from: 'node-1', to: 'orchestrator' },
    { from: 'orchestrator', to: 'node-3' },
  ])

  it('drops frames between hosts on their way, and those of this machine where they begin and end', () => {
    expect(rules).toContain('iifname "vb-node-1" oifname "vb-node-2" drop')
    expect(rules.slice(rules.indexOf('chain input'), rules.indexOf('chain output'))).toContain(
      'iifname "vb-node-1" drop',
    )
    expect(rules.slice(rules.indexOf('chain output'))).toContain('oifname "vb-node-3" drop')
    expect(rules.match(/ drop$/gm)).toHaveLength(3)
  })

  it('replaces whatever was there before', () => {
    expect(partitionRules([]).indexOf('delete table bridge drover')).toBeLessThan(
      partitionRules([]).indexOf('chain forward'),
    )
    expect(partitionRules([])).not.toContain(' drop')
  })
})

function pairs(cuts: readonly Cut[]): readonly string[] {
  return cuts.map(cut => `${cut.from}>${cut.to}`).sort((a, b) => a.localeCompare(b))
}
