import { describe, expect, it } from 'vitest'
import type { InstanceRole } from '../../../shared/domain/observation.ts'
import type { PlanIntent } from '../../../shared/domain/plan.ts'
import type { Snapshot } from '../../../shared/domain/snapshot.ts'
import { interruptedAnywhere } from '../../../test/support/interrupted-plan.ts'
import { afterSteps, planned, refused, specOf, stepLines } from '../../../test/support/plan-runner.ts'
import { seenAs } from '../../../test/support/seen-roles.ts'
import { aSnapshot, nodes } from '../../../test/support/snapshot-builder.ts'

const three = specOf('  - { name: pg, members: 3, durability: sync }')
const two = specOf('  - { name: pg, members: 2, durability: sync }')

function running(spec = three, roles: Readonly<Record<string, InstanceRole>> = {}): Snapshot {
  const empty = aSnapshot({ nodes: nodes(4) })
  return seenAs(afterSteps(empty, planned(spec, empty)), roles)
}

const SYNC_2 = { 'pg-2': 'sync-standby' } as const
const SYNC_3 = { 'pg-3': 'sync-standby' } as const

describe('a spec with a member less', () => {
  it('is refused with the very option that is missing: the highest number that is not the primary', () => {
    const [problem] = refused(two, running(three, SYNC_2))
    expect(problem).toMatchObject({ code: 'removal-unnamed', severity: 'error' })
    expect(problem?.hint).toContain('--remove pg-3')
  })

  it('proposes a standby that confirms commits last', () => {
    expect(refused(two, running(three, SYNC_3))[0]?.hint).toContain('--remove pg-2')
  })

  it('never lets the primary go', () => {
    const [problem] = refused(two, running(three, SYNC_2), { remove: ['pg-1'] })
    expect(problem).toMatchObject({ code: 'removal-of-primary' })
    expect(problem?.hint).toContain('drover cluster switchover pg')
  })

  it('lets go no more than are too many, and nobody who is not there', () => {
    const from = running(three, SYNC_2)
    expect(refused(two, from, { remove: ['pg-2', 'pg-3'] })[0]?.code).toBe('removal-not-in-spec')
    expect(refused(three, from, { remove: ['pg-3'] })[0]?.code).toBe('removal-not-in-spec')
    expect(refused(two, from, { remove: ['pg-3', 'pg-9'] })[0]?.code).toBe('removal-unknown')
  })

  it('withdraws it, lets the others forget it, then stops it and begins its tombstone', () => {
    const from = running(three, SYNC_2)
    expect(stepLines(planned(two, from, { remove: ['pg-3'] }), from)).toMatchInlineSnapshot(`
      [
        "configure running clusters: configure-patroni pg",
        "withdraw members: node-3",
        "wait until they are withdrawn: pg withdrawn",
        "change node-1: node-1 (final)",
        "wait for node-1: etcd, pg members-streaming, pg services-up",
        "change node-2: node-2 (final)",
        "wait for node-2: etcd, pg members-streaming, pg services-up",
        "change node-3: node-3 (final)",
        "wait for node-3: etcd",
        "forget members: forget-scope pg",
        "release slots: release-slot pg",
        "begin tombstones: mark-departed pg-3",
        "settle when commits are done: configure-patroni pg",
      ]
    `)
  })

  it('has another standby confirm first when it is the one that does', () => {
    const from = running(three, SYNC_3)
    expect(stepLines(planned(two, from, { remove: ['pg-3'] }), from).slice(0, 5)).toMatchInlineSnapshot(`
      [
        "configure running clusters: configure-patroni pg",
        "withdraw members: configure-patroni pg",
        "withdraw members: pg members-streaming",
        "withdraw members: node-3",
        "wait until they are withdrawn: pg withdrawn",
      ]
    `)
  })

  it.each<[string, string, PlanIntent]>([
    ['a member', 'members: 2', { remove: ['pg-3'] }],
    ['a cluster that is to stop', 'members: 3', { stop: 'pg' }],
  ])('does not pretend to stop what it cannot reach: %s', (_, members, intent) => {
    const from = running(three, SYNC_2)
    const silent = {
      ...from,
      nodes: from.nodes.map(node => (node.name === 'node-3' ? { ...node, state: 'silent' as const } : node)),
    }
    const spec = specOf(`  - { name: pg, ${members}, durability: sync }`)
    expect(refused(spec, silent, intent)).toMatchObject([{ code: 'removal-unreachable' }])
  })

  it('shows what leaves, and why', () => {
    const { changes } = planned(two, running(three, SYNC_2), { remove: ['pg-3'] })
    expect(changes.find(({ subject }) => subject === 'instance pg-3')).toMatchObject({
      verb: 'remove',
      reason: 'not-in-spec',
      node: 'node-3',
    })
  })

  it('keeps its number, and the next member gets another one', () => {
    const gone = after(running(three, SYNC_2), { remove: ['pg-3'] })
    expect(gone.allocations.departed).toMatchObject([
      { instance: 'pg-3', dataDirectory: '/var/lib/drover/pg/pg-3/data' },
    ])
    const again = planned(three, gone)
    expect(again.allocations.clusters['pg']?.members.map(({ instance }) => instance)).toEqual(['pg-1', 'pg-2', 'pg-4'])
  })

  it('leaves nothing to do once applied', () => {
    const gone = after(running(three, SYNC_2), { remove: ['pg-3'] })
    const again = planned(two, gone)
    expect([again.phases, again.changes]).toEqual([[], []])
  })

  it('takes nothing of its cluster with it that still runs, wherever it is interrupted', () => {
    const from = running(three, SYNC_3)
    const first = planned(two, from, { remove: ['pg-3'] })
    for (const { done, stopped: unseen } of interruptedAnywhere(from, first)) {
      const stopped = seenAs(unseen, SYNC_2)
      const rest = planned(two, stopped)
      const end = seenAs(afterSteps(stopped, rest), SYNC_2)
      expect(
        end.allocations.departed?.map(({ stopped: mark }) => mark?.at),
        `after ${done} steps`,
      ).toEqual([from.now])
      expect(planned(two, end).phases, `after ${done} steps`).toEqual([])
      expect(startedUnits(end, 'pg-3')).toEqual([])
      expect(startedUnits(end, 'pg-2')).not.toEqual([])
    }
  })
})

describe('a cluster that left the spec', () => {
  const both = specOf('  - { name: pg, members: 3 }\n  - { name: old, members: 2 }')
  const one = specOf('  - { name: pg, members: 3 }')

  it('is refused with the option that is missing', () => {
    const [problem] = refused(one, running(both))
    expect(problem).toMatchObject({ code: 'removal-unnamed' })
    expect(problem?.hint).toContain('--remove old')
  })

  it('shuts its doors, stops the standbys, then the primary', () => {
    const from = running(both)
    expect(stepLines(planned(one, from, { remove: ['old'] }), from)).toMatchInlineSnapshot(`
      [
        "shut the doors: node-1, node-2",
        "see who leads: old led-by",
        "stop standbys: node-2",
        "stop primaries: node-1",
        "configure running clusters: configure-patroni pg",
        "compare settings of pg: compare-settings pg",
        "change node-1: node-1 (final)",
        "wait for node-1: etcd",
        "change node-2: node-2 (final)",
        "wait for node-2: etcd, pg members-streaming, pg services-up",
        "change node-4: node-4 (final)",
        "wait for node-4: pg members-streaming, pg services-up",
        "change node-3: node-3 (final)",
        "wait for node-3: etcd, pg members-streaming, pg services-up",
        "begin tombstones: mark-departed old-1 old-2",
      ]
    `)
  })

  it('leaves nothing to do once applied, and nothing of it runs or is configured', () => {
    const gone = after(running(both), { remove: ['old'] }, one)
    const again = planned(one, gone)
    expect([again.phases, again.changes]).toEqual([[], []])
    expect(startedUnits(gone, 'old')).toEqual([])
    expect(
      gone.nodes.flatMap(({ manifest }) => manifest?.files ?? []).filter(({ path }) => path.includes('old')),
    ).toEqual([])
    expect(Object.keys(gone.allocations.removed ?? {})).toEqual(['old'])
  })

  it('cannot be made anew by mistake while its data are there', () => {
    const gone = after(running(both), { remove: ['old'] }, one)
    const [problem] = refused(both, gone)
    expect(problem).toMatchObject({ code: 'cluster-was-removed' })
    expect(problem?.hint).toContain('drover cluster undo-remove old')
  })

  it('comes back as it was, its primary first', () => {
    const before = running(both)
    const gone = after(before, { remove: ['old'] }, one)
    const back = planned(both, gone, { restore: 'old' })
    expect(stepLines(back, gone)).toMatchInlineSnapshot(`
      [
        "configure running clusters: configure-patroni pg",
        "compare settings of pg: compare-settings pg",
        "prepare nodes: node-1",
        "change node-2: node-2",
        "wait for node-2: etcd, pg members-streaming, pg services-up",
        "change node-4: node-4 (final)",
        "wait for node-4: pg members-streaming, pg services-up",
        "change node-3: node-3 (final)",
        "wait for node-3: etcd, pg members-streaming, pg services-up",
        "wait for etcd: etcd",
        "start primaries: node-1",
        "wait for primaries: old leader",
        "start standbys, provision: node-1 (final), node-2 (final)",
        "wait for standbys and services: old members-streaming, old services-up",
        "finish: configure-patroni old, mark-started old",
      ]
    `)
    const end = afterSteps(gone, back)
    expect(end.allocations).toEqual(before.allocations)
    expect(startedUnits(end, 'old')).toEqual(startedUnits(before, 'old'))
    expect(end.nodes.map(({ manifest }) => manifest?.watches)).toEqual(
      before.nodes.map(({ manifest }) => manifest?.watches),
    )
    expect(planned(both, end).phases).toEqual([])
  })

  it('ends as removed wherever it is interrupted', () => {
    const from = running(both)
    const first = planned(one, from, { remove: ['old'] })
    for (const { done, stopped } of interruptedAnywhere(from, first)) {
      const end = afterSteps(stopped, planned(one, stopped))
      expect(planned(one, end).phases, `after ${done} steps`).toEqual([])
      expect(startedUnits(end, 'old'), `after ${done} steps`).toEqual([])
      expect(end.allocations.removed?.['old']?.allocation.hibernated, `after ${done} steps`).toEqual({
        primary: 'old-1',
      })
    }
  })

  it('is forgotten with its data: then the name is free, and so are its ports', () => {
    const gone = after(running(both), { remove: ['old'] }, one)
    const instances = ['old-1', 'old-2']
    const erase = planned(one, gone, { erase: { instances, early: true } })
    expect(stepLines(erase, gone)).toMatchInlineSnapshot(`
      [
        "erase data: erase old-1, erase old-2",
        "forget clusters: forget-scope old",
        "end tombstones: mark-erased old-1 old-2",
        "change node-1: node-1 (final)",
        "wait for node-1: etcd",
        "change node-2: node-2 (final)",
        "wait for node-2: etcd, pg members-streaming, pg services-up",
      ]
    `)
    expect(erase.allocations).toEqual(gone.allocations)
    const end = afterSteps(gone, erase)
    expect(end.allocations).not.toHaveProperty('departed')
    expect(end.allocations).not.toHaveProperty('removed')
    expect(planned(one, end).phases).toEqual([])
    expect(planned(both, end).allocations.clusters['old']?.bootstrapped).toBe(false)
  })

  it('keeps its ports from others until then', () => {
    const gone = after(running(both), { remove: ['old'] }, one)
    const other = specOf('  - { name: pg, members: 3 }\n  - { name: new, members: 4 }')
    expect(planned(other, gone).allocations.clusters['new']?.portBlock).toBe(2)
  })
})

describe('a cluster that is stopped by name', () => {
  it('stops in the same order, stays stopped through applies, and starts with its primary', () => {
    const before = running(three, SYNC_2)
    const stop = planned(three, before, { stop: 'pg' })
    expect(stepLines(stop, before)).toMatchInlineSnapshot(`
      [
        "shut the doors: node-1, node-2, node-3",
        "see who leads: pg led-by",
        "stop standbys: node-2 (final), node-3 (final)",
        "stop primaries: node-1 (final)",
      ]
    `)
    const asleep = afterSteps(before, stop)
    const again = planned(three, asleep)
    expect([again.phases, again.changes]).toEqual([[], []])
    expect(again.problems).toMatchObject([{ code: 'hibernated', severity: 'warning' }])
    const start = planned(three, asleep, { start: 'pg' })
    expect(stepLines(start, asleep)).toMatchInlineSnapshot(`
      [
        "wait for etcd: etcd",
        "start primaries: node-1",
        "wait for primaries: pg leader",
        "start standbys, provision: node-1 (final), node-2 (final), node-3 (final)",
        "wait for standbys and services: pg members-streaming, pg services-up",
        "finish: configure-patroni pg, mark-started pg",
      ]
    `)
    const end = afterSteps(asleep, start)
    expect(end.allocations).toEqual(before.allocations)
    expect(planned(three, end).phases).toEqual([])
  })

  it('goes on starting after an interruption, and does not fall asleep again', () => {
    const asleep = afterSteps(running(), planned(three, running(), { stop: 'pg' }))
    const start = planned(three, asleep, { start: 'pg' })
    for (const { done, stopped } of interruptedAnywhere(asleep, start)) {
      const end = afterSteps(stopped, planned(three, stopped))
      expect(planned(three, end).phases, `after ${done} steps`).toEqual([])
      expect(startedUnits(end, 'pg-3'), `after ${done} steps`).not.toEqual([])
      expect(end.allocations.clusters['pg'], `after ${done} steps`).not.toHaveProperty('hibernated')
    }
  })
})

function after(from: Snapshot, intent: PlanIntent, spec = two): Snapshot {
  return afterSteps(from, planned(spec, from, intent))
}

function startedUnits(snapshot: Snapshot, name: string): readonly string[] {
  return snapshot.nodes.flatMap(({ manifest }) =>
    (manifest?.units ?? []).flatMap(unit => (unit.state === 'started' && unit.name.includes(name) ? [unit.name] : [])),
  )
}
