import type { ClusterName, InstanceName } from '../../../shared/domain/ids.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { ClusterAllocation, MemberAllocation, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../../shared/domain/spec.ts'
import { observedPrimary } from '../cluster-work.ts'
import { clusterPlace, failure, wordList } from '../problems.ts'
import type { DepartureInput } from './decide.ts'

export interface Leavers {
  readonly leavers: readonly MemberAllocation[]
  readonly problems: readonly Problem[]
}

/**
 * Members that leave: those that are replaced, and of full members and of each group apart, since neither can stand in for
 * the other, as many as are too many, if each of them was named (S5). The primary never leaves.
 */
export function leaversOf(cluster: ClusterSpec, allocation: ClusterAllocation, input: DepartureInput): Leavers {
  const { spec, snapshot, intent } = input
  const replaced = allocation.members.filter(({ instance }) => intent.replace?.includes(instance) === true)
  const rest = allocation.members.filter(member => !replaced.includes(member))
  const found = [...Map.groupBy(rest, ({ group }) => group)].map(([group, members]): Leavers => {
    const excess = members.length - wantedOf(cluster, group)
    const named = members.filter(({ instance }) => intent.remove?.includes(instance) === true)
    if (named.length > Math.max(0, excess))
      return { leavers: [], problems: [notTooMany({ spec, cluster, group, named, excess: Math.max(0, excess) })] }
    if (named.length === excess || excess <= 0) return { leavers: named, problems: [] }
    const proposed = propose(members, excess, snapshot, cluster.name)
    return { leavers: [], problems: [unnamedMembers({ spec, cluster, group, members, proposed })] }
  })
  const leavers = [...replaced, ...found.flatMap(each => each.leavers)]
  const problems = found.flatMap(each => each.problems)
  return { leavers, problems: [...problems, ...obstacles(cluster, allocation, leavers, input)] }
}

/** What forbids that they leave now: the primary must not be among them, and each must be there to be stopped. */
function obstacles(
  cluster: ClusterSpec,
  allocation: ClusterAllocation,
  leavers: readonly MemberAllocation[],
  { spec, snapshot }: DepartureInput,
): readonly Problem[] {
  if (leavers.length === 0) return []
  const place = clusterPlace(spec, cluster, 'members')
  if (allocation.hibernated !== undefined)
    return [
      failure({
        code: 'removal-blocked',
        message: `cluster ${cluster.name} is stopped: a member leaves only a cluster that runs`,
        hint: `drover cluster start ${cluster.name}`,
        ...place,
      }),
    ]
  const primary = observedPrimary(cluster.name, snapshot)
  if (primary === undefined && allocation.bootstrapped)
    return [
      failure({
        code: 'removal-blocked',
        message: `no primary of cluster ${cluster.name} is seen: a member leaves only a cluster that is well`,
        hint: `drover status ${cluster.name}`,
        ...place,
      }),
    ]
  return leavers.flatMap(({ instance, nodeId }) => {
    if (instance === primary)
      return [
        failure({
          code: 'removal-of-primary',
          message: `${instance} is the primary of cluster ${cluster.name} and cannot leave as such`,
          hint: `Hand over first: \`drover cluster switchover ${cluster.name}\`.`,
          ...place,
        }),
      ]
    return unreachable([{ instance, nodeId }], snapshot).map(problem => ({ ...problem, ...place }))
  })
}

/** What is on a node that is no more has stopped with it; what is on a silent one may well run. */
export function unreachable(
  members: readonly Pick<MemberAllocation, 'instance' | 'nodeId'>[],
  { nodes }: Pick<Snapshot, 'nodes'>,
): readonly Problem[] {
  return members.flatMap(({ instance, nodeId }) => {
    const node = nodes.find(({ id }) => id === nodeId)
    if (node === undefined || node.state === 'ready' || node.state === 'draining') return []
    return [
      failure({
        code: 'removal-unreachable',
        message: `${instance} cannot be stopped: its node ${node.name} is ${node.state}`,
        hint: `Bring ${node.name} back; or, when it will never come back, remove the node.`,
      }),
    ]
  })
}

/** Those that do least for the cluster, the highest numbers first: never the primary, synchronous standbys last. */
function propose(
  members: readonly MemberAllocation[],
  count: number,
  snapshot: Snapshot,
  cluster: ClusterName,
): readonly InstanceName[] {
  const primary = observedPrimary(cluster, snapshot) ?? members[0]?.instance
  const synchronous = new Set(
    snapshot.nodes.flatMap(({ observation }) =>
      (observation?.instances ?? []).flatMap(({ instance, role }) => (role === 'sync-standby' ? [instance] : [])),
    ),
  )
  return members
    .filter(({ instance }) => instance !== primary)
    .toSorted(
      (left, right) =>
        Number(synchronous.has(left.instance)) - Number(synchronous.has(right.instance)) || right.number - left.number,
    )
    .slice(0, count)
    .map(({ instance }) => instance)
}

function wantedOf(cluster: ClusterSpec, group: string | undefined): number {
  if (group === undefined) return cluster.members
  return cluster.replicas.find(({ name }) => name === group)?.members ?? 0
}

function unnamedMembers({
  spec,
  cluster,
  group,
  members,
  proposed,
}: {
  readonly spec: FleetSpec
  readonly cluster: ClusterSpec
  readonly group: string | undefined
  readonly members: readonly MemberAllocation[]
  readonly proposed: readonly InstanceName[]
}): Problem {
  const wanted = wantedOf(cluster, group)
  const [whose, path] = whoseMembers(cluster, group)
  const options = proposed.map(instance => `--remove ${instance}`).join(' ')
  return failure({
    code: 'removal-unnamed',
    message: `cluster ${cluster.name} has ${members.length} ${whose} and the spec asks for ${wanted}; what leaves has to be named`,
    hint: `Add \`${options}\` to let ${proposed.length === 1 ? 'it' : 'them'} leave (its data are kept for a while), another name to let another one leave, or ask for ${members.length} again.`,
    ...clusterPlace(spec, cluster, path),
  })
}

export function unnamedCluster(name: ClusterName): Problem {
  return failure({
    code: 'removal-unnamed',
    message: `cluster ${name} exists and the spec no longer has it; what leaves has to be named`,
    hint: `Add \`--remove ${name}\` to stop it and keep its data for a while, or put it back into the spec.`,
    path: 'clusters',
  })
}

function notTooMany({
  spec,
  cluster,
  group,
  named,
  excess,
}: {
  readonly spec: FleetSpec
  readonly cluster: ClusterSpec
  readonly group: string | undefined
  readonly named: readonly MemberAllocation[]
  readonly excess: number
}): Problem {
  const [whose, path] = whoseMembers(cluster, group)
  return failure({
    code: 'removal-not-in-spec',
    message: `${wordList(named.map(({ instance }) => instance))} ${named.length === 1 ? 'is' : 'are'} named to leave cluster ${cluster.name}, and by the spec ${excess} of its ${whose} ${excess === 1 ? 'is' : 'are'} too many`,
    hint: `Lower the number in the spec by as many as are to leave.`,
    ...clusterPlace(spec, cluster, path),
  })
}

function whoseMembers(cluster: ClusterSpec, group: string | undefined): readonly [whose: string, path: string] {
  if (group === undefined) return ['members', 'members']
  const index = cluster.replicas.findIndex(({ name }) => name === group)
  return [`members in ${group}`, index < 0 ? 'replicas' : `replicas[${index}].members`]
}
