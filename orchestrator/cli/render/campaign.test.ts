import { describe, expect, it } from 'vitest'
import type { CampaignPlan, ClusterPreflight } from '../../../shared/domain/campaign.ts'
import { renderCampaignPlan } from './campaign.ts'

const NOTE = { what: 'release 17.12', grade: 'warn', detail: 'reindex: GIN indexes' } as const

function preflight(cluster: string, change: Partial<ClusterPreflight> = {}): ClusterPreflight {
  return { cluster, from: ['17.11'], to: '17.12', checks: [NOTE], refused: false, ...change }
}

describe('the plan of an upgrade', () => {
  const plan: CampaignPlan = {
    waves: [
      { name: 'canary', clusters: ['pg-b'] },
      { name: 'wave 1 of 1', clusters: ['pg-a', 'pg-c', 'pg-d'] },
    ],
    clusters: [
      preflight('pg-a'),
      preflight('pg-b'),
      preflight('pg-c', {
        refused: true,
        checks: [NOTE, { what: 'node node-7', grade: 'refuse', detail: 'its agent is silent' }],
      }),
      preflight('pg-d', {
        clients: [
          { instance: 'pg-d-1', user: 'bi', database: 'shop', application: 'report', address: '10.0.0.9', count: 3 },
          { instance: 'pg-d-2', user: 'cdc', database: '', application: 'mirror', address: 'socket', count: 1 },
        ],
      }),
    ],
  }

  it('shows clusters in the order of the waves, what holds for many once, and who is connected past the poolers', () => {
    expect(renderCampaignPlan(plan)).toBe(`WAVE         CLUSTER  RUNS   TO     STATE
canary       pg-b     17.11  17.12  ready
wave 1 of 1  pg-a     17.11  17.12  ready
wave 1 of 1  pg-c     17.11  17.12  refused
wave 1 of 1  pg-d     17.11  17.12  ready

GRADE   CLUSTER     WHAT
refuse  pg-c        node node-7: its agent is silent
warn    4 clusters  release 17.12: reindex: GIN indexes

Connected past the poolers, to be disconnected once:
CLUSTER  MEMBER  COUNT  USER  DATABASE       FROM      APPLICATION
pg-d     pg-d-1  3      bi    shop           10.0.0.9  report
pg-d     pg-d-2  1      cdc   (replication)  socket    mirror
`)
  })
})
