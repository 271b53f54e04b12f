import type { DiskKind } from '../../../shared/domain/facts.ts'
import type { Allocations, ClusterAllocation, Snapshot, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../../shared/domain/spec.ts'
import { dataDiskOf, memoryOf, threadsOf } from '../node-view.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** What one member may count on, and where the figure comes from. Settings are cluster-wide, so the weakest member decides. */
export interface Capacity {
  readonly memoryBytes: Sourced<number>
  readonly threads: Sourced<number>
  /** Share of the data file system; absent while unknown. */
  readonly diskBytes?: Sourced<number>
  readonly diskKind?: Sourced<DiskKind>
  /** Median of one fdatasync in microseconds; absent when it was not known when the cluster was made. */
  readonly fsyncMicros?: Sourced<number>
}

export interface Sourced<T> {
  readonly value: T
  readonly from: string
}

export interface CapacityInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly allocations: Allocations
  readonly cluster: ClusterSpec
  readonly allocation: ClusterAllocation
}

/** The weakest of the members' nodes in each respect; undefined while no node reports memory and CPU. */
export function capacityOf(input: CapacityInput): Capacity | undefined {
  const nodes = input.allocation.members.flatMap(
    member => input.snapshot.nodes.find(node => node.id === member.nodeId) ?? [],
  )
  const memoryBytes = least(nodes.flatMap(node => memoryShare(node, input)))
  const threads = least(nodes.flatMap(node => threadShare(node, input)))
  if (memoryBytes === undefined || threads === undefined) return undefined
  const diskBytes = least(nodes.flatMap(node => diskShare(node, input)))
  const diskKind = slowest(nodes)
  const { fsync } = input.allocation
  return {
    memoryBytes,
    threads,
    ...(diskBytes === undefined ? {} : { diskBytes }),
    ...(diskKind === undefined ? {} : { diskKind }),
    ...(fsync === undefined ? {} : { fsyncMicros: { value: fsync.p50Micros, from: `facts.fsync of ${fsync.node}` } }),
  }
}

/** 15 % of a host, 256 MiB to 8 GiB, stays with the system, etcd, Patroni, HAProxy and the poolers. */
export function reservedMemory(effectiveBytes: number): number {
  return Math.min(Math.max(effectiveBytes * 0.15, 256 * MIB), 8 * GIB)
}

function memoryShare(node: SnapshotNode, input: CapacityInput): readonly Sourced<number>[] {
  const effective = memoryOf(node)
  if (effective === undefined) return []
  const neighbours = clustersOn(node, input)
  const usable = effective - reservedMemory(effective)
  const demanded = neighbours.reduce((sum, cluster) => sum + (cluster.resources.memoryBytes ?? 0), 0)
  const undemanding = neighbours.filter(cluster => cluster.resources.memoryBytes === undefined).length
  const wanted = input.cluster.resources.memoryBytes
  // A demand is a budget; when the demands of a node exceed what it can give, all shrink alike.
  const scale = demanded > usable ? usable / demanded : 1
  if (wanted !== undefined) return [{ value: wanted * scale, from: `clusters.${input.cluster.name}.resources.memory` }]
  const share = Math.max(0, usable - demanded) / Math.max(1, undemanding)
  return [{ value: share, from: `facts.memory.effectiveBytes of ${node.name}${sharing(neighbours.length)}` }]
}

function threadShare(node: SnapshotNode, input: CapacityInput): readonly Sourced<number>[] {
  const threads = threadsOf(node)
  if (threads === undefined) return []
  const neighbours = clustersOn(node, input).length
  const share = Math.max(1, threads / neighbours)
  const wanted = input.cluster.resources.cores
  if (wanted !== undefined && wanted < share)
    return [{ value: Math.max(1, wanted), from: `clusters.${input.cluster.name}.resources.cores` }]
  return [{ value: share, from: `facts.cpu.effective of ${node.name}${sharing(neighbours)}` }]
}

function diskShare(node: SnapshotNode, input: CapacityInput): readonly Sourced<number>[] {
  const disk = dataDiskOf(node)
  if (disk === undefined) return []
  const neighbours = clustersOn(node, input).length
  const share = disk.sizeBytes / neighbours
  const wanted = input.cluster.resources.diskBytes
  if (wanted !== undefined && wanted < share)
    return [{ value: wanted, from: `clusters.${input.cluster.name}.resources.disk` }]
  return [{ value: share, from: `file system ${disk.mount} of ${node.name}${sharing(neighbours)}` }]
}

const SPEED: readonly DiskKind[] = ['hdd', 'raid', 'virtual', 'ssd', 'nvme']

function slowest(nodes: readonly SnapshotNode[]): Sourced<DiskKind> | undefined {
  const kinds = nodes.map(node => ({ value: dataDiskOf(node)?.kind, from: `facts.disks of ${node.name}` }))
  const ranked = kinds
    .flatMap(({ value, from }) => (value === undefined ? [] : [{ value, from }]))
    .sort((left, right) => SPEED.indexOf(left.value) - SPEED.indexOf(right.value))
  return kinds.some(kind => kind.value === undefined) ? undefined : ranked[0]
}

/** Every cluster with a member on the node, this one included. */
function clustersOn(node: SnapshotNode, { spec, allocations }: CapacityInput): readonly ClusterSpec[] {
  return spec.clusters.filter(cluster =>
    allocations.clusters[cluster.name]?.members.some(member => member.nodeId === node.id),
  )
}

function sharing(count: number): string {
  return count > 1 ? `, shared by ${count} instances` : ''
}

function least(values: readonly Sourced<number>[]): Sourced<number> | undefined {
  return values.reduce<Sourced<number> | undefined>(
    (best, value) => (best === undefined || value.value < best.value ? value : best),
    undefined,
  )
}
