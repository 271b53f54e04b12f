import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { Allocations, Snapshot, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../../shared/domain/spec.ts'
import { memoryOf } from '../node-view.ts'
import { keptSettings } from './kept-settings.ts'
import { LEAST_MEMORY, leastBudget } from './memory-settings.ts'
import type { Sourced } from './tuned-setting.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

export interface MemoryShareInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly allocations: Allocations
}

/** 15 % of a host, 256 MiB to 8 GiB, stays with the system, etcd, Patroni, HAProxy and the poolers. */
export function reservedMemory(effectiveBytes: number): number {
  return Math.min(Math.max(effectiveBytes * 0.15, 256 * MIB), 8 * GIB)
}

/**
 * What one member may use in the worst case, of what its node really has. A demand in the fleet file is a budget; when the
 * demands of a node exceed what it can give, all shrink alike. The rest is shared evenly, but a member that runs gets
 * at least what it holds already, as long as that leaves enough for those beside it. Undefined while the node's memory is unknown.
 */
export function memoryShare(
  node: SnapshotNode,
  instance: InstanceName,
  input: MemoryShareInput,
): Sourced<number> | undefined {
  const effective = memoryOf(node)
  if (effective === undefined) return undefined
  const tenants = tenantsOf(node, input)
  const usable = effective - reservedMemory(effective)
  const demanded = tenants.reduce((sum, { cluster }) => sum + (cluster.resources.memoryBytes ?? 0), 0)
  const own = tenants.find(tenant => tenant.instance === instance)
  const wanted = own?.cluster.resources.memoryBytes
  if (wanted !== undefined)
    return {
      value: wholeMegabytes(wanted * Math.min(1, usable / demanded)),
      from: `clusters.${own?.cluster.name}.resources.memory`,
    }
  const undemanding = tenants.filter(({ cluster }) => cluster.resources.memoryBytes === undefined)
  const rest = Math.max(0, usable - demanded)
  const level = waterLevel(
    rest,
    undemanding.map(({ holds }) => holds),
  )
  const from = `facts.memory.effectiveBytes of ${node.name}${tenants.length > 1 ? `, shared by ${tenants.length} instances` : ''}`
  if (level < LEAST_MEMORY) return { value: wholeMegabytes(rest / undemanding.length), from }
  const uneven = undemanding.some(({ holds }) => holds > level)
  return {
    value: wholeMegabytes(Math.max(level, own?.holds ?? 0)),
    from: uneven ? `${from}, of which some hold more than an even share already` : from,
  }
}

function wholeMegabytes(bytes: number): number {
  return Math.floor(bytes / MIB) * MIB
}

interface Tenant {
  readonly cluster: ClusterSpec
  readonly instance: InstanceName
  /** The least memory in which it can keep what only a restart could change. */
  readonly holds: number
}

/** Every member on the node, in the order of the fleet file. */
export function tenantsOf(node: SnapshotNode, { spec, snapshot, allocations }: MemoryShareInput): readonly Tenant[] {
  return spec.clusters.flatMap(cluster =>
    (allocations.clusters[cluster.name]?.members ?? [])
      .filter(member => member.nodeId === node.id)
      .map(({ instance }) => {
        const kept = keptSettings({ snapshot, cluster, instance })
        return { cluster, instance, holds: kept?.runs === true ? leastBudget(kept, cluster.workload) : 0 }
      }),
  )
}

/** The level at which everybody gets `max(held, level)` and all is given out. */
function waterLevel(available: number, held: readonly number[]): number {
  const above = held.toSorted((left, right) => right - left)
  let rest = available
  for (const [index, holds] of above.entries()) {
    const level = rest / (above.length - index)
    if (holds <= level) return level
    rest -= holds
  }
  return 0
}
