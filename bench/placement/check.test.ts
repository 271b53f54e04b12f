import { describe, expect, it } from 'vitest'
import type { Assignment } from './assignment.ts'
import { boundOf } from './bound.ts'
import { check } from './check.ts'
import { CONTENDERS } from './contenders.ts'
import { generated } from './instance.ts'

const ANY = { load: Number.POSITIVE_INFINITY, peak: Number.POSITIVE_INFINITY }
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
      for (const objective of ['load', 'peak'] as const) {
        const { value, exact } = await boundOf({ instance, objective, reached: ANY })
        expect(exact).toBe(true)
        for (const verdict of verdicts) expect(verdict[objective]).toBeGreaterThanOrEqual(value - 1e-6)
      }
      expect(verdicts.find(({ name }) => name === 'Drover')?.violations).toEqual([])
    }
  })

  it.each(['load', 'peak'] as const)('of the relaxation is not above the optimum: %s', async objective => {
    for (const seed of [4, 5]) {
      const instance = generated({ nodes: 6, clusters: 3, seed })
      const optimum = await boundOf({ instance, objective, reached: ANY })
      const { value, exact } = await boundOf({
        instance,
        objective,
        reached: { ...ANY, [objective]: optimum.value },
        relaxed: true,
      })
      expect(exact).toBe(false)
      expect(value).toBeLessThanOrEqual(optimum.value + 1e-6)
      expect(value).toBeGreaterThan(optimum.value / 2)
    }
  })

  it('of the load is higher where a loss may lead to less', async () => {
    const instance = generated({ nodes: 9, clusters: 5, seed: 2 })
    const free = await boundOf({ instance, objective: 'load', reached: ANY })
    const peak = await boundOf({ instance, objective: 'peak', reached: ANY })
    const bound = await boundOf({ instance, objective: 'load', reached: { ...ANY, peak: peak.value } })
    expect(bound.value).toBeGreaterThan(free.value * 1.05)
    expect(bound.value).toBeLessThanOrEqual(peak.value)
  })
})

/** The first cluster on these nodes, the second one somewhere it may be. */
function assigned(nodes: readonly string[]): Assignment {
  return new Map([
    ['pg-1', nodes],
    ['pg-2', ['id-node-4', 'id-node-5', 'id-node-6']],
  ])
}
