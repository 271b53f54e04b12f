import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { ClusterSpec } from '../../shared/domain/spec.ts'

/**
 * The model that all contenders are measured by, written a second time on purpose: the planner's own code is what is being
 * checked. Four amounts: threads, bytes of memory, bytes of disk, durable writes a second.
 */
export function capacities({ facts }: SnapshotNode): readonly number[] {
  if (facts === undefined) throw new Error('a node without facts')
  const threads = 'value' in facts.cpu.effective ? facts.cpu.effective.value : 0
  const memory = 'value' in facts.memory.effectiveBytes ? facts.memory.effectiveBytes.value : 0
  const disk = facts.filesystems.find(({ mount }) => mount === '/')?.sizeBytes ?? 0
  return [threads, memory, disk, facts.fsync === undefined ? Number.POSITIVE_INFINITY : 1e6 / facts.fsync.p50Micros]
}

export function demands({ resources: { cores = 0, memoryBytes = 0, diskBytes = 0, iops = 0 } }: ClusterSpec): {
  readonly primary: readonly number[]
  readonly standby: readonly number[]
} {
  return {
    primary: [cores, memoryBytes, diskBytes, iops],
    standby: [cores * 0.5, memoryBytes, diskBytes, iops * 0.7],
  }
}
