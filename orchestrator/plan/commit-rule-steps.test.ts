import { describe, expect, it } from 'vitest'
import type { InstanceRole } from '../../shared/domain/observation.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import { afterSteps, planned, refused, specOf } from '../../test/support/plan-runner.ts'
import { seenAs } from '../../test/support/seen-roles.ts'
import { aSnapshot, nodes } from '../../test/support/snapshot-builder.ts'

const spec = (rule: string) => specOf(`  - { name: pg, members: 3, ${rule} }`)

/** A cluster that runs with this rule, and what each member is seen to be. */
function running(rule: string, roles: Readonly<Record<string, InstanceRole>> = {}): Snapshot {
  const empty = aSnapshot({ nodes: nodes(3) })
  return seenAs(afterSteps(empty, planned(spec(rule), empty)), roles)
}

/** The patches and waits that change when commits are done, in order. */
function changes(from: Snapshot, rule: string): readonly unknown[] {
  return planned(spec(rule), from)
    .phases.filter(({ name }) => name === 'configure running clusters' || name === 'change when commits are done')
    .map(({ steps: [step] }) => {
      if (step?.kind === 'await' && step.condition.kind === 'members-streaming')
        return `wait for ${step.condition.syncStandbys}`
      return step?.kind === 'configure-patroni' ? step.patch : step
    })
}

describe('a change of durability', () => {
  it('becomes strict when a standby confirms, and the rest of the change comes with the first patch', () => {
    const [first, second, third, ...rest] = changes(
      running('durability: async'),
      'durability: strict-sync, failover: fast',
    )
    expect(first).toMatchObject({ ttl: 20, synchronous_mode: true, synchronous_node_count: 1 })
    expect(first).not.toHaveProperty('synchronous_mode_strict')
    expect(second).toBe('wait for 1')
    expect(third).toEqual({ synchronous_mode: true, synchronous_mode_strict: true, synchronous_node_count: 1 })
    expect(rest).toEqual([])
  })

  it('lets any member be promoted only when all of them confirm', () => {
    const from = running('durability: strict-sync', { 'pg-2': 'sync-standby' })
    const [first, ...rest] = changes(from, 'durability: async')
    expect(first).toMatchObject({ synchronous_mode: true, synchronous_node_count: 2 })
    expect(rest).toEqual([
      'wait for 2',
      { synchronous_mode: false, synchronous_mode_strict: false, synchronous_node_count: null },
    ])
  })

  it('waits for a second standby that is to confirm', () => {
    const from = running('durability: sync', { 'pg-2': 'sync-standby' })
    const [first, ...rest] = changes(from, 'durability: sync, synchronous: { standbys: 2 }')
    expect(first).toMatchObject({ synchronous_node_count: 2, synchronous_mode_strict: false })
    expect(rest).toEqual(['wait for 2'])
  })

  it('is one patch when commits are done as before', () => {
    expect(changes(running('durability: sync'), 'durability: sync, failover: fast')).toEqual([
      expect.objectContaining({ ttl: 20, synchronous_mode: true }),
    ])
  })

  it('is refused while it would stop all writes', () => {
    const from = running('durability: sync')
    const alone = {
      ...from,
      nodes: from.nodes.map(node => (node.name === 'node-1' ? node : { ...node, state: 'silent' as const })),
    }
    expect(refused(spec('durability: strict-sync'), alone)).toContainEqual(
      expect.objectContaining({ code: 'commit-rule-blocked', message: expect.stringContaining('stop all writes') }),
    )
  })
})
