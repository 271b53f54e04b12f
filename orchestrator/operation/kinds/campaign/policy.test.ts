import { describe, expect, it } from 'vitest'
import type { CampaignCluster } from '../../../../shared/domain/campaign.ts'
import type { UpgradePolicy } from '../../../../shared/domain/spec.ts'
import { policyOf } from './policy.ts'

function cluster(name: string, ...tiers: readonly string[]): CampaignCluster {
  return { name, members: [], nodes: tiers.map((tier, index) => ({ id: `${name}-${index}`, labels: { tier } })) }
}

const clusters = [cluster('pg-dev', 'dev', 'dev'), cluster('pg-half', 'dev', 'prod'), cluster('pg-main', 'prod')]
const file: UpgradePolicy = {
  canaries: ['tier=dev', 'pg-gone'],
  stages: [['tier=dev'], ['pg-main', 'pg-half']],
  by: 'zone',
  soakSeconds: 1800,
  windows: ['Sat 02:00-04:00'],
  budget: 2,
  atOnce: 8,
  per: { zone: 1 },
}

describe('how a fleet is upgraded', () => {
  it('is what the fleet file says, with clusters by name or by a label that all their nodes have', () => {
    const { policy, caps } = policyOf({}, file, clusters)
    expect(policy).toEqual({
      canaries: ['pg-dev'],
      stages: [['pg-dev'], ['pg-main', 'pg-half']],
      by: 'zone',
      soakMs: 1_800_000,
      windows: [{ days: [6], from: 120, to: 240, zone: 'UTC' }],
      budget: 2,
    })
    expect(caps).toEqual({ fleet: 8, node: 1, labels: { zone: 1 } })
  })

  it('is what was said for this one where something was, also nought', () => {
    const request = {
      canaries: ['pg-main'],
      stages: [],
      windows: ['Mon-Sun 00:00-24:00'],
      soakSeconds: 0,
      budget: 0,
      caps: { fleet: 1, labels: {} },
    }
    const { policy, caps } = policyOf(request, file, clusters)
    expect(policy).toMatchObject({ canaries: ['pg-main'], soakMs: 0, budget: 0, by: 'zone' })
    expect(policy.stages).toHaveLength(2)
    expect(policy.windows[0]?.to).toBe(1440)
    expect(caps).toEqual({ fleet: 1, node: 1, labels: { zone: 1 } })
  })

  it('is as usual when nobody says anything', () => {
    expect(policyOf({}, {}, clusters)).toEqual({
      policy: { canaries: [], stages: [], soakMs: 600_000, windows: [], budget: 0 },
      caps: { fleet: 4, node: 1, labels: {} },
    })
  })
})
