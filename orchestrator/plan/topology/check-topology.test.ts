import { describe, expect, it } from 'vitest'
import { known, type NodeFacts } from '../../../shared/domain/facts.ts'
import { afterSteps, planned, refused, specOf } from '../../../test/support/plan-runner.ts'
import { aNode, aSnapshot, nodes } from '../../../test/support/snapshot-builder.ts'

const pair = (copy: string, main = '') =>
  specOf(
    `  - { name: pg, members: 1${main}, placement: { nodes: [node-1] } }\n  - { name: pg-copy, members: 1, placement: { nodes: [node-2] }${copy} }`,
    '{ members: 1 }',
  )
const FOLLOWS = ', standbyOf: { cluster: pg }'

describe('a standby cluster', () => {
  const empty = aSnapshot({ nodes: nodes(3) })

  it('starts after the cluster that it copies has a primary, and is given no users', () => {
    const draft = planned(pair(FOLLOWS, ', users: [{ name: app }]'), empty)
    const names = draft.phases.map(({ name }) => name)
    const starts = draft.phases.findIndex(({ steps }) =>
      steps.some(
        step =>
          step.kind === 'converge' &&
          step.manifest.units.some(unit => unit.name.includes('patroni@pg-copy') && unit.state === 'started'),
      ),
    )
    expect(starts).toBeGreaterThan(names.indexOf('wait for primaries'))
    const provisioned = draft.phases.flatMap(({ steps }) =>
      steps.flatMap(step => (step.kind === 'provision' ? [step.cluster] : [])),
    )
    expect(provisioned).toEqual(['pg'])
  })

  it('is neither promoted nor made of a cluster with data of its own by an apply', () => {
    const copied = afterSteps(empty, planned(pair(FOLLOWS), empty))
    expect(refused(pair(''), copied)).toContainEqual(expect.objectContaining({ code: 'promotion-not-supported' }))
    const apart = afterSteps(empty, planned(pair(''), empty))
    expect(refused(pair(FOLLOWS), apart)).toContainEqual(expect.objectContaining({ code: 'demotion-not-supported' }))
  })

  it('is refused where the collations of the copy could differ (S7)', () => {
    const mixed = aSnapshot({ nodes: [aNode({ name: 'node-1' }), aNode({ name: 'node-2', glibc: '2.36-9' })] })
    expect(refused(pair(FOLLOWS), mixed)).toContainEqual(
      expect.objectContaining({ code: 'standby-platform', message: expect.stringContaining('glibc 2.36') }),
    )
  })
})

describe('an apply that adds a group', () => {
  it('can be planned again after an interruption at any step', () => {
    const spec = (replicas: string) => specOf(`  - { name: pg, members: 3, durability: sync${replicas} }`)
    const empty = aSnapshot({ nodes: nodes(4) })
    const before = afterSteps(empty, planned(spec(''), empty))
    const wanted = spec(', replicas: [{ name: reports, role: offline }]')
    const draft = planned(wanted, before)
    const steps = draft.phases.flatMap(phase => phase.steps).length
    for (let count = 0; count < steps; count += 1)
      expect(() => planned(wanted, afterSteps(before, draft, count))).not.toThrow()
  })
})

describe('a standby that confirms from another zone', () => {
  const spec = specOf('  - { name: pg, members: 3, durability: sync, synchronous: { across: zone } }')

  it('is refused when all members are in one, or no node says where it is', () => {
    for (const labels of [{ zone: 'a' }, {}])
      expect(refused(spec, aSnapshot({ nodes: nodes(3, { labels }) }))).toContainEqual(
        expect.objectContaining({ code: 'one-domain' }),
      )
  })

  it('takes two confirmations where two members share a zone', () => {
    const zoned = ['a', 'a', 'b'].map((zone, index) => aNode({ name: `node-${index + 1}`, labels: { zone } }))
    const phases = planned(spec, aSnapshot({ nodes: zoned })).phases
    expect(phases.flatMap(({ steps }) => steps)).toContainEqual(
      expect.objectContaining({ kind: 'await', condition: expect.objectContaining({ syncStandbys: 2 }) }),
    )
  })
})

describe('a watchdog', () => {
  it('cannot be required by two clusters on one host', () => {
    const shared = ['pg', 'pg-two'].map(
      name => `  - { name: ${name}, members: 1, watchdog: required, placement: { nodes: [node-1] } }`,
    )
    const problems = refused(specOf(shared.join('\n'), '{ members: 1 }'), aSnapshot({ nodes: nodes(1) }))
    expect(problems.filter(({ code }) => code === 'watchdog-shared')).toHaveLength(2)
  })

  it('that is required where hosts are containers is warned of, since they have none of their own', () => {
    const contained = nodes(3).map((node, index) => ({
      ...node,
      facts: { ...node.facts, virtualization: known(index === 2 ? 'none' : 'container', 'test') } as NodeFacts,
    }))
    const told = (watchdog: string, on: string): readonly string[] =>
      planned(
        specOf(`  - { name: pg, members: 1, watchdog: ${watchdog}, placement: { nodes: [${on}] } }`),
        aSnapshot({ nodes: contained }),
      )
        .problems.filter(({ code }) => code === 'watchdog-container')
        .map(({ message }) => message)
    expect(told('required', 'node-1')).toEqual([expect.stringContaining('node-1 is a container')])
    expect(told('required', 'node-3')).toEqual([])
    expect(told('automatic', 'node-1')).toEqual([])
  })
})
