import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { Allocations, Snapshot, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../../shared/domain/spec.ts'
import { memoryOf } from '../node-view.ts'
import { type KeptSettings, keptSettings } from './kept-settings.ts'
import { LEAST_MEMORY, leastBudget } from './memory-settings.ts'
import type { Sourced } from './tuned-setting.ts'

const KIB = 1024
const MIB = 1024 ** 2
const GIB = 1024 ** 3

/**
 * What a running member may claim: the memory in which each of its connections still has this much of work_mem, as long as
 * nobody beside it gets less than `others` or an even share. The last one holds as long as the others can run at all.
 */
const CLAIMS = [
  { workMem: 2560 * KIB, others: GIB },
  { workMem: MIB, others: GIB },
  { workMem: 512 * KIB, others: LEAST_MEMORY },
] as const

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
 * at least what it claims, as long as that leaves enough for those beside it. Undefined while the node's memory is unknown.
 *
 * Nobody claims more than it was last given. So whoever was fitted into what the others left has no more say once it runs,
 * and the next plan divides the same way.
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
  const { level, claims } = divide(rest, undemanding)
  const from = `facts.memory.effectiveBytes of ${node.name}${tenants.length > 1 ? `, shared by ${tenants.length} instances` : ''}`
  const uneven = [...claims.values()].some(bytes => bytes > level)
  return {
    value: wholeMegabytes(Math.max(level, claims.get(instance) ?? 0)),
    from: uneven ? `${from}, of which some hold more than an even share already` : from,
  }
}

function wholeMegabytes(bytes: number): number {
  return Math.floor(bytes / MIB) * MIB
}

interface Tenant {
  readonly cluster: ClusterSpec
  readonly instance: InstanceName
  /** Absent: it has nothing to keep. */
  readonly kept?: KeptSettings
}

/** Every member on the node, in the order of the fleet file. */
export function tenantsOf(node: SnapshotNode, { spec, snapshot, allocations }: MemoryShareInput): readonly Tenant[] {
  return spec.clusters.flatMap(cluster =>
    (allocations.clusters[cluster.name]?.members ?? [])
      .filter(member => member.nodeId === node.id)
      .map(({ instance }) => {
        const kept = keptSettings({ snapshot, cluster, instance })
        return { cluster, instance, ...(kept === undefined ? {} : { kept }) }
      }),
  )
}

/** Claims, and the level up to which everybody else gets an equal part of what they leave. */
function divide(
  available: number,
  tenants: readonly Tenant[],
): { readonly level: number; readonly claims: ReadonlyMap<InstanceName, number> } {
  const even = available / tenants.length
  for (const { workMem, others } of CLAIMS) {
    const claims = new Map(tenants.map(tenant => [tenant.instance, claimOf(tenant, workMem)]))
    const level = waterLevel(available, [...claims.values()])
    if (level >= Math.min(others, even)) return { level, claims }
  }
  return { level: even, claims: new Map() }
}

function claimOf({ cluster, kept }: Tenant, workMem: number): number {
  if (kept?.runs !== true) return 0
  return Math.min(leastBudget({ kept, workload: cluster.workload, workMem }), kept.budget ?? Number.POSITIVE_INFINITY)
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
