import type { NodeId } from '../../shared/domain/ids.ts'
import type { AwaitCondition, PlanPhase, PlanStep } from '../../shared/domain/plan.ts'
import { restorePhases } from './cluster-repair.ts'
import type { ClusterWork, WorkInput } from './cluster-work.ts'
import { observedPrimary } from './cluster-work.ts'
import { configurePhases } from './commit-rule-steps.ts'
import { bringBackPhases, dropPhases, takeAwayPhases } from './contents/retire-phases.ts'
import { erasePhases } from './departures/erase.ts'
import { farewellPhases } from './departures/farewell.ts'
import { stopPhases } from './departures/stop.ts'
import { probeSteps } from './disk-latency.ts'
import { ManifestWalk } from './manifest-walk.ts'
import type { NodeWork } from './node-work.ts'
import { compareNames } from './placement/spread.ts'
import { comparePhases, compareRepairedPhases, preloadPhases, restartPhases } from './settings-steps.ts'
import { fullMembers, topologyOf } from './topology/cluster-topology.ts'
import { confirmingStandbys, domainsOf } from './topology/confirming-standbys.ts'
import { incomingVoters, outgoingVoters } from './voters/voter-phases.ts'

const ETCD_TIMEOUT = 120_000
const LEADER_TIMEOUT = 180_000
/** A standby copies the whole database before it streams. */
const STREAMING_TIMEOUT = 3_600_000
const SERVICES_TIMEOUT = 120_000

const FINISH = 'finish'

export interface PhasesInput {
  readonly input: WorkInput
  readonly clusters: readonly ClusterWork[]
  readonly nodes: readonly NodeWork[]
}

/**
 * The order of an apply, the fastest that is correct (reference/ha-limits.md, F): everything in place on all nodes at
 * once, then the first primaries, then standbys, users and databases side by side. What runs already is changed one node at
 * a time, primaries last. Standby clusters start when those they copy have a primary. Killed anywhere, the next plan starts from what has been done.
 */
export function phasesOf(given: PhasesInput): readonly PlanPhase[] {
  const { clusters, nodes } = given
  const starting = clusters.filter(({ state, waking }) => state !== 'running' || waking)
  const together = nodes.filter(({ rolling }) => !rolling)
  const walk = new ManifestWalk(nodes)
  const phases: readonly PlanPhase[] = [
    // What is erased must still be known as departed on its node.
    ...erasePhases(given.input),
    { name: 'fill package repository', steps: fillSteps(given) },
    ...stopPhases(given.input, nodes, walk),
    // Before the files: the files' difference is what makes a killed apply patch again.
    ...configurePhases(clusters, given.input),
    ...restorePhases(clusters),
    ...comparePhases(given),
    ...incomingVoters({ input: given.input, nodes, walk }),
    { name: 'prepare nodes', steps: together.flatMap(work => walk.to(work, work.prepared)) },
    ...rollOrder(given).flatMap((work, index, order) =>
      rollPhases({
        work,
        given,
        steps: walk.to(work, work.prepared),
        later: order.slice(index + 1),
        before: true,
      }),
    ),
    ...compareRepairedPhases(given),
    ...preloadPhases(given),
    ...restartPhases(given),
    { name: 'wait for etcd', steps: starting.length > 0 ? etcdSteps(given.input) : [] },
    { name: 'start primaries', steps: nodes.flatMap(work => walk.to(work, work.led)) },
    {
      name: 'wait for primaries',
      steps: starting.flatMap(({ cluster }) => (cluster.standbyOf === undefined ? leaderSteps(cluster.name) : [])),
    },
    ...bringBackPhases(clusters, given.input),
    {
      name: 'start standbys, provision',
      steps: [
        ...nodes.flatMap(work => walk.to(work, work.complete)),
        ...clusters.flatMap(work => provisionSteps(work, given.input)),
      ],
    },
    {
      name: 'wait for standbys and services',
      steps: clusters
        .filter(work => !work.asleep && (work.state !== 'running' || work.waking || work.newInstances.length > 0))
        .flatMap(work =>
          memberSteps(
            work,
            work.allocation.members.map(member => member.instance),
            given.input,
            leaversServing(work, given.input),
          ),
        ),
    },
    ...takeAwayPhases(clusters, given.input),
    ...dropPhases(clusters, given.input),
    ...farewellPhases({ input: given.input, clusters, nodes, walk }, (work, later) =>
      rollPhases({ work, given, steps: walk.to(work, work.final), later }),
    ),
    ...outgoingVoters({ input: given.input, nodes }),
    { name: FINISH, steps: starting.flatMap(work => finishSteps(work, given.input)) },
  ]
  return markFinal(withProbes(phases, given.input).filter(({ steps }) => steps.length > 0))
}

/**
 * Disks are measured last, when nobody waits for anything any more, and only beside other work: a figure that is missing
 * is no reason for an apply, and a probe that fails is not repeated for ever.
 */
function withProbes(phases: readonly PlanPhase[], { allocations, snapshot }: WorkInput): readonly PlanPhase[] {
  if (phases.every(({ steps }) => steps.length === 0)) return phases
  const probes = probeSteps(allocations, snapshot)
  return phases.map(phase => (phase.name === FINISH ? { ...phase, steps: [...phase.steps, ...probes] } : phase))
}

function fillSteps({ nodes }: PhasesInput): readonly PlanStep[] {
  const filling = Map.groupBy(
    nodes.filter(({ fills }) => fills),
    ({ node }) => node.os ?? '',
  )
  return [...filling]
    .sort(([left], [right]) => compareNames(left, right))
    .map(([os, group]) => {
      const versions = new Map(
        group.flatMap(({ complete }) => complete.packages.map(item => [`${item.name}=${item.version}`, item])),
      )
      return {
        kind: 'fill-packages',
        os,
        packages: [...versions].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, item]) => item),
      }
    })
}

/** What is broken already first: it has nothing to lose. Then nodes of standbys, those that hold primaries last, then by name. */
function rollOrder({ nodes, clusters, input }: PhasesInput): readonly NodeWork[] {
  const primaries = new Set(clusters.map(({ cluster }) => observedPrimary(cluster.name, input.snapshot)))
  const weight = ({ node }: NodeWork): number =>
    clusters.filter(({ allocation }) =>
      allocation.members.some(member => member.nodeId === node.id && primaries.has(member.instance)),
    ).length
  const still = standingStill(clusters)
  return nodes
    .filter(({ rolling }) => rolling)
    .sort(
      (left, right) =>
        Number(isBroken(right, still)) - Number(isBroken(left, still)) ||
        weight(left) - weight(right) ||
        compareNames(left.node.name, right.node.name),
    )
}

function standingStill(clusters: readonly ClusterWork[]): ReadonlySet<string> {
  return new Set(clusters.flatMap(({ cluster, asleep, waking }) => (asleep || waking ? [cluster.name] : [])))
}

/** Something that ought to run there is seen not to. */
function isBroken({ node }: NodeWork, asleep: ReadonlySet<string>): boolean {
  const { etcd, instances } = node.observation ?? { instances: [] }
  const isDown = ({ up }: { readonly up: boolean }): boolean => !up
  return (
    etcd?.healthy === false ||
    instances.some(
      ({ cluster, state, poolers, services }) =>
        !asleep.has(cluster) &&
        ((state !== 'running' && state !== 'streaming') || poolers.some(isDown) || services.some(isDown)),
    )
  )
}

/**
 * One node changes, then its clusters and etcd must be well again before the next; what is broken and has its own
 * repair still to come is not waited for.
 */
function rollPhases({
  work,
  given,
  steps,
  later,
  before = false,
}: {
  readonly work: NodeWork
  readonly given: PhasesInput
  readonly steps: readonly PlanStep[]
  readonly later: readonly NodeWork[]
  /** Those that leave have not been withdrawn yet, and may be the ones that confirm commits; afterwards it may be newcomers. */
  readonly before?: boolean
}): readonly PlanPhase[] {
  if (steps.length === 0) return []
  const { node } = work
  const still = standingStill(given.clusters)
  const broken = later.filter(other => isBroken(other, still)).map(other => other.node.id)
  const settled = given.clusters
    .filter(({ state, asleep, waking }) => state === 'running' && !asleep && !waking)
    .flatMap(each => {
      const running = each.allocation.members.filter(member => !each.newInstances.includes(member.instance))
      const here = running.some(member => member.nodeId === node.id)
      const reachable = running.filter(member =>
        given.input.snapshot.nodes.some(
          other => other.id === member.nodeId && other.state !== 'silent' && !broken.includes(other.id),
        ),
      )
      return here
        ? memberSteps(
            each,
            reachable.map(member => member.instance),
            given.input,
            before ? leaversServing(each, given.input) : each.newInstances,
          )
        : []
    })
  const voter = given.input.allocations.etcd?.members.some(member => member.nodeId === node.id) ?? false
  return [
    { name: `change ${node.name}`, steps },
    { name: `wait for ${node.name}`, steps: [...(voter ? etcdSteps(given.input, broken) : []), ...settled] },
  ]
}

function etcdSteps({ allocations, snapshot }: WorkInput, except: readonly NodeId[] = []): readonly PlanStep[] {
  const members = (allocations.etcd?.members ?? []).filter(member =>
    snapshot.nodes.some(node => node.id === member.nodeId && node.state !== 'silent' && !except.includes(node.id)),
  )
  return members.length === 0 ? [] : [awaiting({ kind: 'etcd-healthy', members }, ETCD_TIMEOUT)]
}

function memberSteps(
  work: ClusterWork,
  instances: readonly string[],
  input: WorkInput,
  others: readonly string[] = [],
): readonly PlanStep[] {
  const { cluster } = work
  const syncStandbys = expectedSyncStandbys(work, instances, input)
  const all = [...instances, ...others]
  return [
    awaiting({ kind: 'members-streaming', cluster: cluster.name, instances: all, syncStandbys }, STREAMING_TIMEOUT),
    awaiting({ kind: 'services-up', cluster: cluster.name, instances }, SERVICES_TIMEOUT),
  ]
}

/** Until they are withdrawn, Patroni may let them confirm commits; one that does not serve is not waited for. */
function leaversServing({ cluster }: ClusterWork, { leaving, snapshot }: WorkInput): readonly string[] {
  return leaving.members.flatMap(({ instance, nodeId, cluster: name }) => {
    const node = snapshot.nodes.find(({ id }) => id === nodeId)
    const seen = node?.observation?.instances.find(each => each.instance === instance)
    const serves = node?.state !== 'silent' && (seen?.state === 'running' || seen?.state === 'streaming')
    return name === cluster.name && serves && !leaving.begun.has(instance) ? [instance] : []
  })
}

/** As many as confirm each commit, or as there can be among these instances while others are away. */
function expectedSyncStandbys(
  { cluster, allocation }: ClusterWork,
  instances: readonly string[],
  input: WorkInput,
): number {
  if (cluster.durability === 'async' || cluster.standbyOf !== undefined) return 0
  const candidates = fullMembers(topologyOf(cluster, allocation)).filter(({ instance }) => instances.includes(instance))
  return Math.max(0, Math.min(confirmingStandbys(cluster, domainsOf(cluster, input)), candidates.length - 1))
}

function provisionSteps(
  { cluster, allocation, state, asleep, users, databases, otherObjects, repair }: ClusterWork,
  { renderer }: WorkInput,
): readonly PlanStep[] {
  const missing = users.length + databases.length + otherObjects.length + (repair?.provision === true ? 1 : 0)
  if (asleep || (missing === 0 && state === 'running')) return []
  // A standby cluster has what the cluster it follows has.
  if (cluster.standbyOf !== undefined || missing === 0) return []
  const byInstance = Object.fromEntries(
    allocation.members.map(({ instance, nodeId }) => [
      instance,
      { nodeId, args: renderer.provisionArgs({ cluster, instance, allocation }) },
    ]),
  )
  return [{ kind: 'provision', cluster: cluster.name, byInstance }]
}

function finishSteps({ cluster, state, waking }: ClusterWork, input: WorkInput): readonly PlanStep[] {
  const settings = input.settings[cluster.name] ?? {}
  const patch = input.renderer.patroniDynamicConfig({ cluster, settings, bootstrap: false, fleet: input })
  return [
    { kind: 'configure-patroni', cluster: cluster.name, patch },
    ...(state === 'running' ? [] : [{ kind: 'mark-bootstrapped', cluster: cluster.name } as const]),
    ...(waking ? [{ kind: 'mark-started', cluster: cluster.name } as const] : []),
  ]
}

function leaderSteps(cluster: string): readonly PlanStep[] {
  return [awaiting({ kind: 'leader', cluster }, LEADER_TIMEOUT)]
}

function awaiting(condition: AwaitCondition, timeoutMs: number): PlanStep {
  return { kind: 'await', condition, timeoutMs }
}

function markFinal(phases: readonly PlanPhase[]): readonly PlanPhase[] {
  const last = new Map<string, PlanStep>()
  for (const step of phases.flatMap(phase => phase.steps)) if (step.kind === 'converge') last.set(step.nodeId, step)
  return phases.map(phase => ({
    ...phase,
    steps: phase.steps.map(step =>
      step.kind === 'converge' && last.get(step.nodeId) === step ? { ...step, final: true } : step,
    ),
  }))
}
