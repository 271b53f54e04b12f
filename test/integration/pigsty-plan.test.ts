import { describe, expect, it } from 'vitest'
import { parseAny } from '../../orchestrator/spec/parse-any.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import { afterSteps, planned } from '../support/plan-runner.ts'
import { fleetOf, HAS_TEMPLATES, template } from '../support/template-fleet.ts'

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
    const address = (id: string): string => snapshot.nodes.find(node => node.id === id)?.address ?? id
    const seats = Object.entries(draft.allocations.clusters).map(
      ([cluster, { members }]) => `${cluster}: ${members.map(member => address(member.nodeId)).join(' ')}`,
    )
    expect(seats).toEqual(expected)
    expect(planned(spec, afterSteps(snapshot, draft)).changes).toEqual([])
  })

  it('is the same plan when the file is read again', () => {
    const text = template('ha-trio.yml')
    const [first, second] = [read(text, 'ha-trio.yml').spec, read(text, 'ha-trio.yml').spec]
    expect(second).toEqual(first)
  })
})

function read(text: string, name: string): { readonly spec: FleetSpec; readonly problems: readonly Problem[] } {
  const parsed = parseAny(text, name)
  if (!('spec' in parsed)) throw new Error(JSON.stringify(parsed, null, 1))
  return parsed
}
