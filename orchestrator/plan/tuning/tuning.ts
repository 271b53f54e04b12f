import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { SettingExplanation } from '../../../shared/domain/plan.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { extensionSettings, preloads } from '../check-extensions.ts'
import { checkParameters, textOf } from '../check-parameters.ts'
import { pgSize } from '../pg-units.ts'
import { clusterPlace, failure, warning } from '../problems.ts'
import { type CapacityInput, capacityOf } from './member-capacity.ts'
import { LEAST_MEMORY, memorySettings, worstCaseMemory } from './memory-settings.ts'
import { cpuSettings, diskSettings, type TunedSetting, workloadSettings } from './other-settings.ts'

export interface TuneResult {
  /** What all members have, unless `byInstance` says otherwise. */
  readonly shared: Readonly<Record<string, string>>
  /** What a member has otherwise, because its node differs; members without any are absent. */
  readonly byInstance: Readonly<Record<InstanceName, Readonly<Record<string, string>>>>
  readonly explanations: readonly SettingExplanation[]
  readonly problems: readonly Problem[]
}

/** PostgreSQL's settings for one cluster, each with the fact it comes from. The user's own parameters win. */
export function tune(input: CapacityInput): TuneResult {
  const { cluster, allocation, spec } = input
  const major = allocation.postgresVersion
  const problems = [...checkParameters({ spec, cluster, major })]
  const user = Object.fromEntries(
    Object.entries(cluster.parameters).map(([name, value]) => [name.toLowerCase(), textOf(value)]),
  )
  const capacity = capacityOf(input)
  if (capacity === undefined) {
    problems.push(
      failure({
        code: 'facts-missing',
        message: `no node of cluster ${cluster.name} reports its memory and CPU, so nothing can be tuned`,
        hint: 'Wait until the agents have reported: `drover node list`.',
        ...clusterPlace(spec, cluster),
      }),
    )
    return { shared: {}, byInstance: {}, explanations: [], problems }
  }
  const { memoryBytes } = capacity
  if (memoryBytes.value < LEAST_MEMORY) {
    problems.push(
      failure({
        code: 'too-little-memory',
        message: `cluster ${cluster.name} would get ${pgSize(memoryBytes.value)} of memory (${memoryBytes.from}); an instance needs ${pgSize(LEAST_MEMORY)}`,
        hint: 'Put fewer clusters on the node, or use larger nodes.',
        ...clusterPlace(spec, cluster),
      }),
    )
  }
  const cpu = cpuSettings(cluster.workload, capacity)
  const parallelWorkers = Number(
    user['max_parallel_workers'] ?? cpu.find(setting => setting.name === 'max_parallel_workers')?.value ?? 0,
  )
  const memory = memorySettings({
    budgetBytes: memoryBytes.value,
    workload: cluster.workload,
    parallelWorkers,
    user,
  }).map(setting => ({ ...setting, from: memoryBytes.from }))
  const tuned = [
    ...memory,
    ...cpu,
    ...diskSettings(capacity),
    ...workloadSettings(cluster.workload),
    ...extensionTuning(input),
  ]
  const explanations = merge({ cluster: cluster.name, tuned, user })
  const settings = Object.fromEntries(explanations.map(setting => [setting.name, setting.value]))
  const worst = worstCaseMemory(settings)
  if (worst > memoryBytes.value && memoryBytes.value >= LEAST_MEMORY) {
    problems.push(
      warning({
        code: 'memory-overcommitted',
        message: `with its own parameters cluster ${cluster.name} may use ${pgSize(worst)} of memory in the worst case; ${pgSize(memoryBytes.value)} are there for it`,
        hint: 'Lower work_mem, max_connections or shared_buffers, or leave them to Drover.',
        ...clusterPlace(spec, cluster, 'parameters'),
      }),
    )
  }
  return { shared: settings, byInstance: {}, explanations, problems: [...problems, ...suspiciousProbes(input)] }
}

/** The user's libraries and those that extensions need, together: PostgreSQL reads one list. */
function extensionTuning({ cluster, allocation }: CapacityInput): readonly TunedSetting[] {
  const needed = preloads(cluster, allocation.postgresVersion)
  const libraries = Object.entries(extensionSettings(cluster, allocation.postgresVersion))
  return [
    {
      name: 'shared_preload_libraries',
      value: [...new Set(['pg_stat_statements', ...needed])].join(','),
      because: needed.length === 0 ? 'statement statistics' : 'statement statistics and what the extensions need',
      from: `clusters.${cluster.name}.databases`,
    },
    ...libraries.map(([name, value]) => ({
      name,
      value,
      because: 'the database that declares the extension',
      from: `clusters.${cluster.name}.databases`,
    })),
  ]
}

function merge({
  cluster,
  tuned,
  user,
}: {
  readonly cluster: string
  readonly tuned: readonly TunedSetting[]
  readonly user: Readonly<Record<string, string>>
}): readonly SettingExplanation[] {
  const merged = new Map(tuned.map(setting => [setting.name, { cluster, ...setting }]))
  for (const [name, value] of Object.entries(user)) {
    const tunedValue = merged.get(name)?.value
    const because = tunedValue === undefined ? 'set in the spec' : `set in the spec; Drover would use ${tunedValue}`
    merged.set(name, {
      cluster,
      name,
      value: name === 'shared_preload_libraries' ? joinLibraries(value, tunedValue) : value,
      because,
      from: `clusters.${cluster}.parameters.${name}`,
    })
  }
  return [...merged.values()].sort((left, right) => (left.name < right.name ? -1 : Number(left.name > right.name)))
}

function joinLibraries(own: string, tuned: string | undefined): string {
  const split = (text: string): readonly string[] =>
    text
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== '')
  return [...new Set([...split(own), ...split(tuned ?? '')])].join(',')
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
