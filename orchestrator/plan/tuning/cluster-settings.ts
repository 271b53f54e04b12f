import { extensionSettings, preloads } from '../check-extensions.ts'
import { DEFAULT_LIBRARIES } from '../preload-libraries.ts'
import { connectionSettings } from './connection-settings.ts'
import { cpuSettings, workerSlots } from './cpu-settings.ts'
import { temporaryFileLimit, walSettings } from './disk-budget.ts'
import { keptSettings } from './kept-settings.ts'
import type { CapacityInput, MemberCapacity } from './member-capacity.ts'
import { memorySettings } from './memory-settings.ts'
import { groupSettings, replicationSettings } from './replication-settings.ts'
import { commitSettings, storageSettings } from './storage-settings.ts'
import { type SettingValues, type Sourced, type TunedSetting, valuesOf } from './tuned-setting.ts'
import { workloadSettings } from './workload-settings.ts'

/** What all members have alike: what PostgreSQL or Patroni wants equal, and what does not depend on the node. */
export function clusterSettings({
  input,
  members,
  user,
}: {
  readonly input: CapacityInput
  /** The one with the least memory first. */
  readonly members: readonly MemberCapacity[]
  readonly user: SettingValues
}): readonly TunedSetting[] {
  const { cluster, allocation, spec } = input
  const [weakest] = members
  if (weakest === undefined) return []
  const disk = smallestDisk(members)
  return [
    ...workloadSettings(cluster.workload, allocation.postgresVersion),
    ...replicationSettings(cluster, allocation.members.length),
    workerSlots(mostThreads(members, weakest)),
    ...connectionSettings({ input, members, parallelWorkers: parallelWorkers(input, weakest, user), user }),
    ...(disk === undefined
      ? []
      : walSettings({ disk, workload: cluster.workload, limit: spec.fleet.parameters.limits.disk })),
    ...commitSettings(allocation.fsync),
    ...extensionTuning(input),
  ]
}

/** What follows from the node of one member, and from what the member is for. */
export function memberSettings({
  input,
  capacity,
  common,
  user,
}: {
  readonly input: CapacityInput
  readonly capacity: MemberCapacity
  /** What `clusterSettings` gave. */
  readonly common: readonly TunedSetting[]
  readonly user: SettingValues
}): readonly TunedSetting[] {
  const { cluster, allocation, spec, snapshot } = input
  const { workload } = cluster
  const { diskBytes, memoryBytes, member } = capacity
  const wide = { ...valuesOf(common), ...user }
  return [
    ...cpuSettings(workload, capacity),
    ...memorySettings({
      budgetBytes: memoryBytes.value,
      from: memoryBytes.from,
      workload,
      sharedBuffersRatio: cluster.tuning.sharedBuffersRatio,
      parallelWorkers: parallelWorkers(input, capacity, user),
      maxConnections: Number(wide['max_connections']),
      locksPerTransaction: Number(wide['max_locks_per_transaction']),
      otherProcesses: otherProcesses(wide),
      kept: keptSettings({ snapshot, cluster, instance: member.instance }),
      user,
    }),
    ...(diskBytes === undefined
      ? []
      : [temporaryFileLimit({ disk: diskBytes, workload, limit: spec.fleet.parameters.limits.disk })]),
    ...storageSettings({ storage: capacity.storage, fsync: allocation.fsync, workload }),
    ...groupSettings(cluster, capacity),
  ]
}

function parallelWorkers({ cluster }: CapacityInput, capacity: MemberCapacity, user: SettingValues): number {
  const tuned = valuesOf(cpuSettings(cluster.workload, capacity))
  return Number(user['max_parallel_workers'] ?? tuned['max_parallel_workers'])
}

function otherProcesses(settings: SettingValues): number {
  const names = ['max_worker_processes', 'max_wal_senders', 'autovacuum_max_workers', 'max_prepared_transactions']
  return names.reduce((sum, name) => sum + Number(settings[name] ?? 0), 16)
}

function smallestDisk(members: readonly MemberCapacity[]): Sourced<number> | undefined {
  const disks = members.flatMap(({ diskBytes }) => diskBytes ?? [])
  return disks.toSorted((left, right) => left.value - right.value)[0]
}

function mostThreads(members: readonly MemberCapacity[], weakest: MemberCapacity): Sourced<number> {
  const threads = members.map(({ nodeThreads }) => nodeThreads)
  return threads.toSorted((left, right) => right.value - left.value)[0] ?? weakest.nodeThreads
}

/** The libraries that extensions need, and the databases they live in. */
function extensionTuning({ cluster, allocation }: CapacityInput): readonly TunedSetting[] {
  const needed = preloads(cluster, allocation.postgresVersion)
  const homes = Object.entries(extensionSettings(cluster, allocation.postgresVersion))
  const from = `clusters.${cluster.name}.databases`
  return [
    {
      name: 'shared_preload_libraries',
      value: [...new Set([...DEFAULT_LIBRARIES, ...needed])].join(','),
      because: needed.length === 0 ? 'statement statistics' : 'statement statistics and what the extensions need',
      from,
    },
    ...homes.map(([name, value]) => ({ name, value, because: 'the database that declares the extension', from })),
  ]
}
