import { withDropped, withHidden, withRestored } from '../../orchestrator/plan/contents/tombstones.ts'
import { withoutErased } from '../../orchestrator/plan/departures/erase.ts'
import { type PlanDraft, plan } from '../../orchestrator/plan/plan.ts'
import { renderer } from '../../orchestrator/plan/render/renderer.ts'
import { withVotersMarked } from '../../orchestrator/plan/voters/mark.ts'
import { parseSpec } from '../../orchestrator/spec/parse-spec.ts'
import { appliedSettings } from '../../shared/domain/applied-settings.ts'
import { assertNever } from '../../shared/domain/errors.ts'
import type { InstanceObservation, NodeObservation } from '../../shared/domain/observation.ts'
import type { PlanIntent, PlanStep, RetireStep } from '../../shared/domain/plan.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { Allocations, ClusterAllocation, Snapshot, SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'

export function specOf(clusters: string, etcd = '{ members: 3 }'): FleetSpec {
  const parsed = parseSpec(`version: 1\nfleet: { name: test }\netcd: ${etcd}\nclusters:\n${clusters}\n`, 'test.yml')
  if (!('spec' in parsed)) throw new Error(JSON.stringify(parsed, null, 1))
  return parsed.spec
}

/** The plan with the real data path, or a failed test. */
export function planned(spec: FleetSpec, snapshot: Snapshot, intent: PlanIntent = {}): PlanDraft {
  const result = plan({ spec, snapshot, renderer, intent })
  if (!('phases' in result)) throw new Error(JSON.stringify(result, null, 1))
  return result
}

export function refused(spec: FleetSpec, snapshot: Snapshot, intent: PlanIntent = {}): readonly Problem[] {
  const result = plan({ spec, snapshot, renderer, intent })
  if ('phases' in result) throw new Error('there is a plan')
  return result
}

/** What is known after the first `count` steps of a plan were done and an apply was killed there. */
export function afterSteps(snapshot: Snapshot, draft: PlanDraft, count = Number.POSITIVE_INFINITY): Snapshot {
  const steps = draft.phases.flatMap(phase => phase.steps)
  const done = steps.slice(0, count)
  const started: Snapshot = { ...snapshot, revision: snapshot.revision + 1, allocations: draft.allocations }
  const applied = { appliedSpec: draft.spec, appliedSettings: appliedSettings(draft.settings) }
  const finished = count >= steps.length ? { ...started, ...applied } : started
  return observed(done.reduce(afterStep, finished))
}

function afterStep(snapshot: Snapshot, step: PlanStep): Snapshot {
  if (step.kind === 'converge') {
    return {
      ...snapshot,
      nodes: snapshot.nodes.map(node =>
        node.id === step.nodeId ? { ...node, manifest: step.manifest, drifted: false } : node,
      ),
    }
  }
  if (step.kind === 'probe-disk') return { ...snapshot, nodes: snapshot.nodes.map(node => probed(node, step)) }
  if (step.kind === 'mark-departed') return departed(snapshot, step.instances)
  if (step.kind === 'mark-erased')
    return { ...snapshot, allocations: withoutErased(snapshot.allocations, step.instances) }
  if (step.kind === 'mark-started') return started(snapshot, step.cluster)
  if (step.kind === 'retire-objects') return { ...snapshot, allocations: retired(snapshot, step) }
  if (step.kind === 'mark-voters') {
    const { etcd } = snapshot.allocations
    const marked = etcd === null ? null : withVotersMarked(etcd, step)
    return { ...snapshot, allocations: { ...snapshot.allocations, etcd: marked } }
  }
  if (step.kind !== 'mark-bootstrapped') return snapshot
  const allocation = snapshot.allocations.clusters[step.cluster]
  if (allocation === undefined) return snapshot
  const clusters = { ...snapshot.allocations.clusters, [step.cluster]: { ...allocation, bootstrapped: true } }
  return { ...snapshot, allocations: { ...snapshot.allocations, clusters } }
}

function retired({ allocations, now }: Snapshot, { action, objects }: RetireStep): Allocations {
  if (action === 'hide') return withHidden(allocations, objects, now)
  return action === 'restore' ? withRestored(allocations, objects) : withDropped(allocations, objects, [])
}

function departed(snapshot: Snapshot, instances: readonly string[]): Snapshot {
  const all = (snapshot.allocations.departed ?? []).map(member =>
    instances.includes(member.instance)
      ? { ...member, stopped: { at: snapshot.now, eraseAfter: snapshot.now + member.keepMs } }
      : member,
  )
  return { ...snapshot, allocations: { ...snapshot.allocations, departed: all } }
}

function started(snapshot: Snapshot, cluster: string): Snapshot {
  const { hibernated: _hibernated, ...awake } = snapshot.allocations.clusters[cluster] ?? NONE
  const clusters = { ...snapshot.allocations.clusters, [cluster]: awake }
  return { ...snapshot, allocations: { ...snapshot.allocations, clusters } }
}

const NONE: ClusterAllocation = { portBlock: 0, postgresVersion: 0, nextNumber: 1, members: [], bootstrapped: false }

function probed(node: SnapshotNode, step: Extract<PlanStep, { kind: 'probe-disk' }>): SnapshotNode {
  if (node.id !== step.nodeId || node.facts === undefined) return node
  const figures = { samples: 1024, p50Micros: 1500, p99Micros: 4000, maxMicros: 9000, direct: true }
  return {
    ...node,
    facts: { ...node.facts, fsync: { path: step.directory, ...figures, takenAt: '2026-01-01T00:00:00Z' } },
  }
}

/** Observations that follow from the manifests: units that are started run, and the first member leads. */
function observed(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    nodes: snapshot.nodes.map(node => {
      const units = new Set(node.manifest?.units.flatMap(unit => (unit.state === 'started' ? [unit.name] : [])) ?? [])
      const instances = (node.manifest?.watches.instances ?? []).flatMap((watch): readonly InstanceObservation[] => {
        if (![...units].some(unit => unit.includes('patroni') && unit.includes(watch.instance))) return []
        const role = leaderOf(snapshot.allocations, watch.cluster) === watch.instance ? 'primary' : 'replica'
        return [{ cluster: watch.cluster, instance: watch.instance, role, state: 'running', poolers: [], services: [] }]
      })
      const etcd = node.manifest?.watches.etcd
      const observation: NodeObservation = {
        observedAt: snapshot.now,
        instances,
        ...(etcd === undefined
          ? {}
          : { etcd: { name: etcd.name, healthy: true, leader: false, clusterVersion: '3.5.0' } }),
      }
      return { ...node, observation }
    }),
  }
}

function leaderOf(allocations: Allocations, cluster: string): string | undefined {
  return allocations.clusters[cluster]?.members[0]?.instance
}

/** One line a step: enough to read the order of an apply. */
export function stepLines(draft: PlanDraft, snapshot: Snapshot): readonly string[] {
  const name = (id: string): string => snapshot.nodes.find(node => node.id === id)?.name ?? id
  return draft.phases.map(phase => `${phase.name}: ${phase.steps.map(step => stepLine(step, name)).join(', ')}`)
}

function stepLine(step: PlanStep, name: (id: string) => string): string {
  switch (step.kind) {
    case 'fill-packages':
      return `${step.os} ×${step.packages.length}`
    case 'converge':
      return `${name(step.nodeId)}${step.final ? ' (final)' : ''}`
    case 'probe-disk':
      return `probe ${name(step.nodeId)}`
    case 'await':
      return step.condition.kind === 'etcd-healthy' ? 'etcd' : `${step.condition.cluster} ${step.condition.kind}`
    case 'provision':
    case 'configure-patroni':
    case 'mark-bootstrapped':
    case 'compare-settings':
    case 'restart-members':
    case 'mark-started':
    case 'forget-scope':
    case 'release-slot':
      return `${step.kind} ${step.cluster}`
    case 'restore-files':
      return `restore-files ${step.instance}`
    case 'mark-departed':
    case 'mark-erased':
      return `${step.kind} ${step.instances.join(' ')}`
    case 'await-clients':
      return `clients ${step.poolers.map(({ target }) => `${target.instance}:${target.port}`).join(' ')}`
    case 'change-voter':
      return `${step.change.do} ${step.change.name}`
    case 'mark-voters':
      return `mark ${[...step.joined, ...step.left.map(name => `-${name}`)].join(' ')}`
    case 'retire-objects':
      return `${step.action} ${step.objects.join(' ')}`
    case 'erase-instance':
      return `erase ${step.args.instance}`
    default:
      return assertNever(step)
  }
}
