import { describe, expect, it } from 'vitest'
import { planned, refused, specOf } from '../../test/support/plan-runner.ts'
import { aSnapshot, nodes } from '../../test/support/snapshot-builder.ts'

const SPEC = specOf('  - { name: pg }')
const SNAPSHOT = aSnapshot({ nodes: nodes(3) })

describe('a fleet file', () => {
  it('of another fleet is refused with nothing but that', () => {
    const other = { ...SNAPSHOT, fleet: { id: 'f', name: 'prod' } }
    expect(refused(SPEC, other)).toEqual([
      {
        code: 'other-fleet',
        severity: 'error',
        message: 'this file describes the fleet `test`, and this orchestrator is that of `prod`',
        hint: 'Ask the orchestrator of `test`, or set `name: prod` if the file is meant for this fleet.',
        path: 'fleet.name',
      },
    ])
  })

  it('that was an inventory has no name, and goes for any fleet', () => {
    const { name: _, ...unnamed } = SPEC.fleet
    expect(planned({ ...SPEC, fleet: unnamed }, SNAPSHOT).changes.length).toBeGreaterThan(0)
  })
})
