import type { InstanceName, NodeId } from '../../shared/domain/ids.ts'
import type { Manifest } from '../../shared/domain/manifest.ts'
import type { Change, ChangeReason } from '../../shared/domain/plan.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { ClusterWork, WorkInput } from './cluster-work.ts'
import { differenceChanges, driftChanges, type ItemDifference, isAdditive, manifestDifferences } from './diff.ts'
import { equal } from './equal.ts'
import { nodePackageNames, pinPackages } from './packages.ts'
import { failure, warning } from './problems.ts'
import type { RenderInput } from './render/render-input.ts'

/** What one node goes through: its manifest at each stage, equal manifests being one step. */
export interface NodeWork {
  readonly node: SnapshotNode
  /** Everything in place; new clusters not started. */
  readonly prepared: Manifest
  /** First primaries of new clusters started. */
  readonly led: Manifest
  /** Everything started. */
  readonly complete: Manifest
  /** What the node has, where the next converge would change nothing. */
  readonly current: Manifest | undefined
  /** Items in which the complete manifest differs from the last applied one. */
  readonly differences: readonly ItemDifference[]
  readonly changes: readonly Change[]
  /** True when something that runs could notice: such nodes go one after the other. */
  readonly rolling: boolean
  readonly fills: boolean
}

export interface NodeWorkResult {
  readonly nodes: readonly NodeWork[]
  readonly problems: readonly Problem[]
}

/** The nodes that need a step, in the order of the snapshot. */
export function nodeWork(input: WorkInput, clusters: readonly ClusterWork[]): NodeWorkResult {
  const problems: Problem[] = []
  const stages = {
    prepared: startable(clusters, 'prepared'),
    led: startable(clusters, 'led'),
    complete: startable(clusters, 'complete'),
  }
  const services = new Set(input.spec.clusters.map(cluster => cluster.name))
  const sameSpec = isApplied(input)
  const nodes = input.snapshot.nodes.flatMap(node => {
    const names = nodePackageNames({ spec: input.spec, allocations: input.allocations, nodeId: node.id })
    if (names.length === 0) return []
    const pinned = pinPackages({ node, names, snapshot: input.snapshot })
    problems.push(...pinned.problems)
    const render = (start: ReadonlySet<InstanceName>): Manifest =>
      input.renderer.renderNode({
        spec: input.spec,
        snapshot: input.snapshot,
        allocations: input.allocations,
        nodeId: node.id,
        settings: input.settings,
        memberSettings: input.memberSettings,
        ...kernelOf(node.id, input),
        packages: pinned.packages,
        stage: { startEtcd: true, start, services },
      })
    const local = instancesOn(node.id, clusters)
    const prepared = render(stages.prepared)
    const led = startAlike(local, stages.prepared, stages.led) ? prepared : render(stages.led)
    const complete = startAlike(local, stages.led, stages.complete) ? led : render(stages.complete)
    const isUncertain = node.drifted === true || holdsUnfinished(node, clusters)
    const current = isUncertain ? undefined : node.manifest
    if (equal(current, complete)) return []
    const differences = manifestDifferences(node.manifest, complete)
    return [
      {
        node,
        prepared,
        led,
        complete,
        current,
        differences,
        changes: [
          ...differenceChanges(differences, {
            node: node.name,
            reasonOf: reasons({ sameSpec, unfinished: holdsUnfinished(node, clusters) }),
          }),
          ...driftChanges(node),
        ],
        rolling:
          runsSomething(node, clusters) &&
          (node.drifted === true || !isAdditive(manifestDifferences(node.manifest, prepared))),
        fills: differences.some(difference => difference.kind === 'package'),
      },
    ]
  })
  const reachable = nodes.filter(({ node }) => node.state === 'ready' || node.state === 'draining')
  for (const { node } of nodes)
    if (!reachable.some(each => each.node.id === node.id)) problems.push(unreachable(node, input, clusters))
  return { nodes: reachable, problems }
}

function kernelOf(nodeId: NodeId, { spec, kernel }: WorkInput): Pick<RenderInput, 'kernel'> {
  const settings = kernel[nodeId]
  return settings === undefined || spec.fleet.parameters.kernel === 'leave' ? {} : { kernel: settings }
}

/** Instances that may run at a stage: those that do already always may. */
function startable(
  clusters: readonly ClusterWork[],
  stage: 'prepared' | 'led' | 'complete',
): ReadonlySet<InstanceName> {
  return new Set(
    clusters.flatMap(({ cluster, allocation, state, newInstances, leader, hasPrimary }) => {
      const all = allocation.members.map(member => member.instance)
      if (stage === 'complete' || (state === 'unfinished' && hasPrimary)) return all
      if (state === 'running') return all.filter(instance => !newInstances.includes(instance))
      // A standby cluster copies one that may be only being made: all of it waits for the others' primaries.
      return stage === 'led' && cluster.standbyOf === undefined ? [leader] : []
    }),
  )
}

function instancesOn(nodeId: string, clusters: readonly ClusterWork[]): readonly InstanceName[] {
  return clusters.flatMap(({ allocation }) =>
    allocation.members.flatMap(member => (member.nodeId === nodeId ? [member.instance] : [])),
  )
}

/** Nothing else of a stage reaches the manifest of a node. */
function startAlike(
  instances: readonly InstanceName[],
  earlier: ReadonlySet<InstanceName>,
  later: ReadonlySet<InstanceName>,
): boolean {
  return instances.every(instance => earlier.has(instance) === later.has(instance))
}

function runsSomething(node: SnapshotNode, clusters: readonly ClusterWork[]): boolean {
  const instances = clusters.some(
    ({ state, allocation, newInstances }) => state === 'running' && holds(allocation.members, node.id, newInstances),
  )
  return instances || node.observation?.etcd?.healthy === true
}

function holds(
  members: ClusterWork['allocation']['members'],
  nodeId: NodeId,
  except: readonly InstanceName[],
): boolean {
  return members.some(member => member.nodeId === nodeId && !except.includes(member.instance))
}

/** Where an apply was interrupted, what a converge left behind may have changed since: a disk that was mended, for one. */
function holdsUnfinished(node: SnapshotNode, clusters: readonly ClusterWork[]): boolean {
  return clusters.some(({ state, allocation }) => state === 'unfinished' && holds(allocation.members, node.id, []))
}

function reasons({ sameSpec, unfinished }: { readonly sameSpec: boolean; readonly unfinished: boolean }) {
  return ({ verb, kind }: ItemDifference): ChangeReason => {
    if (unfinished) return 'unfinished'
    if (verb === 'create') return 'does-not-exist'
    if (verb === 'remove') return 'not-in-spec'
    if (!sameSpec) return 'spec-changed'
    return kind === 'file' ? 'facts-changed' : 'dependency-changed'
  }
}

function isApplied({ spec, snapshot }: WorkInput): boolean {
  return snapshot.appliedSpec !== undefined && equal(withoutLines(snapshot.appliedSpec), withoutLines(spec))
}

/** Positions in the file say nothing about what is wanted. */
function withoutLines(spec: WorkInput['spec']): unknown {
  return { ...spec, clusters: spec.clusters.map(({ line: _line, ...cluster }) => cluster) }
}

/** A node that cannot be reached holds up a cluster that is being made; a running cluster goes on without it. */
function unreachable(node: SnapshotNode, { spec, snapshot }: WorkInput, clusters: readonly ClusterWork[]): Problem {
  const making = clusters.find(({ state, allocation }) => state !== 'running' && holds(allocation.members, node.id, []))
  const voting =
    spec.clusters.length > 0 &&
    snapshot.allocations.etcd?.members.some(member => member.nodeId === node.id) === true &&
    node.manifest === undefined
  if (making !== undefined || voting) {
    return failure({
      code: 'node-not-ready',
      message: `node ${node.name} is ${node.state}, and ${making === undefined ? 'etcd' : `cluster ${making.cluster.name}`} cannot be made without it`,
      hint: `Bring ${node.name} back, then apply again.`,
    })
  }
  return warning({
    code: 'node-not-ready',
    message: `node ${node.name} is ${node.state}: its changes are left out`,
    hint: `Apply again when ${node.name} is back.`,
  })
}
