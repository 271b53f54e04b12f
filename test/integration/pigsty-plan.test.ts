import { describe, expect, it } from 'vitest'
import type { PlanDraft } from '../../orchestrator/plan/plan.ts'
import { parseAny } from '../../orchestrator/spec/parse-any.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import { pigstyFixture } from '../support/pigsty.ts'
import { afterSteps, planned } from '../support/plan-runner.ts'
import { fleetOf, HAS_TEMPLATES, template } from '../support/template-fleet.ts'

describe('an inventory with every kind of member, and a standby cluster', () => {
  const text = pigstyFixture('fleet.yml')
  const { spec } = read(text, 'fleet.yml')
  const snapshot = fleetOf(text, spec)
  const draft = planned(spec, snapshot)

  it('is planned where Pigsty has it, each member in its group', () => {
    expect(seatsOf(draft, snapshot)).toEqual([
      'pg-main: 10.20.1.2 10.20.1.1 10.20.1.3 (offline) 10.20.1.4 (delayed)',
      'pg-copy: 10.20.1.5',
    ])
  })

  it('has nothing left to do once applied', () => {
    expect(planned(spec, afterSteps(snapshot, draft)).changes).toEqual([])
  })

  it('keeps its passwords, rules and services on the hosts', () => {
    const primary = snapshot.nodes.find(({ address }) => address === '10.20.1.2')
    const step = draft.phases
      .flatMap(phase => phase.steps)
      .findLast(each => each.kind === 'converge' && each.nodeId === primary?.id)
    const manifest = step?.kind === 'converge' ? step.manifest : undefined
    const files = manifest?.files.map(({ content }) => content).join('\n') ?? ''
    expect(files).toMatch(/"app" "SCRAM-SHA-256\$4096:/)
    expect(files).toContain('192.0.2.0/24')
    expect(files).toMatch(/bind [^\n]*:5439/)
    expect(files).not.toContain('App.Secret')
  })
})

describe.skipIf(!HAS_TEMPLATES)('a template of Pigsty on the nodes that it names (../shared/data/pigsty-conf)', () => {
  it.each([
    ['meta.yml', ['pg-meta: 10.10.10.10']],
    ['rich.yml', ['pg-meta: 10.10.10.10']],
    ['supabase.yml', ['pg-meta: 10.10.10.10']],
    ['ha-dual.yml', ['pg-meta: 10.10.10.11 10.10.10.10']],
    ['ha-trio.yml', ['pg-meta: 10.10.10.10 10.10.10.11 10.10.10.12']],
    ['ha-full.yml', ['pg-meta: 10.10.10.10', 'pg-test: 10.10.10.11 10.10.10.12 10.10.10.13']],
  ])('%s is planned where Pigsty has it, the primary first', (name, expected) => {
    const text = template(name)
    const { spec } = read(text, name)
    const snapshot = fleetOf(text, spec)
    const draft = planned(spec, snapshot)
    expect(seatsOf(draft, snapshot)).toEqual(expected)
    expect(planned(spec, afterSteps(snapshot, draft)).changes).toEqual([])
  })

  it('is the same plan when the file is read again', () => {
    const text = template('ha-trio.yml')
    const [first, second] = [read(text, 'ha-trio.yml').spec, read(text, 'ha-trio.yml').spec]
    expect(second).toEqual(first)
  })
})

/** `pg-main: 10.0.0.1 10.0.0.2 (offline)`. */
function seatsOf(draft: PlanDraft, snapshot: Snapshot): readonly string[] {
  const address = (id: string): string => snapshot.nodes.find(node => node.id === id)?.address ?? id
  return Object.entries(draft.allocations.clusters).map(([cluster, { members }]) => {
    const seats = members.map(({ nodeId, group }) => `${address(nodeId)}${group === undefined ? '' : ` (${group})`}`)
    return `${cluster}: ${seats.join(' ')}`
  })
}

function read(text: string, name: string): { readonly spec: FleetSpec; readonly problems: readonly Problem[] } {
  const parsed = parseAny(text, name)
  if (!('spec' in parsed)) throw new Error(JSON.stringify(parsed, null, 1))
  return parsed
}
