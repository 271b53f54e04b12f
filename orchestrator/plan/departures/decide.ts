import type { ClusterName, InstanceName } from '../../../shared/domain/ids.ts'
import { parseObjectReference } from '../../../shared/domain/object-reference.ts'
import { KEEP_MS, type PlanIntent } from '../../../shared/domain/plan.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type {
  Allocations,
  ClusterAllocation,
  DepartedMember,
  MemberAllocation,
  RemovedCluster,
  Snapshot,
} from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { isAsleep, observedPrimary } from '../cluster-work.ts'
import { failure } from '../problems.ts'
import { instancePaths } from '../render/paths.ts'
import { leaversOf, unnamedCluster, unreachable } from './leavers.ts'

export interface Departures {
  /** With everything decided that leaves, stops, starts or comes back: before members are placed. */
  readonly allocations: Allocations
  readonly problems: readonly Problem[]
}

export interface DepartureInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly intent: PlanIntent
}

/**
 * What is taken away, in the order in which it can matter: a removed cluster that comes back, clusters that left the spec,
 * members that are too many or are replaced, clusters that are stopped or started. Nothing leaves that was not named (S5).
 */
export function decideDepartures(input: DepartureInput): Departures {
  const { spec, snapshot, intent } = input
  const { etcd, clusters, departed = [], removed = {} } = snapshot.allocations
  const draft: Draft = { clusters: { ...clusters }, departed: [...departed], removed: { ...removed }, problems: [] }
  if (intent.restore !== undefined) restore(intent.restore, draft)
  for (const { name } of spec.clusters) if (draft.removed[name] !== undefined) draft.problems.push(wasRemoved(name))
  for (const name of Object.keys(clusters).sort())
    if (!spec.clusters.some(cluster => cluster.name === name)) removeCluster(name, draft, input)
  for (const cluster of spec.clusters) {
    const allocation = draft.clusters[cluster.name]
    if (allocation === undefined) continue
    const { leavers, problems } = leaversOf(cluster, allocation, input)
    draft.problems.push(...problems)
    depart(cluster.name, allocation, leavers, draft, input)
  }
  sleep(draft, input)
  draft.problems.push(...unknownNames(input))
  return {
    allocations: {
      etcd,
      clusters: draft.clusters,
      ...(draft.departed.length === 0 ? {} : { departed: draft.departed }),
      ...(Object.keys(draft.removed).length === 0 ? {} : { removed: draft.removed }),
    },
    problems: draft.problems,
  }
}

interface Draft {
  readonly clusters: Record<ClusterName, ClusterAllocation>
  readonly departed: DepartedMember[]
  readonly removed: Record<ClusterName, RemovedCluster>
  readonly problems: Problem[]
}

function restore(name: ClusterName, draft: Draft): void {
  const tombstone = draft.removed[name]
  const problem = tombstone === undefined ? notRemoved(name) : whyNotRestored(name, tombstone, draft)
  if (tombstone === undefined || problem !== undefined) {
    draft.problems.push(problem ?? notRemoved(name))
    return
  }
  const { allocation } = tombstone
  draft.clusters[name] = { ...allocation, hibernated: { ...allocation.hibernated, starting: true } }
  const back = new Set(allocation.members.map(({ instance }) => instance))
  keepOnly(draft.departed, ({ instance }) => !back.has(instance))
  delete draft.removed[name]
}

function whyNotRestored(name: ClusterName, { spec, allocation }: RemovedCluster, draft: Draft): Problem | undefined {
  if (spec === undefined)
    return failure({
      code: 'restore-impossible',
      message: `cluster ${name} was removed before it was ever finished: nothing says what it was to be`,
      hint: `drover cluster purge ${name} --confirm ${name}`,
    })
  const tombstones = new Map(draft.departed.map(each => [each.instance, each]))
  const erased = allocation.members.filter(({ instance }) => !tombstones.has(instance))
  if (erased.length > 0)
    return failure({
      code: 'restore-impossible',
      message: `the data of ${erased.map(({ instance }) => instance).join(', ')} are erased: cluster ${name} cannot come back as it was`,
      hint: `drover cluster purge ${name} --confirm ${name}`,
    })
  const leaving = allocation.members.find(({ instance }) => tombstones.get(instance)?.stopped === undefined)
  if (leaving === undefined) return undefined
  return failure({
    code: 'removal-unfinished',
    message: `cluster ${name} is still being removed: ${leaving.instance} is on its way out`,
    hint: 'Let the removal end first: `drover operation list`, `drover operation resume`.',
  })
}

function removeCluster(name: ClusterName, draft: Draft, input: DepartureInput): void {
  const allocation = draft.clusters[name]
  if (allocation === undefined) return
  if (input.intent.remove?.includes(name) !== true) {
    draft.problems.push(unnamedCluster(name))
    return
  }
  draft.problems.push(...unreachable(allocation.members, input.snapshot))
  const spec = input.snapshot.appliedSpec?.clusters.find(cluster => cluster.name === name)
  depart(name, allocation, allocation.members, draft, input)
  delete draft.clusters[name]
  draft.removed[name] = {
    ...(spec === undefined ? {} : { spec }),
    allocation: { ...allocation, hibernated: lastPrimary(name, allocation, input.snapshot) },
  }
}

function depart(
  cluster: ClusterName,
  allocation: ClusterAllocation,
  leavers: readonly MemberAllocation[],
  draft: Draft,
  { intent }: DepartureInput,
): void {
  const leaving = new Set(leavers.map(({ instance }) => instance))
  if (leaving.size === 0) return
  draft.departed.push(
    ...leavers.map(member => ({
      ...member,
      cluster,
      portBlock: allocation.portBlock,
      dataDirectory: instancePaths(member.instance).data,
      keepMs: intent.keepMs ?? KEEP_MS,
    })),
  )
  draft.clusters[cluster] = {
    ...allocation,
    members: allocation.members.filter(({ instance }) => !leaving.has(instance)),
  }
}

function sleep(draft: Draft, { intent, snapshot }: DepartureInput): void {
  for (const [name, allocation] of Object.entries(draft.clusters)) {
    if (intent.start === name && allocation.hibernated !== undefined)
      draft.clusters[name] = { ...allocation, hibernated: { ...allocation.hibernated, starting: true } }
    else if (intent.stop === name || isAsleep(allocation)) {
      if (intent.stop === name) draft.problems.push(...unreachable(allocation.members, snapshot))
      draft.clusters[name] = { ...allocation, hibernated: lastPrimary(name, allocation, snapshot) }
    }
  }
  for (const name of [intent.start, intent.stop])
    if (name !== undefined && draft.clusters[name] === undefined) draft.problems.push(noSuchCluster(name))
}

/** Whoever is seen to lead; once nothing runs any more, whoever was. */
function lastPrimary(
  name: ClusterName,
  { hibernated, members }: ClusterAllocation,
  snapshot: Snapshot,
): { readonly primary?: InstanceName } {
  const primary = observedPrimary(name, snapshot) ?? hibernated?.primary
  return members.some(({ instance }) => instance === primary) && primary !== undefined ? { primary } : {}
}

/** A name that is none is a mistake; what has left already is none. */
function unknownNames({ snapshot, intent }: DepartureInput): readonly Problem[] {
  const { clusters, departed = [], removed = {} } = snapshot.allocations
  const members = Object.values(clusters).flatMap(allocation => allocation.members)
  const known = new Set([
    ...Object.keys({ ...clusters, ...removed }),
    ...[...members, ...departed].map(({ instance }) => instance),
  ])
  return [...(intent.remove ?? []), ...(intent.replace ?? [])]
    .filter(name => !known.has(name) && parseObjectReference(name) === undefined)
    .map(name =>
      failure({
        code: 'removal-unknown',
        message: `there is no member and no cluster ${name} that could leave`,
        hint: 'drover cluster list',
      }),
    )
}

function keepOnly<T>(list: T[], wanted: (item: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(wanted))
}

function wasRemoved(name: ClusterName): Problem {
  return failure({
    code: 'cluster-was-removed',
    message: `cluster ${name} was removed and its data still lie on their nodes; the spec asks for a new one of that name`,
    hint: `Bring it back with \`drover cluster undo-remove ${name}\`, or erase its data first: \`drover cluster purge ${name} --confirm ${name}\`.`,
  })
}

function notRemoved(name: ClusterName): Problem {
  return failure({
    code: 'not-removed',
    message: `there is no removed cluster ${name}`,
    hint: 'drover cluster list',
  })
}

function noSuchCluster(name: ClusterName): Problem {
  return failure({ code: 'no-such-cluster', message: `there is no cluster ${name}`, hint: 'drover cluster list' })
}
