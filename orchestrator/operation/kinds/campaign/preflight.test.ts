import { describe, expect, it } from 'vitest'
import type { CampaignCluster } from '../../../../shared/domain/campaign.ts'
import type { InstanceObservation } from '../../../../shared/domain/observation.ts'
import type { Snapshot, SnapshotNode } from '../../../../shared/domain/snapshot.ts'
import { testingInput } from '../../../plan/render/testing-input.ts'
import { checkCluster } from './preflight.ts'

const MIB = 1024 ** 2

function member(number: number, change: Partial<InstanceObservation> = {}): SnapshotNode {
  const instance: InstanceObservation = {
    cluster: 'pg-main',
    instance: `pg-main-${number}`,
    role: number === 1 ? 'primary' : 'replica',
    state: 'running',
    serverVersion: '17.11',
    lsn: 4096 * MIB,
    poolers: [],
    services: [],
    ...change,
  }
  return {
    id: `node-${number}`,
    name: `node-${number}`,
    state: 'ready',
    address: '',
    labels: {},
    observation: { observedAt: 0, instances: [instance] },
  }
}

function said(second: Partial<InstanceObservation>, delayed: readonly string[] = []): readonly string[] {
  const nodes = [member(1), member(2, second)]
  const snapshot: Snapshot = { ...testingInput().snapshot, nodes }
  const cluster: CampaignCluster = {
    name: 'pg-main',
    members: ['pg-main-1', 'pg-main-2'],
    nodes: nodes.map(({ id }) => ({ id, labels: {} })),
    primaryNode: 'node-1',
  }
  const given = { snapshot, findings: [], delayed: new Set(delayed), target: { serverVersion: '17.12' } }
  return checkCluster(cluster, given)
    .checks.filter(({ grade }) => grade !== 'fine')
    .map(({ what, grade, detail }) => `${grade} ${what}: ${detail}`)
}

describe('what is known of a cluster before an upgrade', () => {
  it('is nothing against it when all is well', () => {
    expect(said({})).toEqual([])
  })

  it.each<[Partial<InstanceObservation>, string]>([
    [{ state: 'stopped' }, 'refuse member pg-main-2: it is stopped'],
    [{ pendingRestart: true }, 'refuse member pg-main-2: settings wait for a restart'],
    [{ paused: true }, 'refuse member pg-main-2: automatic failover is paused'],
    [{ poolers: [{ name: 'rw', port: 1, up: false }] }, 'refuse member pg-main-2: its pooler rw does not answer'],
    [{ lsn: 3996 * MIB }, 'warn member pg-main-2: it is 100 MiB of WAL behind'],
    [{ lsn: 96 * MIB }, 'refuse member pg-main-2: it is 4000 MiB of WAL behind'],
  ])('is told: %o', (change, expected) => {
    expect(said(change)).toEqual([expected])
  })

  it('has no lag of members that stay behind on purpose', () => {
    expect(said({ lsn: 0 }, ['pg-main-2'])).toEqual([])
  })
})
