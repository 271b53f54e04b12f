import { describe, expect, it } from 'vitest'
import type { FleetSpec, UpgradePolicy } from '../../shared/domain/spec.ts'
import { afterSteps, planned, specOf } from '../support/plan-runner.ts'
import { aSnapshot, nodes, offered } from '../support/snapshot-builder.ts'

const cluster = '  - name: pg-main'
const snapshot = aSnapshot({ nodes: nodes(3), packages: { debian13: offered(17) } })

describe('what Drover itself goes by', () => {
  const running = afterSteps(snapshot, planned(specOf(cluster), snapshot))
  const upgraded = (upgrades: UpgradePolicy): FleetSpec => {
    const spec = specOf(cluster)
    return { ...spec, fleet: { ...spec.fleet, parameters: { ...spec.fleet.parameters, upgrades } } }
  }

  it.each<[string, FleetSpec, string]>([
    ['how the fleet is upgraded', upgraded({ soakSeconds: 60 }), 'policy upgrades'],
    [
      'whether extensions are updated',
      specOf(`${cluster}\n    updateExtensions: true`),
      'policy updateExtensions of pg-main',
    ],
  ])('changes without a step on any node: %s', (_what, spec, subject) => {
    const changed = planned(spec, running)
    expect(changed.changes.map(change => `${change.verb} ${change.subject}`)).toEqual([`update ${subject}`])
    expect(changed.phases).toEqual([])
    const { changes } = planned(spec, { ...running, appliedSpec: spec })
    expect(changes).toEqual([])
  })
})
