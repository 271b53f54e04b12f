import { describe, expect, it } from 'vitest'
import { compareCluster } from '../../orchestrator/operation/drift/compare-cluster.ts'
import { expectationOf } from '../../orchestrator/operation/drift/expectation.ts'
import type { PlanDraft } from '../../orchestrator/plan/plan.ts'
import type { ClusterDrift } from '../../shared/domain/cluster-drift.ts'
import type { ObjectDifference } from '../../shared/domain/object-difference.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import { afterSteps, planned, specOf, stepLines } from '../support/plan-runner.ts'
import { aSnapshot, nodes } from '../support/snapshot-builder.ts'

const CLUSTER = '  - name: pg-main\n    members: 2\n    durability: async\n    parameters: { work_mem: 8MB }'
const fleet = aSnapshot({ nodes: nodes(3) })
const base = specOf(CLUSTER)
const running = afterSteps(fleet, planned(base, fleet))

/** As agents would tell of a cluster that is as it was applied, but for what the test says. */
function seen(
  change: { readonly config?: Readonly<Record<string, unknown>>; readonly hba?: readonly string[] } = {},
  differences: readonly ObjectDifference[] = [],
): ClusterDrift {
  const expectation = expectationOf('pg-main', running)
  if (expectation === undefined) throw new Error('it was applied')
  const { config, members } = expectation
  const known = members.map(({ instance, file }) => ({ name: instance, tags: file?.tags ?? {} }))
  return compareCluster(expectation, {
    objects: { differences },
    members: members.map(expected => ({
      expected,
      observed: running.nodes
        .flatMap(node => node.observation?.instances ?? [])
        .find(({ instance }) => instance === expected.instance),
      survey: {
        settings: [],
        hba: { lines: change.hba ?? expected.file?.hba ?? [], errors: [], isUnread: false },
        slots: [],
        config: { ...config, ...change.config },
        members: known,
      },
    })) as Parameters<typeof compareCluster>[1]['members'],
  })
}

function drifted(drift: ClusterDrift): Snapshot {
  return { ...running, clusterDrift: { 'pg-main': drift } }
}

function patches(draft: PlanDraft): readonly unknown[] {
  return draft.phases.flatMap(({ steps }) =>
    steps.flatMap(step => (step.kind === 'configure-patroni' ? [step.patch] : [])),
  )
}

describe('a plan for a cluster that somebody changed by hand', () => {
  it('has nothing to do when it is as it was applied', () => {
    expect(seen()).toMatchObject({ items: [], unknown: [] })
    expect(planned(base, drifted(seen())).phases).toEqual([])
  })

  it("puts Patroni's configuration back, and what was added goes", () => {
    const snapshot = drifted(seen({ config: { ttl: 77, maximum_lag_on_syncnode: 5 } }))
    const draft = planned(base, snapshot)
    expect(draft.changes).toMatchObject([
      { subject: "Patroni's maximum_lag_on_syncnode", reason: 'drifted', detail: 'pg-main: 5 → not set' },
      { subject: "Patroni's ttl", reason: 'drifted', detail: 'pg-main: 77 → 30' },
    ])
    expect(patches(draft)).toMatchObject([{ ttl: 30, maximum_lag_on_syncnode: null }])
    expect(stepLines(draft, snapshot)).toEqual([
      'configure running clusters: configure-patroni pg-main',
      'compare settings of pg-main: compare-settings pg-main',
    ])
  })

  it('tells of a setting once when the file changes it as well', () => {
    const config = { postgresql: { parameters: { work_mem: '9MB' } } }
    const draft = planned(specOf(CLUSTER.replace('8MB', '9MB')), drifted(seen({ config })))
    expect(draft.changes.filter(({ subject }) => /[ .]work_mem$/.test(subject))).toMatchObject([
      { subject: 'setting work_mem', reason: 'spec-changed', detail: 'pg-main: 8MB → 9MB' },
    ])
  })

  it('has members write their files anew before settings are compared', () => {
    const snapshot = drifted(seen({ hba: ['host all all 0.0.0.0/0 trust'] }))
    const draft = planned(base, snapshot)
    expect(new Set(draft.changes.map(({ reason }) => reason))).toEqual(new Set(['drifted']))
    expect(stepLines(draft, snapshot)).toEqual([
      'write files of PostgreSQL anew: restore-files pg-main-1, restore-files pg-main-2',
      'compare settings of pg-main: compare-settings pg-main',
    ])
    const other = planned(specOf(CLUSTER.replace('8MB', '9MB')), snapshot)
    const lines = stepLines(other, snapshot).map(line => line.slice(0, line.indexOf(':')))
    expect(lines.slice(0, 3)).toEqual([
      'configure running clusters',
      'write files of PostgreSQL anew',
      'compare settings of pg-main',
    ])
    expect(lines.filter(line => line.startsWith('compare'))).toHaveLength(1)
  })

  it('provisions what was declared, and names the command for what was not', () => {
    const user = { object: 'user app', expected: 'not declared', found: '1GB' }
    const differences = [
      { object: 'user app', property: 'createdb', expected: 'no', found: 'yes' },
      { ...user, property: 'work_mem', undo: 'ALTER ROLE "app" RESET "work_mem"' },
    ]
    const snapshot = drifted(seen({}, differences))
    const draft = planned(base, snapshot)
    expect(draft.changes).toMatchObject([
      { subject: 'user app: createdb', reason: 'drifted', detail: 'pg-main: yes → no' },
    ])
    expect(stepLines(draft, snapshot)).toEqual(['start standbys, provision: provision pg-main'])
    expect(draft.problems).toMatchObject([
      { code: 'drift-left', severity: 'warning', hint: 'ALTER ROLE "app" RESET "work_mem"' },
    ])
    const left = planned(base, drifted(seen({}, differences.slice(1))))
    expect([left.changes, left.phases, left.problems.length]).toEqual([[], [], 1])
  })
})
