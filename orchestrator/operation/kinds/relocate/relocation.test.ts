import { describe, expect, it } from 'vitest'
import type { PlanIntent } from '../../../../shared/domain/plan.ts'
import type { Snapshot } from '../../../../shared/domain/snapshot.ts'
import { afterSteps, planned, specOf } from '../../../../test/support/plan-runner.ts'
import { seenAs } from '../../../../test/support/seen-roles.ts'
import { aSnapshot, nodes } from '../../../../test/support/snapshot-builder.ts'
import { plan } from '../../../plan/plan.ts'
import { renderer } from '../../../plan/render/renderer.ts'
import { handoversFor } from './handovers.ts'
import { type Supposition, supposing } from './supposing.ts'

const spec = specOf('  - { name: pg, members: 3, durability: sync }')

/** pg-1 leads on node-1, pg-2 confirms; node-4 is free. */
function running(of = spec): Snapshot {
  const empty = aSnapshot({ nodes: nodes(4) })
  return seenAs(afterSteps(empty, planned(of, empty)), { 'pg-2': 'sync-standby' })
}

function relocated(snapshot: Snapshot, intent: PlanIntent, supposition: Supposition) {
  const supposed = supposing(snapshot, supposition)
  const draft = plan({ spec, snapshot: supposed, renderer, intent })
  if (!('phases' in draft)) throw new Error(JSON.stringify(draft))
  return { supposed, draft }
}

const membersOf = (snapshot: Snapshot) =>
  snapshot.allocations.clusters['pg']?.members.map(({ instance, nodeId }) => `${instance} ${nodeId}`)

describe('who takes over from a primary that leaves', () => {
  it('is the synchronous standby, and nobody when the primary stays', () => {
    expect(handoversFor(['pg-1'], spec, running())).toEqual([{ cluster: 'pg', to: 'pg-2', awaitSynchronous: true }])
    expect(handoversFor(['pg-3'], spec, running())).toEqual([])
    const unsafe = specOf('  - { name: pg, members: 3, durability: async }')
    const asynchronous = seenAs(running(unsafe), { 'pg-2': 'replica' })
    expect(handoversFor(['pg-1', 'pg-2'], unsafe, asynchronous)).toMatchObject([{ to: 'pg-3' }])
  })

  it('cannot be nobody', () => {
    const single = specOf('  - { name: pg, members: 1 }')
    expect(() => handoversFor(['pg-1'], single, running(single))).toThrow('the only member of pg')
    expect(() => handoversFor(['pg-1', 'pg-2', 'pg-3'], spec, running())).toThrow(
      'no other member of pg is seen to stream',
    )
    // Patroni would refuse it in the middle of the switchover.
    expect(() => handoversFor(['pg-1', 'pg-2'], spec, running())).toThrow(
      'no member of pg that stays is seen to confirm commits',
    )
  })
})

describe('a node that is drained', () => {
  const before = running()
  const { draft, supposed } = relocated(before, { replace: ['pg-1'] }, { drained: 'id-node-1', led: { pg: 'pg-2' } })

  it('has its member and its voter elsewhere afterwards, under new numbers', () => {
    const after = afterSteps(supposed, draft)
    expect(membersOf(after)).toEqual(['pg-2 id-node-2', 'pg-3 id-node-3', 'pg-4 id-node-4'])
    expect(after.allocations.etcd?.members.map(({ nodeId }) => nodeId)).not.toContain('id-node-1')
    expect(planned(spec, after).phases).toEqual([])
  })

  it('keeps everybody until the newcomer streams, and its voter until last', () => {
    const names = draft.phases.map(({ name }) => name)
    const at = (name: string) => names.indexOf(name)
    expect(at('wait for standbys and services')).toBeLessThan(at('withdraw members'))
    expect(at('withdraw members')).toBeLessThan(at('begin tombstones'))
    expect(at('begin tombstones')).toBeLessThan(at('etcd-1 leaves etcd'))
  })

  it('counts on whoever leaves to confirm commits until it is withdrawn', () => {
    const waits = draft.phases.flatMap(({ steps }) =>
      steps.flatMap(step =>
        step.kind === 'await' && step.condition.kind === 'members-streaming' ? [step.condition.instances] : [],
      ),
    )
    expect(waits[0]).toContain('pg-1')
    expect(waits.at(-1)).not.toContain('pg-1')
  })

  it('has two confirm, and waits for one that stays: the other one may be whoever leaves', () => {
    const withdrawal = draft.phases.filter(({ name }) => name === 'withdraw members').flatMap(({ steps }) => steps)
    expect(withdrawal[0]).toMatchObject({ kind: 'configure-patroni', patch: { synchronous_node_count: 2 } })
    expect(withdrawal[1]).toMatchObject({
      kind: 'await',
      condition: { kind: 'members-streaming', instances: ['pg-2', 'pg-3', 'pg-4'], syncStandbys: 1 },
    })
  })

  it('counts on the newcomer to confirm commits from when it streams', () => {
    const streams = draft.phases.findIndex(({ name }) => name === 'wait for standbys and services')
    const waits = draft.phases
      .slice(streams)
      .flatMap(({ steps }) =>
        steps.flatMap(step =>
          step.kind === 'await' && step.condition.kind === 'members-streaming' ? [step.condition.instances] : [],
        ),
      )
    expect(waits.length).toBeGreaterThan(2)
    for (const instances of waits) expect(instances).toContain('pg-4')
  })

  it('lets the newcomer clone from whoever leaves, before it starts', () => {
    const steps = draft.phases.flatMap(each => each.steps)
    const address = supposed.nodes.find(({ id }) => id === 'id-node-4')?.address ?? 'unknown'
    const letsIn = steps.findIndex(
      step =>
        step.kind === 'converge' &&
        step.nodeId === 'id-node-1' &&
        step.manifest.files.some(
          ({ path, content }) => path.endsWith('pg-1/patroni.yml') && content.includes(`${address}/`),
        ),
    )
    const starts = steps.findIndex(
      step =>
        step.kind === 'converge' &&
        step.nodeId === 'id-node-4' &&
        step.manifest.units.some(
          ({ name, state }) => name.includes('patroni') && name.includes('pg-4') && state === 'started',
        ),
    )
    expect(letsIn).toBeGreaterThanOrEqual(0)
    expect(letsIn).toBeLessThan(starts)
  })

  it('goes on wherever the plan was interrupted', () => {
    const count = draft.phases.flatMap(({ steps }) => steps).length
    for (let done = 0; done < count; done += 1) {
      const killed = afterSteps(supposed, draft, done)
      const after = afterSteps(killed, planned(spec, killed))
      expect(membersOf(after), `killed after ${done}`).toEqual(['pg-2 id-node-2', 'pg-3 id-node-3', 'pg-4 id-node-4'])
      expect(planned(spec, after).phases, `killed after ${done}`).toEqual([])
    }
  })
})

describe('a node that is drained while its clients are waited for', () => {
  const intent = { replace: ['pg-1'], waitClientsMs: 60_000 }
  const { draft, supposed } = relocated(running(), intent, { drained: 'id-node-1', led: { pg: 'pg-2' } })

  it('waits at both poolers when nothing depends on them, before any HAProxy is reloaded and anything is stopped', () => {
    const names = draft.phases.map(({ name }) => name)
    const at = names.indexOf('wait for clients to leave')
    expect(at).toBeGreaterThan(names.indexOf('wait until they are withdrawn'))
    expect(at).toBeLessThan(names.indexOf('change node-2', names.indexOf('withdraw members')))
    expect(draft.phases[at]?.steps).toMatchObject([
      {
        kind: 'await-clients',
        timeoutMs: 60_000,
        poolers: [
          { nodeId: 'id-node-1', target: { instance: 'pg-1', socketDirectory: '/run/drover-pgbouncer/pg-1-rw' } },
          { nodeId: 'id-node-1', target: { instance: 'pg-1', socketDirectory: '/run/drover-pgbouncer/pg-1-ro' } },
        ],
      },
    ])
  })

  it('ends as without them, wherever it was interrupted', () => {
    const count = draft.phases.flatMap(({ steps }) => steps).length
    for (let done = 0; done <= count; done += 1) {
      const killed = afterSteps(supposed, draft, done)
      const after = afterSteps(killed, planned(spec, killed))
      expect(membersOf(after), `killed after ${done}`).toEqual(['pg-2 id-node-2', 'pg-3 id-node-3', 'pg-4 id-node-4'])
      expect(planned(spec, after).phases, `killed after ${done}`).toEqual([])
    }
  })

  it('sends readers of a member that confirms nothing elsewhere, too', () => {
    const readers = specOf('  - { name: pg, members: 2, replicas: [{ name: readers, role: replica, members: 1 }] }')
    const before = running(readers)
    const reader = before.allocations.clusters['pg']?.members.find(({ group }) => group !== undefined)?.instance ?? ''
    const leaving = plan({
      spec: readers,
      snapshot: supposing(before, { led: {} }),
      renderer,
      intent: { replace: [reader], waitClientsMs: 60_000 },
    })
    if (!('phases' in leaving)) throw new Error(JSON.stringify(leaving))
    const steps = leaving.phases.find(({ name }) => name === 'send new clients elsewhere')?.steps ?? []
    expect(steps).toMatchObject([{ kind: 'converge' }])
    expect(JSON.stringify(steps)).toContain('noloadbalance')
  })
})

describe('a node that will never come back', () => {
  it('is no part of the plan: its member and its voter are replaced at once', () => {
    const { draft, supposed } = relocated(running(), { replace: ['pg-3'] }, { gone: 'id-node-3', led: {} })
    expect(JSON.stringify(draft.phases)).not.toContain('"nodeId":"id-node-3","manifest"')
    const after = afterSteps(supposed, draft)
    expect(membersOf(after)).toEqual(['pg-1 id-node-1', 'pg-2 id-node-2', 'pg-4 id-node-4'])
    const { members, founders, leaving } = after.allocations.etcd ?? { members: [] }
    expect(members.map(({ name }) => name)).toEqual(['etcd-1', 'etcd-2', 'etcd-4'])
    expect([founders?.length, leaving]).toEqual([3, undefined])
    expect(planned(spec, after).phases).toEqual([])
  })
})

describe('a member that is moved', () => {
  it('goes where it was sent, never where the old one still is', () => {
    const to = { cluster: 'pg', node: 'node-4' }
    const { draft } = relocated(running(), { replace: ['pg-3'], to }, { led: {} })
    expect(draft.allocations.clusters['pg']?.members.map(({ nodeId }) => nodeId)).toEqual([
      'id-node-1',
      'id-node-2',
      'id-node-4',
    ])
    const back = plan({
      spec,
      snapshot: running(),
      renderer,
      intent: { replace: ['pg-3'], to: { ...to, node: 'node-3' } },
    })
    expect(back).toEqual(expect.arrayContaining([expect.objectContaining({ severity: 'error' })]))
  })
})
