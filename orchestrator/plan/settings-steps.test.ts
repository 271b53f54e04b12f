import { describe, expect, it } from 'vitest'
import type { SettingsStep } from '../../shared/domain/plan.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import { afterSteps, planned, specOf } from '../../test/support/plan-runner.ts'
import { aSnapshot, nodes } from '../../test/support/snapshot-builder.ts'
import type { PlanDraft } from './plan.ts'

const spec = (parameters: string) => specOf(`  - { name: pg, members: 3, parameters: { ${parameters} } }`)
const FIRST = 'max_connections: 90, deadlock_timeout: 1s'

function running(pendingRestart = false): Snapshot {
  const empty = aSnapshot({ nodes: nodes(3) })
  const snapshot = afterSteps(empty, planned(spec(FIRST), empty))
  if (!pendingRestart) return snapshot
  return {
    ...snapshot,
    nodes: snapshot.nodes.map(node => ({
      ...node,
      observation: {
        observedAt: 0,
        instances: (node.observation?.instances ?? []).map(each => ({ ...each, pendingRestart: true })),
      },
    })),
  }
}

function settingsSteps({ phases }: PlanDraft): readonly SettingsStep[] {
  return phases.flatMap(({ steps }) =>
    steps.flatMap(step => (step.kind === 'compare-settings' || step.kind === 'restart-members' ? step : [])),
  )
}

describe('settings of a cluster that runs', () => {
  it('are compared before any node changes, with what takes them back', () => {
    const draft = planned(spec('max_connections: 90, deadlock_timeout: 2s'), running())
    const names = draft.phases.map(({ name }) => name)
    expect(names.slice(0, 2)).toEqual(['configure running clusters', 'compare settings of pg'])
    expect(settingsSteps(draft)).toEqual([
      expect.objectContaining({ kind: 'compare-settings', cluster: 'pg', awaitSynchronous: false }),
    ])
    expect(settingsSteps(draft)[0]?.undo?.patch).toMatchObject({
      postgresql: { parameters: { deadlock_timeout: '1s' } },
    })
    expect(draft.problems.filter(({ code }) => code === 'restart-pending')).toEqual([])
  })

  it('wait for a restart with a warning, unless the operator says so', () => {
    const wanted = spec('max_connections: 70, deadlock_timeout: 1s')
    const waiting = planned(wanted, running())
    expect(settingsSteps(waiting).map(({ kind }) => kind)).toEqual(['compare-settings'])
    expect(waiting.problems).toContainEqual(
      expect.objectContaining({ code: 'restart-pending', hint: expect.stringContaining('--restart') }),
    )
    const rolling = planned(wanted, running(), { restart: true })
    expect(settingsSteps(rolling).map(({ kind }) => kind)).toEqual(['compare-settings', 'restart-members'])
    expect(settingsSteps(rolling)[1]?.undo?.patch).toMatchObject({
      postgresql: { parameters: { max_connections: '90' } },
    })
    expect(rolling.problems.filter(({ code }) => code === 'restart-pending')).toEqual([])
    expect(rolling.changes).toContainEqual(expect.objectContaining({ subject: 'restart of pg', reason: 'requested' }))
  })

  it('of an earlier apply are taken when a restart is asked for, and only then', () => {
    expect(planned(spec(FIRST), running(true)).phases).toEqual([])
    const draft = planned(spec(FIRST), running(true), { restart: true })
    expect(settingsSteps(draft)).toEqual([expect.not.objectContaining({ undo: expect.anything() })])
    expect(draft.changes).toHaveLength(1)
    expect(planned(spec(FIRST), running(), { restart: true }).phases).toEqual([])
  })
})
