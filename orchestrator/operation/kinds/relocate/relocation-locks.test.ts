import { describe, expect, it } from 'vitest'
import type { PlanIntent } from '../../../../shared/domain/plan.ts'
import type { Snapshot } from '../../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../../shared/domain/spec.ts'
import { afterSteps, planned, specOf } from '../../../../test/support/plan-runner.ts'
import { seenAs } from '../../../../test/support/seen-roles.ts'
import { aSnapshot, nodes } from '../../../../test/support/snapshot-builder.ts'
import { plan } from '../../../plan/plan.ts'
import { renderer } from '../../../plan/render/renderer.ts'
import { relocationLocks } from './relocation-locks.ts'
import { supposing } from './supposing.ts'

/** One voter, on the first host; `a`, `b` and `c` on hosts of their own, but for one that `a` and `b` share; one host to spare. */
const SPEC = specOf(
  `  - { name: a, members: 2, placement: { nodes: [node-2, node-3] } }
  - { name: b, members: 2, placement: { nodes: [node-3, node-4] } }
  - { name: c, members: 2, placement: { nodes: [node-5, node-6] } }`,
  '{ members: 1 }',
)

function running(): Snapshot {
  const empty = aSnapshot({ nodes: nodes(7) })
  return seenAs(afterSteps(empty, planned(SPEC, empty)), {})
}

function locksOf(
  intent: PlanIntent,
  drained?: string,
  { spec, snapshot }: { readonly spec: FleetSpec; readonly snapshot: Snapshot } = { spec: SPEC, snapshot: running() },
): readonly string[] {
  const supposed = supposing(snapshot, { led: {}, ...(drained === undefined ? {} : { drained }) })
  const free = { ...spec, clusters: spec.clusters.map(each => ({ ...each, placement: { labels: {}, spread: [] } })) }
  const draft = plan({ spec: free, snapshot: supposed, renderer, intent })
  if (!('phases' in draft)) throw new Error(JSON.stringify(draft))
  return relocationLocks(
    draft,
    new Map(snapshot.nodes.flatMap(({ id, manifest }) => (manifest === undefined ? [] : [[id, manifest] as const]))),
  )
}

describe('a member that is moved', () => {
  it('keeps others away from its own cluster and from clusters on the same hosts, and nobody plans meanwhile', () => {
    expect(locksOf({ replace: ['c-2'], to: { cluster: 'c', node: 'node-7' } })).toEqual(['plan', 'cluster/c'])
    expect(locksOf({ replace: ['a-2'], to: { cluster: 'a', node: 'node-7' } })).toEqual([
      'plan',
      'cluster/a',
      'cluster/b',
    ])
    expect(locksOf({ replace: ['c-2'], to: { cluster: 'c', node: 'node-4' } })).toEqual([
      'plan',
      'cluster/b',
      'cluster/c',
    ])
  })

  it('keeps nobody from a cluster that only shares its host with a voter', () => {
    const small = specOf(
      `  - { name: pg-main, members: 2, placement: { nodes: [node-2, node-3] } }
  - { name: pg-app, members: 1, placement: { nodes: [node-1] } }`,
      '{ members: 1 }',
    )
    const empty = aSnapshot({ nodes: nodes(4) })
    const snapshot = seenAs(afterSteps(empty, planned(small, empty)), {})
    expect(snapshot.allocations.etcd?.members.map(({ nodeId }) => nodeId)).toEqual(['id-node-1'])
    const intent: PlanIntent = { replace: ['pg-main-2'], to: { cluster: 'pg-main', node: 'node-4' } }
    expect(locksOf(intent, undefined, { spec: small, snapshot })).toEqual(['plan', 'cluster/pg-main'])
  })

  it('keeps others away from everything when voters of etcd move along: all hosts are told', () => {
    const voter = running().allocations.etcd?.members[0]?.nodeId
    expect(locksOf({}, voter)).toEqual(['plan', 'cluster/a', 'cluster/b', 'cluster/c'])
  })
})
