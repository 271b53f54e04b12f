import type { InstanceName, NodeId } from '../../shared/domain/ids.ts'
import type { Manifest, PackageItem } from '../../shared/domain/manifest.ts'
import type { Change, ChangeReason } from '../../shared/domain/plan.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { ClusterWork, WorkInput } from './cluster-work.ts'
import { differenceChanges, driftChanges, type ItemDifference, isAdditive, manifestDifferences } from './diff.ts'
import { equal } from './equal.ts'
import { nodePackageNames, pinPackages } from './packages.ts'
import { failure, warning } from './problems.ts'
import type { RenderInput, RenderStage } from './render/render-input.ts'
import { patroniUnit } from './render/unit-names.ts'

/** What one node goes through: its manifest at each stage, equal manifests being one step. */
export interface NodeWork {
  readonly node: SnapshotNode
  /** Everything in place; new clusters not started. */
  readonly prepared: Manifest
  /** First primaries of new clusters started. */
  readonly led: Manifest
  /** Everything started, with members that are about to leave still there. */
  readonly complete: Manifest
  /** The same, but these members confirm nothing and are not promoted any more. */
  withdrawn(instances: ReadonlySet<InstanceName>): Manifest
  /** Everything as it is to be: nothing of those that left. */
  readonly final: Manifest
  /** What the node has, where the next converge would change nothing. */
  readonly current: Manifest | undefined
  /** Items in which the final manifest differs from the last applied one. */
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
  const allClusters = input.spec.clusters.map(cluster => cluster.name)
  const asleep = new Set(clusters.flatMap(work => (work.asleep ? [work.cluster.name] : [])))
  const waking = new Set(clusters.flatMap(work => (work.waking ? [work.cluster.name] : [])))
  const open = new Set(allClusters.filter(name => !asleep.has(name)))
  const beforeWaking = {
    services: new Set([...open].filter(name => !waking.has(name))),
    asleep: new Set([...asleep, ...waking]),
  }
  const sameSpec = isApplied(input)
  const nodes = input.snapshot.nodes.flatMap(node => {
    const names = nodePackageNames({ spec: input.spec, allocations: input.leaving.allocations, nodeId: node.id })
    if (names.length === 0 && !remembersDeparted(node, input)) return []
    const pinned = pinPackages({ node, names, snapshot: input.snapshot })
    problems.push(...pinned.problems)
    const packages = withKeptPackages(pinned.packages, node, input)
    const render = (stage: Omit<RenderStage, 'startEtcd'>, allocations = input.leaving.allocations): Manifest =>
      input.renderer.renderNode({
        spec: input.spec,
        snapshot: input.snapshot,
        allocations,
        nodeId: node.id,
        settings: input.settings,
        memberSettings: input.memberSettings,
        ...kernelOf(node.id, input),
        packages,
        stage: { startEtcd: true, ...stage },
      })
    const local = instancesOn(node.id, clusters)
    const withdrawn = input.leaving.begun
    const leavers = stillStarted(node, input)
    const wakes = clusters.some(work => work.waking && holds(work.allocation.members, node.id, []))
    const all = { start: plus(stages.complete, leavers), services: open, asleep, withdrawn }
    const waits = local.length === 0 && areLeftAlone(leavers, input, clusters) ? node.manifest : undefined
    const early = wakes ? beforeWaking : { services: open, asleep }
    const prepared = waits ?? render({ ...early, start: plus(stages.prepared, leavers), withdrawn })
    const led =
      waits !== undefined || startAlike(local, stages.prepared, stages.led)
        ? prepared
        : render({ ...early, start: plus(stages.led, leavers), withdrawn })
    const complete = waits ?? (startAlike(local, stages.led, stages.complete) && !wakes ? led : render(all))
    const final = input.leaving.members.length === 0 ? complete : render(all, input.allocations)
    const isUncertain = node.drifted === true || holdsUnfinished(node, clusters)
    const current = isUncertain ? undefined : node.manifest
    if (equal(current, final)) return []
    const differences = manifestDifferences(node.manifest, final)
    return [
      {
        node,
        prepared,
        led,
        complete,
        withdrawn: (instances: ReadonlySet<InstanceName>) =>
          render({ ...all, withdrawn: new Set([...withdrawn, ...instances]) }),
        final,
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
        fills: differences.some(({ verb, kind }) => kind === 'package' && verb !== 'remove'),
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
    clusters.flatMap(({ cluster, allocation, state, newInstances, asleep, waking, leader, hasPrimary }) => {
      const all = allocation.members.map(member => member.instance)
      if (asleep) return []
      if (waking && stage !== 'complete') return stage === 'led' || hasPrimary ? (leader === '' ? all : [leader]) : []
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

/** What left leaves its packages for as long as it may come back. */
function withKeptPackages(
  packages: readonly PackageItem[],
  node: SnapshotNode,
  { allocations }: WorkInput,
): readonly PackageItem[] {
  if (!(allocations.departed ?? []).some(({ nodeId }) => nodeId === node.id)) return packages
  const kept = (node.manifest?.packages ?? []).filter(({ name }) => !packages.some(item => item.name === name))
  return [...packages, ...kept].toSorted((left, right) => (left.name < right.name ? -1 : 1))
}

/** Members that are about to leave this node and have not been stopped. */
function stillStarted({ id, manifest }: SnapshotNode, { leaving }: WorkInput): readonly InstanceName[] {
  const started = new Set(manifest?.units.flatMap(({ name, state }) => (state === 'started' ? [name] : [])))
  return leaving.members.flatMap(({ instance, nodeId }) =>
    nodeId === id && started.has(patroniUnit(instance)) ? [instance] : [],
  )
}

/**
 * A node that holds nothing but leavers is left alone until they go; unless newcomers clone from them, which they must let in
 * before that.
 */
function areLeftAlone(
  leavers: readonly InstanceName[],
  { leaving }: WorkInput,
  clusters: readonly ClusterWork[],
): boolean {
  const growing = new Set(clusters.flatMap(work => (work.newInstances.length > 0 ? [work.cluster.name] : [])))
  return (
    leavers.length > 0 &&
    leaving.members.every(({ instance, cluster }) => !leavers.includes(instance) || !growing.has(cluster))
  )
}

function plus(names: ReadonlySet<InstanceName>, more: readonly InstanceName[]): ReadonlySet<InstanceName> {
  return more.length === 0 ? names : new Set([...names, ...more])
}

/** Something that left was here, or still is. */
function remembersDeparted(node: SnapshotNode, { allocations }: WorkInput): boolean {
  return (
    (node.manifest?.departed ?? []).length > 0 ||
    (allocations.departed ?? []).some(({ nodeId }) => nodeId === node.id && node.manifest !== undefined)
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
    ({ state, asleep, waking, allocation, newInstances }) =>
      state === 'running' && !asleep && !waking && holds(allocation.members, node.id, newInstances),
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
