import type { Workload } from '../../../shared/domain/spec.ts'
import { keptSettings } from './kept-settings.ts'
import type { CapacityInput, MemberCapacity } from './member-capacity.ts'
import { fittingConnections, leastBudget, mostConnections, TIGHT_WORK_MEM } from './memory-settings.ts'
import type { SettingValues, TunedSetting } from './tuned-setting.ts'

/**
 * How many connections and locks all members have. A standby needs as many as its primary, so the member with the least
 * memory decides; a cluster that runs keeps its numbers while they fit everywhere and are not a tenth too few.
 */
export function connectionSettings({
  input,
  members,
  parallelWorkers,
  user,
}: {
  readonly input: CapacityInput
  readonly members: readonly MemberCapacity[]
  /** Of the member with the least memory, which is the first. */
  readonly parallelWorkers: number
  readonly user: SettingValues
}): readonly TunedSetting[] {
  const { cluster } = input
  const { workload } = cluster
  const weakest = members[0]
  if (weakest === undefined) return []
  const fresh = fittingConnections({
    budgetBytes: weakest.memoryBytes.value,
    workload,
    parallelWorkers,
    sharedBuffersRatio: cluster.tuning.sharedBuffersRatio,
    user,
  })
  const rule = `as many backends as can each use 4 MB of work_mem, between 40 and ${mostConnections(workload)} for ${workload}; clients share them through the pooler`
  const chosen = keeps({ input, members, fresh }) ?? { value: fresh, because: rule }
  const connections = Number(user['max_connections'] ?? chosen.value)
  const { from } = weakest.memoryBytes
  return [
    { name: 'max_connections', value: String(chosen.value), because: chosen.because, from },
    { name: 'max_locks_per_transaction', ...locks({ input, weakest, connections }), from },
  ]
}

function keeps({
  input,
  members,
  fresh,
}: {
  readonly input: CapacityInput
  readonly members: readonly MemberCapacity[]
  readonly fresh: number
}): { readonly value: number; readonly because: string } | undefined {
  const { snapshot, cluster } = input
  const kept = members.map(({ member, memoryBytes }) => ({
    memory: memoryBytes.value,
    ...keptSettings({ snapshot, cluster, instance: member.instance }),
  }))
  const held = kept[0]?.maxConnections
  if (held === undefined || held === fresh || fresh > held * 1.1) return undefined
  const fits = kept.every(
    ({ memory, runs, ...settings }) =>
      runs !== true ||
      leastBudget({
        kept: { ...settings, runs, maxConnections: held },
        workload: cluster.workload,
        workMem: TIGHT_WORK_MEM,
      }) <= memory,
  )
  if (!fits) return undefined
  return { value: held, because: `kept, since it fits and a change takes a restart; it would be ${fresh} today` }
}

/** Locks for every connection to touch many partitions: what a hundredth of the memory holds, in powers of two. */
function locks({
  input,
  weakest,
  connections,
}: {
  readonly input: CapacityInput
  readonly weakest: MemberCapacity
  readonly connections: number
}): { readonly value: string; readonly because: string } {
  const { snapshot, cluster } = input
  const held = keptSettings({ snapshot, cluster, instance: weakest.member.instance })?.locksPerTransaction ?? 0
  const fitting = Math.max(1, weakest.memoryBytes.value / 100 / LOCK_BYTES / connections)
  const fresh = Math.min(MOST_LOCKS[cluster.workload], Math.max(64, 2 ** Math.floor(Math.log2(fitting))))
  const because = `what a hundredth of the memory holds for ${connections} connections, 64 to ${MOST_LOCKS[cluster.workload]} in powers of two: queries on many partitions lock each`
  return held > fresh
    ? { value: String(held), because: `kept, since a change takes a restart; it would be ${fresh} today` }
    : { value: String(fresh), because }
}

/** Measured, see memory-model.ts. */
const LOCK_BYTES = 400

const MOST_LOCKS: Readonly<Record<Workload, number>> = { oltp: 256, olap: 1024, crit: 256, tiny: 128, mixed: 512 }
