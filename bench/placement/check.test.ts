import { describe, expect, it } from 'vitest'
import type { Assignment } from './assignment.ts'
import { boundOf } from './bound.ts'
import { check } from './check.ts'
import { CONTENDERS } from './contenders.ts'
import { generated } from './instance.ts'

const INSTANCE = generated({ nodes: 6, clusters: 2, seed: 1 })

describe('the independent check', () => {
  it.each<[string, readonly string[], string]>([
    ['a member that is missing', ['id-node-1', 'id-node-2'], 'pg-1 has 2 members'],
    ['two members on a node', ['id-node-1', 'id-node-1', 'id-node-2'], 'pg-1 has two members on a node'],
    ['two members in a zone', ['id-node-1', 'id-node-4', 'id-node-2'], 'pg-1 has two members in a zone'],
  ])('finds %s', (_, nodes, violation) => {
    expect(check(INSTANCE, assigned(nodes)).violations).toContain(violation)
  })

  it('finds a node that promises more than it may give', () => {
    const [cluster] = INSTANCE.spec.clusters
    if (cluster === undefined) throw new Error('an instance without clusters')
    const greedy = { ...cluster, resources: { ...cluster.resources, memoryBytes: 1e15 } }
    const instance = { ...INSTANCE, spec: { ...INSTANCE.spec, clusters: [greedy] } }
    expect(check(instance, assigned(['id-node-1', 'id-node-2', 'id-node-3'])).violations).toContain(
      'node-1 promises more than it may give',
    )
  })

  it('sees what the loss of the zone of the primary does to the standbys', () => {
    const { load, peak, violations } = check(INSTANCE, assigned(['id-node-1', 'id-node-2', 'id-node-3']))
    expect(violations).toEqual([])
    expect(peak).toBeGreaterThanOrEqual(load)
  })
})

describe('the bound', () => {
  it('is below every contender, and Drover breaks no rule', async () => {
    for (const seed of [1, 2, 3]) {
      const instance = generated({ nodes: 6, clusters: 3, seed })
      const verdicts = CONTENDERS.map(({ name, place }) => ({ name, ...check(instance, place(instance)) }))
      const { load, exact } = await boundOf(instance, Number.POSITIVE_INFINITY)
      expect(exact).toBe(true)
      for (const verdict of verdicts) expect(verdict.load).toBeGreaterThanOrEqual(load - 1e-6)
      expect(verdicts.find(({ name }) => name === 'Drover')?.violations).toEqual([])
    }
  })

  it('of the relaxation is not above the optimum', async () => {
    const instance = generated({ nodes: 6, clusters: 3, seed: 4 })
    const { load: optimum } = await boundOf(instance, Number.POSITIVE_INFINITY)
    const { load: relaxed, exact } = await boundOf(instance, Number.POSITIVE_INFINITY, { relaxed: true })
    expect(exact).toBe(false)
    expect(relaxed).toBeLessThanOrEqual(optimum + 1e-6)
  })
})

/** The first cluster on these nodes, the second one somewhere it may be. */
function assigned(nodes: readonly string[]): Assignment {
  return new Map([
    ['pg-1', nodes],
    ['pg-2', ['id-node-4', 'id-node-5', 'id-node-6']],
  ])
}
