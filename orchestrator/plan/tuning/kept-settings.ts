import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { Snapshot } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { equal } from '../equal.ts'
import { parsePgSize } from '../pg-units.ts'
import type { SettingValues } from './tuned-setting.ts'

/** Memory settings of a running member that only a restart could change, and what it had to divide. */
export interface KeptSettings {
  /** False: the member is being added and takes over what its cluster has. */
  readonly runs: boolean
  readonly sharedBuffers?: number
  readonly maxConnections?: number
  readonly locksPerTransaction?: number
  /** Bytes that it was given when its settings were last applied. */
  readonly budget?: number
}

/**
 * What a cluster keeps although its surroundings have changed, so that a neighbour that comes or goes restarts nobody.
 * Nothing where the operator has changed what the values depend on: those changes are meant.
 */
export function keptSettings({
  snapshot,
  cluster,
  instance,
}: {
  readonly snapshot: Snapshot
  readonly cluster: ClusterSpec
  readonly instance: InstanceName
}): KeptSettings | undefined {
  const allocation = snapshot.allocations.clusters[cluster.name]
  const applied = snapshot.appliedSettings?.[cluster.name]
  const before = snapshot.appliedSpec?.clusters.find(each => each.name === cluster.name)
  if (allocation?.bootstrapped !== true || applied === undefined || before === undefined) return undefined
  if (!equal(reasons(before), reasons(cluster))) return undefined
  const own = new Set(Object.keys(before.parameters).map(name => name.toLowerCase()))
  const values: SettingValues = { ...applied.shared, ...applied.byInstance[instance] }
  const tuned = (name: string): string | undefined => (own.has(name) ? undefined : values[name])
  const sharedBuffers = parsePgSize(tuned('shared_buffers') ?? '', 8192)
  const connections = tuned('max_connections')
  const locks = tuned('max_locks_per_transaction')
  const budget = parsePgSize(values[MEMORY_BUDGET] ?? '', 1)
  return {
    runs: allocation.members.some(member => member.instance === instance),
    ...(sharedBuffers === undefined ? {} : { sharedBuffers }),
    ...(connections === undefined ? {} : { maxConnections: Number(connections) }),
    ...(locks === undefined ? {} : { locksPerTransaction: Number(locks) }),
    ...(budget === undefined ? {} : { budget }),
  }
}

/** The figure that a member's memory settings divide. It is explained and remembered beside them, and set nowhere. */
export const MEMORY_BUDGET = 'drover.memory'

/** What in the fleet file decides the division of memory. */
function reasons({ workload, tuning, resources }: ClusterSpec): unknown {
  return { workload, tuning, memory: resources.memoryBytes ?? null }
}
