import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { dataDiskOf } from '../node-view.ts'
import { parsePgSize, pgSize } from '../pg-units.ts'
import { clusterPlace, failure, warning } from '../problems.ts'
import { diskBudget } from './disk-budget.ts'
import { keptSettings } from './kept-settings.ts'
import type { CapacityInput, MemberCapacity } from './member-capacity.ts'
import { worstCaseMemory } from './memory-model.ts'
import { fittingConnections, LEAST_MEMORY } from './memory-settings.ts'
import { mostPooledConnections, openConnections, poolSizes } from './pool-sizes.ts'
import type { SettingValues } from './tuned-setting.ts'

/** PostgreSQL's own is 4 MB; with half of it and less many reports spill. */
const NARROW_WORK_MEM = 2 * 1024 ** 2

export interface TunedInput {
  readonly input: CapacityInput
  readonly members: readonly MemberCapacity[]
  readonly shared: SettingValues
  readonly byInstance: Readonly<Record<InstanceName, SettingValues>>
}

/** What cannot fit, however it is divided, and disks that do not do what they say. */
export function checkTuning(tuned: TunedInput): readonly Problem[] {
  return [
    ...memoryProblems(tuned),
    ...narrowMemory(tuned),
    ...diskProblems(tuned),
    ...poolProblems(tuned),
    ...suspiciousProbes(tuned.input),
  ]
}

/** One problem a cluster: about the member that it is worst for. */
function memoryProblems({ input, members, shared, byInstance }: TunedInput): readonly Problem[] {
  const { spec, cluster } = input
  const [weakest] = members
  if (weakest !== undefined && weakest.memoryBytes.value < LEAST_MEMORY) {
    return [
      failure({
        code: 'too-little-memory',
        message: `cluster ${cluster.name} would get ${pgSize(weakest.memoryBytes.value)} of memory (${weakest.memoryBytes.from}); an instance needs ${pgSize(LEAST_MEMORY)}`,
        hint: 'Put fewer clusters on the node, or use larger nodes.',
        ...clusterPlace(spec, cluster),
      }),
    ]
  }
  const excesses = members
    .map(({ member, memoryBytes }) => ({
      instance: member.instance,
      budget: memoryBytes.value,
      worst: worstCaseMemory({ ...shared, ...byInstance[member.instance] }),
    }))
    .filter(({ worst, budget }) => worst > budget)
    .toSorted((left, right) => right.worst / right.budget - left.worst / left.budget)
  return excesses.slice(0, 1).map(({ instance, worst, budget }) =>
    warning({
      code: 'memory-overcommitted',
      message: `with its own parameters cluster ${cluster.name} may use ${pgSize(worst)} of memory on ${instance} in the worst case; ${pgSize(budget)} are there for it, and the kernel would kill its backends`,
      hint: 'Lower work_mem, max_connections or shared_buffers, or leave them to Drover.',
      ...clusterPlace(spec, cluster, 'parameters'),
    }),
  )
}

/**
 * A running member keeps its connections when neighbours move in, so that nobody is restarted; the budget then leaves less
 * for each. Told once, by the plan that brings it about, of the member that has it worst.
 */
function narrowMemory({ input, members, shared, byInstance }: TunedInput): readonly Problem[] {
  const { spec, cluster, snapshot } = input
  if (cluster.parameters['work_mem'] !== undefined) return []
  const applied = snapshot.appliedSettings?.[cluster.name]
  const narrow = members
    .map(capacity => ({ capacity, settings: { ...shared, ...byInstance[capacity.member.instance] } }))
    .filter(({ capacity }) => keptSettings({ snapshot, cluster, instance: capacity.member.instance })?.runs === true)
    .map(({ capacity, settings }) => ({
      capacity,
      settings,
      workMem: sizeOf(settings['work_mem']),
      before: sizeOf({ ...applied?.shared, ...applied?.byInstance[capacity.member.instance] }['work_mem']),
    }))
    .filter(({ workMem, before }) => workMem < NARROW_WORK_MEM && workMem < before)
    .toSorted((left, right) => left.workMem - right.workMem)
  return narrow.slice(0, 1).map(({ capacity: { member, memoryBytes }, settings, workMem, before }) => {
    const fewer = fittingConnections({
      budgetBytes: memoryBytes.value,
      workload: cluster.workload,
      parallelWorkers: Number(settings['max_parallel_workers'] ?? 0),
      sharedBuffersRatio: cluster.tuning.sharedBuffersRatio,
      user: { shared_buffers: settings['shared_buffers'] ?? '' },
    })
    return warning({
      code: 'narrow-work-mem',
      message: `work_mem of the ${shared['max_connections']} connections of cluster ${cluster.name} falls from ${pgSize(before)} to ${pgSize(workMem)} on ${member.instance}, which has ${pgSize(memoryBytes.value)} of memory beside its neighbours: larger sorts and hashes go to the disk`,
      hint: `Place the neighbours elsewhere, or set \`parameters.max_connections: ${fewer}\` (restart) for more memory each.`,
      ...clusterPlace(spec, cluster),
    })
  })
}

function sizeOf(value: string | undefined): number {
  return parsePgSize(value ?? '', 1024) ?? 0
}

/** Free space decides no setting, since it moves by itself; a cluster that is being made must find what its own files may take. */
function diskProblems({ input, members }: TunedInput): readonly Problem[] {
  const { spec, cluster, snapshot } = input
  if (snapshot.allocations.clusters[cluster.name] !== undefined) return []
  return members.flatMap(({ member, diskBytes }) => {
    const node = snapshot.nodes.find(({ id }) => id === member.nodeId)
    const disk = node === undefined ? undefined : dataDiskOf(node)
    if (node === undefined || disk === undefined || diskBytes === undefined) return []
    const { data, free } = diskBudget(diskBytes.value, cluster.workload, spec.fleet.parameters.limits.disk)
    const needed = diskBytes.value - data - free
    if (disk.availableBytes >= needed) return []
    return [
      warning({
        code: 'disk-nearly-full',
        message: `node ${node.name} has ${pgSize(disk.availableBytes)} free on ${disk.mount}, of ${pgSize(disk.sizeBytes)}: WAL, slots, temporary files and archive of ${member.instance} may grow to ${pgSize(needed)} before any data, and PostgreSQL stops when the disk is full`,
        hint: `Free space on ${node.name}, or set \`resources.disk\`: the limits then follow from it. A trial with little data can go on.`,
        ...clusterPlace(spec, cluster),
      }),
    ]
  })
}

function poolProblems({ input: { spec, cluster }, shared }: TunedInput): readonly Problem[] {
  const open = openConnections(shared)
  const most = mostPooledConnections(cluster, poolSizes(cluster, shared))
  if (most <= open) return []
  return [
    warning({
      code: 'pools-overcommitted',
      message: `the pools of cluster ${cluster.name} may open ${most} connections to its primary, which takes ${open} (max_connections ${shared['max_connections']}): clients would see errors under load`,
      hint: 'Lower the pool sizes, or raise `parameters.max_connections`.',
      ...clusterPlace(spec, cluster, 'pooler'),
    }),
  ]
}

function suspiciousProbes({ snapshot, allocation, cluster }: CapacityInput): readonly Problem[] {
  return allocation.members.flatMap(member => {
    const node = snapshot.nodes.find(each => each.id === member.nodeId)
    const reason = node?.facts?.fsync?.suspicious
    if (node === undefined || reason === undefined) return []
    return [
      warning({
        code: 'suspicious-fsync',
        message: `the disk of ${node.name}, which holds ${member.instance}, may lose writes that it has confirmed: ${reason}`,
        hint: `Check the write cache of the disk; with durability \`${cluster.durability}\` ${cluster.durability === 'async' ? 'a power failure can lose commits' : 'a power failure of several nodes at once can lose commits'}.`,
      }),
    ]
  })
}
