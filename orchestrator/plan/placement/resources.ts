import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { FleetLimits, ResourcesSpec } from '../../../shared/domain/spec.ts'
import { dataDiskOf, memoryOf, threadsOf } from '../node-view.ts'

export const RESOURCES = ['cores', 'memory', 'disk', 'iops'] as const
export type Resource = (typeof RESOURCES)[number]

/** One number for each of RESOURCES, in their order: hardware threads, bytes, bytes, durable writes a second. */
export type Amounts = readonly [cores: number, memory: number, disk: number, iops: number]

/** What a node has; a resource that it does not know is absent. */
export type Capacity = Readonly<Partial<Record<Resource, number>>>

/**
 * Writes a second: how many times the fsync probe's median fits into one. A median that cannot be true for a durable
 * medium is none. PostgreSQL reaches more by flushing several commits at once, so the figure compares nodes; it limits nothing.
 */
export function capacityOf(node: SnapshotNode): Capacity {
  const probe = node.facts?.fsync
  const known = {
    cores: threadsOf(node),
    memory: memoryOf(node),
    disk: dataDiskOf(node)?.sizeBytes,
    iops: probe === undefined || probe.suspicious !== undefined ? undefined : 1e6 / Math.max(1, probe.p50Micros),
  }
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined))
}

/** What members may demand of a node together, in the order of RESOURCES; infinite where nothing limits or nothing is known. */
export function ceilingOf(capacity: Capacity, limits: FleetLimits): Amounts {
  const { cores, memory, disk } = capacity
  return [
    cores === undefined ? Number.POSITIVE_INFINITY : cores * limits.cores,
    memory === undefined ? Number.POSITIVE_INFINITY : memory * limits.memory,
    disk === undefined ? Number.POSITIVE_INFINITY : disk * limits.disk,
    Number.POSITIVE_INFINITY,
  ]
}

/** What the spec demands for one member; undefined where it is silent. */
export function declaredAmount(resources: ResourcesSpec, resource: Resource): number | undefined {
  const { cores, memoryBytes, diskBytes, iops } = resources
  return { cores, memory: memoryBytes, disk: diskBytes, iops }[resource]
}

/** `3.5GB`, `4 cores`: an amount as the fleet file would have it. */
export function showAmount(resource: Resource, amount: number): string {
  const rounded = (value: number): string => String(Math.round(value * 10) / 10)
  if (resource === 'cores') return `${rounded(amount)} ${amount === 1 ? 'core' : 'cores'}`
  return resource === 'iops' ? `${rounded(amount)} writes/s` : `${rounded(amount / 1024 ** 3)}GB of ${resource}`
}
