import { describe, expect, it } from 'vitest'
import type { NodeState, Snapshot } from '../../../shared/domain/snapshot.ts'
import { afterSteps, planned, refused, specOf, stepLines } from '../../../test/support/plan-runner.ts'
import { aSnapshot, nodes } from '../../../test/support/snapshot-builder.ts'
import { ETCD_CONFIG } from '../render/paths.ts'

const pg = '  - { name: pg, members: 2, placement: { nodes: [node-1, node-2] } }'
const spec = (voters: number) => specOf(pg, `{ members: ${voters} }`)

function running(voters: number): Snapshot {
  const empty = aSnapshot({ nodes: nodes(5) })
  return afterSteps(empty, planned(spec(voters), empty))
}

function withNode(snapshot: Snapshot, name: string, state: NodeState): Snapshot {
  return { ...snapshot, nodes: snapshot.nodes.map(node => (node.name === name ? { ...node, state } : node)) }
}

function without(snapshot: Snapshot, name: string): Snapshot {
  return { ...snapshot, nodes: snapshot.nodes.filter(node => node.name !== name) }
}

function etcdConfig(snapshot: Snapshot, name: string): string {
  const files = snapshot.nodes.find(node => node.name === name)?.manifest?.files
  return files?.find(({ path }) => path === ETCD_CONFIG)?.content ?? ''
}

const votersOf = ({ allocations }: Snapshot) => allocations.etcd?.members.map(({ name, nodeId }) => `${name} ${nodeId}`)

describe('a voter on a node that is drained', () => {
  const before = withNode(running(3), 'node-3', 'draining')
  const draft = planned(spec(3), before)

  it('leaves when another one votes, and its etcd is stopped', () => {
    expect(stepLines(draft, before)).toMatchInlineSnapshot(`
      [
        "fill package repository: debian13 ×2",
        "configure running clusters: configure-patroni pg",
        "let etcd-4 join etcd: add-learner etcd-4",
        "start etcd-4: node-4 (final)",
        "give etcd-4 its vote: promote etcd-4",
        "wait for etcd-4: etcd",
        "etcd-4 votes: mark etcd-4",
        "change node-2: node-2 (final)",
        "wait for node-2: etcd, pg members-streaming, pg services-up",
        "change node-1: node-1 (final)",
        "wait for node-1: etcd, pg members-streaming, pg services-up",
        "etcd-3 leaves etcd: remove etcd-3",
        "wait for etcd: etcd",
        "stop voters that left: node-3",
        "forget them: node-3 (final)",
        "mark voters: mark -etcd-3",
        "finish: probe node-4",
      ]
    `)
    expect(draft.changes.filter(({ subject }) => subject.startsWith('voter'))).toMatchObject([
      { verb: 'create', subject: 'voter etcd-4', node: 'node-4' },
      { verb: 'remove', subject: 'voter etcd-3', node: 'node-3', reason: 'node-drained' },
    ])
  })

  it('is followed by one that knows whom it will find, and founders whose configuration never changes', () => {
    const after = afterSteps(before, draft)
    expect(etcdConfig(after, 'node-1')).toBe(etcdConfig(before, 'node-1'))
    expect(etcdConfig(after, 'node-4')).toMatch(/initial-cluster-state: existing/)
    expect(etcdConfig(after, 'node-4').match(/etcd-\d=/g)).toEqual(['etcd-1=', 'etcd-2=', 'etcd-4=', 'etcd-3='])
    expect(votersOf(after)).toEqual(['etcd-1 id-node-1', 'etcd-2 id-node-2', 'etcd-4 id-node-4'])
  })

  it('has nothing left to do afterwards, and goes on wherever an apply was killed', () => {
    const steps = draft.phases.flatMap(phase => phase.steps).length
    for (let count = 0; count <= steps; count += 1) {
      const killed = afterSteps(before, draft, count)
      const after = afterSteps(killed, planned(spec(3), killed))
      expect(planned(spec(3), after).phases, `killed after ${count}`).toEqual([])
      expect(votersOf(after)).toEqual(['etcd-1 id-node-1', 'etcd-2 id-node-2', 'etcd-4 id-node-4'])
    }
  })
})

describe('the only voter, on a node that is drained', () => {
  it('is removed by the one that took its place', () => {
    const first = running(1)
    const node = first.nodes.find(({ id }) => id === first.allocations.etcd?.members[0]?.nodeId)?.name ?? ''
    const draft = planned(spec(1), withNode(first, node, 'draining'))
    const steps = draft.phases.flatMap(phase => phase.steps.flatMap(step => (step.kind === 'change-voter' ? step : [])))
    expect(steps.map(({ change }) => `${change.do} ${change.name}`)).toEqual([
      'add-learner etcd-2',
      'promote etcd-2',
      'remove etcd-1',
    ])
    expect(steps.at(-1)?.via.map(({ etcd }) => etcd.name)).toEqual(['etcd-2', 'etcd-1'])
  })
})

describe('voters on nodes that are no more', () => {
  it('are removed before their successors come', () => {
    const before = without(running(3), 'node-3')
    const lines = stepLines(planned(spec(3), before), before).filter(line => /etcd-\d/.test(line))
    expect(lines.slice(0, 2)).toEqual([
      'remove dead voter etcd-3: remove etcd-3',
      'let etcd-4 join etcd: add-learner etcd-4',
    ])
    const after = afterSteps(before, planned(spec(3), before))
    expect(etcdConfig(after, 'node-4').match(/etcd-\d=/g)).toEqual(['etcd-1=', 'etcd-2=', 'etcd-4='])
    expect(planned(spec(3), after).phases).toEqual([])
  })

  it('cannot be replaced once the majority is lost', () => {
    const before = withNode(withNode(without(running(3), 'node-3'), 'node-2', 'silent'), 'node-1', 'ready')
    expect(refused(spec(3), before)).toMatchObject([
      { code: 'etcd-without-majority', message: expect.stringContaining('1 of 3') },
    ])
  })

  it('are not replaced for being silent', () => {
    const before = withNode(running(3), 'node-3', 'silent')
    expect(planned(spec(3), before).changes.filter(({ subject }) => subject.startsWith('voter'))).toEqual([])
  })
})

describe('another number of voters', () => {
  it.each([
    [1, 3],
    [3, 5],
    [5, 3],
    [3, 1],
  ])('from %i to %i: one after the other, and then all is as it should be', (from, to) => {
    const before = running(from)
    const draft = planned(spec(to), before)
    const after = afterSteps(before, draft)
    expect(votersOf(after)).toHaveLength(to)
    expect(planned(spec(to), after).phases).toEqual([])
    const kinds = draft.phases.flatMap(({ steps }) =>
      steps.flatMap(step => (step.kind === 'change-voter' ? step.change.do : [])),
    )
    const more = Array.from({ length: Math.max(0, to - from) }, () => ['add-learner', 'promote']).flat()
    expect(kinds).toEqual([...more, ...Array.from({ length: Math.max(0, from - to) }, () => 'remove')])
  })
})
