import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseSpec } from '../../orchestrator/spec/parse-spec.ts'
import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import { afterSteps, planned, refused, specOf, stepLines } from '../support/plan-runner.ts'
import { shownPlan } from '../support/shown-plan.ts'
import { aNode, aSnapshot, nodes } from '../support/snapshot-builder.ts'

const CLUSTER = '  - name: pg-main\n    members: 3\n    durability: sync'

describe('the quickstart on three fresh nodes', () => {
  const snapshot = aSnapshot({ nodes: nodes(3) })
  const draft = planned(quickstart(), snapshot)

  it('explains itself', () => {
    expect(shownPlan(draft, snapshot)).toMatchInlineSnapshot(`
      "fleet
        + cluster pg-main  (does-not-exist)  PostgreSQL 17, 3 members, sync
        + user app  (does-not-exist)  pg-main
        + user reader  (does-not-exist)  pg-main
        + database app  (does-not-exist)  pg-main
      node-1
        + voter etcd-1  (does-not-exist)  no failure-domain labels; holds nothing yet; first of 3 nodes
        + instance pg-main-1  (does-not-exist)  no failure-domain labels; loaded to 25 % (cores); the only
              node left
        + certificate pg-main-1  (does-not-exist)
        + link /etc/drover/patroni/pg-main-1/runtime  (does-not-exist)
      node-2
        + voter etcd-2  (does-not-exist)  no failure-domain labels; holds nothing yet; first of 2 nodes
        + instance pg-main-2  (does-not-exist)  no failure-domain labels; loaded to 13 % (cores), 25 %
              should another node fail; the only node left
        + certificate pg-main-2  (does-not-exist)
        + link /etc/drover/patroni/pg-main-2/runtime  (does-not-exist)
      node-3
        + voter etcd-3  (does-not-exist)  the only node left; no failure-domain labels; holds nothing yet
        + instance pg-main-3  (does-not-exist)  no failure-domain labels; loaded to 13 % (cores), 25 %
              should another node fail; the only node left
        + certificate pg-main-3  (does-not-exist)
        + link /etc/drover/patroni/pg-main-3/runtime  (does-not-exist)
      node-1 … node-3
        + package-source drover  (does-not-exist)
        + 9 packages  (does-not-exist)  etcd-client, etcd-server, haproxy, patroni, pgbouncer,
              postgresql-17, postgresql-17-pgvector, postgresql-client-17, python3-etcd
        + 14 directories  (does-not-exist)
        + certificate etcd  (does-not-exist)
        + 19 files  (does-not-exist)
        + 11 units  (does-not-exist)
      Plan id: 34 to create, 0 to update, 0 to remove, in 8 phases.
      "
    `)
  })

  it('starts the primary first, then standbys beside provisioning', () => {
    expect(stepLines(draft, snapshot)).toMatchInlineSnapshot(`
      [
        "fill package repository: debian13 ×9",
        "prepare nodes: node-1, node-2, node-3",
        "wait for etcd: etcd",
        "start primaries: node-1 (final)",
        "wait for primaries: pg-main leader",
        "start standbys, provision: node-2 (final), node-3 (final), provision pg-main",
        "wait for standbys and services: pg-main members-streaming, pg-main services-up",
        "finish: configure-patroni pg-main, mark-bootstrapped pg-main, probe node-1, probe node-2, probe node-3",
      ]
    `)
  })

  it('is the same plan each time', () => {
    expect(planned(quickstart(), snapshot)).toEqual(draft)
  })

  it('leaves nothing to do once applied', () => {
    const again = planned(quickstart(), afterSteps(snapshot, draft))
    expect(again.changes).toEqual([])
    expect(again.phases).toEqual([])
    expect(again.problems).toEqual([])
    expect(shownPlan(again, snapshot)).toBe('No changes: the fleet is as the file says.\n')
  })

  it('holds no secret, only placeholders', () => {
    const text = JSON.stringify(draft)
    expect(text).toContain('${scram:clusters/pg-main/users/app}')
    expect(text).not.toMatch(/SCRAM-SHA-256\$/)
  })
})

describe('an apply that was killed', () => {
  const snapshot = aSnapshot({ nodes: nodes(3) })
  const draft = planned(quickstart(), snapshot)
  const steps = draft.phases.flatMap(phase => phase.steps)

  it.each(steps.map((_, count) => count))('after %i steps is finished by the next one', count => {
    const half = afterSteps(snapshot, draft, count)
    const rest = planned(quickstart(), half)
    expect(rest.changes.length).toBeGreaterThan(0)
    expect(
      rest.changes
        .filter(change => change.verb === 'create')
        .every(change => change.reason === 'unfinished' || change.subject.includes('etcd')),
    ).toBe(true)
    expect(rest.allocations.clusters['pg-main']?.members).toEqual(draft.allocations.clusters['pg-main']?.members)
    const whole = afterSteps(half, rest)
    expect(planned(quickstart(), whole).changes).toEqual([])
    expect(whole.allocations.clusters['pg-main']?.bootstrapped).toBe(true)
    expect(whole.nodes.map(node => node.manifest)).toEqual(afterSteps(snapshot, draft).nodes.map(node => node.manifest))
  })

  it('never stops what an earlier attempt started', () => {
    for (const count of steps.keys()) {
      const half = afterSteps(snapshot, draft, count)
      for (const step of planned(quickstart(), half).phases.flatMap(phase => phase.steps)) {
        if (step.kind !== 'converge') continue
        const patroni = step.manifest.units.filter(unit => unit.name.startsWith('drover-'))
        expect(patroni.map(unit => unit.state)).not.toContain('stopped')
      }
    }
  })
})

describe('a change to a running fleet', () => {
  const fresh = aSnapshot({ nodes: nodes(3) })
  const base = specOf(CLUSTER)
  const running = afterSteps(fresh, planned(base, fresh))

  it('reaches standbys first and the primary last, one node at a time', () => {
    const changed = planned(specOf(`${CLUSTER}\n    parameters: { work_mem: 5MB }`), running)
    expect(changed.changes.filter(change => change.node === undefined)).toEqual([
      { verb: 'update', subject: 'setting work_mem', reason: 'spec-changed', detail: expect.stringContaining('→ 5MB') },
    ])
    expect(stepLines(changed, running)).toMatchInlineSnapshot(`
      [
        "configure running clusters: configure-patroni pg-main",
        "compare settings of pg-main: compare-settings pg-main",
        "change node-2: node-2 (final)",
        "wait for node-2: etcd, pg-main members-streaming, pg-main services-up",
        "change node-3: node-3 (final)",
        "wait for node-3: etcd, pg-main members-streaming, pg-main services-up",
        "change node-1: node-1 (final)",
        "wait for node-1: etcd, pg-main members-streaming, pg-main services-up",
      ]
    `)
  })

  it('only provisions when only users are new and no file tells', () => {
    const changed = planned(specOf(`${CLUSTER}\n    users: [{ name: group, login: false, pooled: false }]`), running)
    expect(changed.changes).toEqual([
      { verb: 'create', subject: 'user group', reason: 'does-not-exist', detail: 'pg-main' },
    ])
    expect(stepLines(changed, running)).toEqual(['start standbys, provision: provision pg-main'])
  })

  it('ignores where in the file a cluster stands', () => {
    expect(planned(specOf(`\n\n${CLUSTER}`), running).changes).toEqual([])
  })

  it('takes a removed parameter back', () => {
    const withParameter = specOf(`${CLUSTER}\n    parameters: { wal_keep_size: 1GB }`)
    const applied = afterSteps(running, planned(withParameter, running))
    const patch = planned(base, applied)
      .phases.flatMap(phase => phase.steps)
      .find(step => step.kind === 'configure-patroni')
    expect(patch?.patch).toMatchObject({ postgresql: { parameters: { wal_keep_size: null } } })
  })

  it('keeps installed versions when newer ones come on offer', () => {
    const newer = Object.fromEntries(Object.keys(running.packages['debian13'] ?? {}).map(name => [name, '99.9-1']))
    expect(planned(base, { ...running, packages: { debian13: newer } }).changes).toEqual([])
  })

  it('measures a disk that has no figure beside other work, never for itself', () => {
    const unmeasured = { ...running, nodes: running.nodes.map((node, index) => (index === 1 ? bare(node) : node)) }
    expect(planned(base, unmeasured).phases).toEqual([])
    const changed = planned(specOf(`${CLUSTER}\n    parameters: { work_mem: 5MB }`), unmeasured)
    expect(stepLines(changed, unmeasured).at(-1)).toBe('finish: probe node-2')
  })

  it('warns of a disk that is too slow for etcd, and retunes nothing by it', () => {
    const slow = { ...running, nodes: running.nodes.map((node, index) => (index === 1 ? withP99(node, 12_000) : node)) }
    const again = planned(base, slow)
    expect(again.changes).toEqual([])
    expect(again.problems).toMatchObject([{ code: 'slow-fsync', severity: 'warning' }])
    expect(again.problems[0]?.message).toContain('node-2')
  })

  it('repairs drift', () => {
    const drifted = {
      ...running,
      nodes: running.nodes.map(node => (node.name === 'node-2' ? { ...node, drifted: true } : node)),
    }
    const repair = planned(base, drifted)
    expect(repair.changes).toEqual([{ verb: 'update', subject: 'drifted items', reason: 'drifted', node: 'node-2' }])
    expect(stepLines(repair, drifted)[0]).toBe('change node-2: node-2 (final)')
  })

  it('repairs what is broken first, and waits for nothing whose repair is still to come', () => {
    const drifted = {
      ...running,
      nodes: running.nodes.map(node => ({
        ...node,
        drifted: true,
        ...(node.name === 'node-2' ? {} : poolerDown(node)),
      })),
    }
    const repair = planned(base, drifted)
    expect(stepLines(repair, drifted).filter(line => line.startsWith('change'))).toEqual([
      'change node-3: node-3 (final)',
      'change node-1: node-1 (final)',
      'change node-2: node-2 (final)',
    ])
    const waits = repair.phases.flatMap(({ steps }) =>
      steps.flatMap(step =>
        step.kind === 'await' && step.condition.kind === 'services-up' ? [step.condition.instances] : [],
      ),
    )
    const all = ['pg-main-1', 'pg-main-2', 'pg-main-3']
    expect(waits).toEqual([['pg-main-2', 'pg-main-3'], all, all])
  })

  it('follows hardware that has changed', () => {
    const bigger = {
      ...running,
      nodes: nodes(3, { memoryBytes: 64 * 1024 ** 3 }).map((node, index) => ({ ...running.nodes[index], ...node })),
    }
    const grown = planned(base, bigger)
    expect(new Set(grown.changes.map(change => change.reason))).toEqual(new Set(['facts-changed']))
    expect(stepLines(grown, bigger)[0]).toBe('configure running clusters: configure-patroni pg-main')
  })

  it('leaves a silent node out with a word, and a second cluster on the same nodes on other ports', () => {
    const silent = {
      ...running,
      nodes: running.nodes.map(node => (node.name === 'node-3' ? { ...node, state: 'silent' as const } : node)),
    }
    const changed = planned(specOf(`${CLUSTER}\n    parameters: { work_mem: 5MB }`), silent)
    expect(changed.problems).toMatchObject([{ code: 'node-not-ready', severity: 'warning' }])
    expect(JSON.stringify(stepLines(changed, silent))).not.toContain('node-3')
    const two = planned(specOf(`${CLUSTER}\n  - name: pg-two`), running)
    expect(two.allocations.clusters['pg-two']?.portBlock).toBe(1)
    expect(two.allocations.clusters['pg-main']).toEqual(running.allocations.clusters['pg-main'])
  })

  it('adds a member', () => {
    const four = { ...running, nodes: [...running.nodes, aNode({ name: 'node-4' })] }
    const grown = planned(specOf(CLUSTER.replace('members: 3', 'members: 4')), four)
    expect(grown.changes).toContainEqual({
      verb: 'create',
      subject: 'instance pg-main-4',
      reason: 'does-not-exist',
      node: 'node-4',
      detail: expect.any(String),
    })
    expect(planned(specOf(CLUSTER.replace('members: 3', 'members: 4')), afterSteps(four, grown)).changes).toEqual([])
  })

  it.each([
    ['a cluster less', '  - name: pg-other', 'removal-unnamed'],
    ['a member less', CLUSTER.replace('members: 3', 'members: 2'), 'removal-unnamed'],
    ['another major', `${CLUSTER}\n    postgresVersion: 16`, 'major-upgrade-not-supported'],
    ['other nodes', `${CLUSTER}\n    placement: { nodes: [node-1, node-2, node-9] }`, 'move-not-supported'],
    [
      'a new database whose baseline may need an extension that waits',
      `${CLUSTER}\n    users: [{ name: a }]\n    databases: [{ name: a, owner: a, extensions: [pg_cron], baseline: select 1 }]`,
      'baseline-needs-extension',
    ],
  ])('is refused with a reason: %s', (_, text, code) => {
    const [problem] = refused(specOf(text), running)
    expect(problem).toMatchObject({ code, severity: 'error' })
    expect(problem?.hint).toBeDefined()
  })
})

function poolerDown(node: SnapshotNode): Pick<SnapshotNode, 'observation'> {
  const observation = node.observation ?? fail()
  const poolers = [{ name: 'rw', port: 6432, up: false }]
  return { observation: { ...observation, instances: observation.instances.map(each => ({ ...each, poolers })) } }
}

function bare(node: SnapshotNode): SnapshotNode {
  const { fsync: _fsync, ...facts } = node.facts ?? fail()
  return { ...node, facts }
}

function withP99(node: SnapshotNode, p99Micros: number): SnapshotNode {
  const facts = node.facts ?? fail()
  return { ...node, facts: { ...facts, fsync: { ...(facts.fsync ?? fail()), p50Micros: p99Micros / 2, p99Micros } } }
}

function fail(): never {
  throw new Error('the node has no figures')
}

function quickstart(): FleetSpec {
  const text = readFileSync(new URL('../../deploy/examples/quickstart.yml', import.meta.url), 'utf8').replace(
    'name: quickstart',
    'name: test',
  )
  const parsed = parseSpec(text, 'quickstart.yml')
  if (!('spec' in parsed)) throw new Error(JSON.stringify(parsed))
  return parsed.spec
}
