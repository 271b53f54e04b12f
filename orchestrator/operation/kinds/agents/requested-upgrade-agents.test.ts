import { describe, expect, it } from 'vitest'
import { afterSteps, planned, specOf } from '../../../../test/support/plan-runner.ts'
import { aSnapshot, nodes } from '../../../../test/support/snapshot-builder.ts'
import { agentsOf, agentsRequest } from './requested-upgrade-agents.ts'

const spec = specOf(
  `  - { name: pg-dev, members: 1, durability: async, placement: { nodes: [node-4] } }
  - { name: pg-main, members: 2, placement: { nodes: [node-1, node-2] } }`,
)
const empty = aSnapshot({ nodes: nodes(4) })
const running = afterSteps(empty, planned(spec, empty))
const { fleet } = spec
const upgrades = { canaries: ['pg-dev'], stages: [['pg-main']], soakSeconds: 3600, atOnce: 1 }
const told = {
  ...running,
  appliedSpec: { ...spec, fleet: { ...fleet, parameters: { ...fleet.parameters, upgrades } } },
}

const wavesOf = (request: object, snapshot: typeof told) => {
  const { waves, soakMs, control } = agentsOf(agentsRequest.parse(request), snapshot)
  return { waves: waves.map(({ clusters }) => clusters), soakMs, atOnce: control.caps.fleet }
}

describe('agents', () => {
  it('take their turns in the order in which the fleet file upgrades clusters, in their own time', () => {
    expect(wavesOf({}, told)).toEqual({
      waves: [['node-4'], ['node-1'], ['node-2'], ['node-3']],
      soakMs: 30_000,
      atOnce: 10,
    })
  })

  it('take them as somebody says for this upgrade', () => {
    expect(wavesOf({ canaries: ['node-2'] }, told).waves[0]).toEqual(['node-2'])
    expect(wavesOf({ nodes: ['node-1', 'node-3'] }, told).waves).toEqual([['node-1'], ['node-3']])
  })
})
