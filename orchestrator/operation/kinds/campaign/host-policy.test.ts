import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CampaignCluster } from '../../../../shared/domain/campaign.ts'
import { hostPolicyOf, type PolicyHost } from './host-policy.ts'

function host(name: string, tier: string, ...clusters: readonly string[]): PolicyHost {
  return { id: name, name, labels: { tier }, clusters }
}

function clustersOf(hosts: readonly PolicyHost[]): readonly CampaignCluster[] {
  return [...new Set(hosts.flatMap(({ clusters }) => clusters))].sort().map(name => ({
    name,
    members: [],
    nodes: hosts.filter(({ clusters }) => clusters.includes(name)).map(({ id, labels }) => ({ id, labels })),
  }))
}

const hosts = [
  host('node-1', 'dev', 'pg-dev'),
  host('node-2', 'dev', 'pg-dev', 'pg-test'),
  host('node-3', 'prod', 'pg-test', 'pg-main'),
  host('node-4', 'prod', 'pg-main'),
  host('node-5', 'prod'),
]
const fleet = { hosts, clusters: clustersOf(hosts) }

describe('how hosts take their turns', () => {
  it('is what the fleet file says of clusters: a host comes with the last of its own', () => {
    const file = { canaries: ['pg-dev'], stages: [['pg-dev'], ['pg-test']], by: 'zone', soakSeconds: 60, atOnce: 7 }
    const { policy, caps } = hostPolicyOf({}, file, fleet)
    expect(policy).toMatchObject({
      canaries: ['node-1'],
      stages: [['node-1'], ['node-2']],
      by: 'zone',
      soakMs: 60_000,
    })
    expect(caps.fleet).toBe(7)
    expect(hostPolicyOf({}, { canaries: ['tier=dev'] }, fleet).policy.canaries).toEqual(['node-1'])
  })

  it('is what was said for this one of hosts and their labels, where something was', () => {
    const file = { canaries: ['pg-dev'], stages: [['pg-dev']] }
    const request = { canaries: ['node-4'], stages: [['tier=dev'], ['node-5']], soakSeconds: 0 }
    expect(hostPolicyOf(request, file, fleet).policy).toMatchObject({
      canaries: ['node-4'],
      stages: [['node-1', 'node-2'], ['node-5']],
      soakMs: 0,
    })
  })

  it('never takes a host before the stage of one of its clusters, and none in two stages', () => {
    const clusters = ['pg-1', 'pg-2', 'pg-3', 'pg-4']
    const sketch = fc.array(fc.subarray(clusters), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(sketch, fc.subarray(clusters), fc.subarray(clusters), (own, canaries, early) => {
        const all = own.map((names, index) => host(`node-${index}`, 'any', ...names))
        const stages = [early, clusters.filter(name => !early.includes(name) && name !== 'pg-4')]
        const given = { hosts: all, clusters: clustersOf(all) }
        const { policy } = hostPolicyOf({}, { canaries, stages }, given)
        const staged = policy.stages.flat()
        expect(new Set(staged).size).toBe(staged.length)
        for (const { name, clusters: names } of all) {
          const stage = policy.stages.findIndex(each => each.includes(name))
          for (const cluster of stage < 0 ? [] : names)
            expect(stages.findIndex(each => each.includes(cluster))).toBeLessThanOrEqual(stage)
          if (stage < 0) expect(names.length === 0 || names.includes('pg-4')).toBe(true)
          expect(policy.canaries.includes(name)).toBe(names.length > 0 && names.every(each => canaries.includes(each)))
        }
      }),
    )
  })
})
