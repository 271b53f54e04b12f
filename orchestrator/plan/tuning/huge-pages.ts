import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { memoryOf } from '../node-view.ts'
import { sharedMemoryBytes, sharedMemoryOf } from './memory-model.ts'
import type { SettingValues } from './tuned-setting.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** Below this page tables are small, and memory that only PostgreSQL can use is missed elsewhere. */
const LEAST_NODE_MEMORY = 8 * GIB
/** Of a node's memory: reserved pages cannot hold anything else. */
const MOST_SHARE = 0.6

export interface HugePages {
  readonly count: number
  readonly because: string
  readonly from: string
}

/**
 * Pages for exactly what the instances of a node ask for when they start: each `shared_memory_size_in_huge_pages`, rounded
 * up, and one. With less PostgreSQL (`huge_pages = try`) takes ordinary pages. Undefined where they cannot be set or would not fit.
 */
export function hugePages(node: SnapshotNode, instances: readonly SettingValues[]): HugePages | undefined {
  const memory = memoryOf(node)
  const facts = node.facts?.memory.hugepages
  const size = facts === undefined || 'unknown' in facts ? undefined : facts.value.sizeBytes
  if (memory === undefined || memory < LEAST_NODE_MEMORY || size === undefined || size > 32 * MIB) return undefined
  const count = instances.reduce(
    (sum, settings) => sum + Math.ceil(sharedMemoryBytes(sharedMemoryOf(settings)) / size) + 1,
    0,
  )
  if (count * size > memory * MOST_SHARE) return undefined
  return {
    count,
    because: `the shared memory of ${instances.length === 1 ? 'one instance' : `${instances.length} instances`} in pages of ${size / MIB} MB, taken when PostgreSQL starts`,
    from: `shared_buffers and what comes with them; facts.memory.hugepages of ${node.name}`,
  }
}
