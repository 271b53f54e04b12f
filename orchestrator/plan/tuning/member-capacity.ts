import type { Allocations, ClusterAllocation, MemberAllocation, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../../shared/domain/spec.ts'
import { dataDiskOf } from '../node-view.ts'
import { coresOf, coresOfOneNumaNode, hardwareThreadsOf } from './effective-cores.ts'
import { memoryShare, tenantsOf } from './memory-share.ts'
import { type Storage, storageOf } from './storage.ts'
import type { Sourced } from './tuned-setting.ts'

/** What one member may count on, and where each figure comes from. */
export interface MemberCapacity {
  readonly member: MemberAllocation
  readonly memoryBytes: Sourced<number>
  /** The same before members with nearly as much were made alike. */
  readonly memoryShare: Sourced<number>
  /** Its share of the node's cores; hardware threads that share one count for a quarter. */
  readonly cores: Sourced<number>
  /** All hardware threads of the node. */
  readonly nodeThreads: Sourced<number>
  /** Cores of one NUMA node, where there are several. */
  readonly numaCores?: Sourced<number>
  /** Share of the data file system; absent while unknown. */
  readonly diskBytes?: Sourced<number>
  readonly storage?: Sourced<Storage>
}

export interface CapacityInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly allocations: Allocations
  readonly cluster: ClusterSpec
  readonly allocation: ClusterAllocation
}

/** The members whose nodes report memory and CPU, the one with the least memory first. */
export function capacitiesOf(input: CapacityInput): readonly MemberCapacity[] {
  return level(input.allocation.members.flatMap(member => capacityOf(member, input) ?? [])).toSorted(
    (left, right) =>
      left.memoryBytes.value - right.memoryBytes.value ||
      left.cores.value - right.cores.value ||
      left.member.number - right.member.number,
  )
}

function capacityOf(member: MemberAllocation, input: CapacityInput): MemberCapacity | undefined {
  const node = input.snapshot.nodes.find(each => each.id === member.nodeId)
  if (node === undefined) return undefined
  const memoryBytes = memoryShare(node, member.instance, input)
  const cores = coresOf(node)
  const threads = hardwareThreadsOf(node)
  if (memoryBytes === undefined || cores === undefined || threads === undefined) return undefined
  const neighbours = tenantsOf(node, input).length
  const sharing = neighbours > 1 ? `, shared by ${neighbours} instances` : ''
  const disk = dataDiskOf(node)
  const storage = storageOf(node)
  const numa = coresOfOneNumaNode(node)
  const { resources, name } = input.cluster
  return {
    member,
    memoryBytes,
    memoryShare: memoryBytes,
    cores: share({
      whole: cores,
      neighbours,
      demand: resources.cores,
      path: `clusters.${name}.resources.cores`,
      least: 1,
    }),
    nodeThreads: threads,
    ...(numa === undefined ? {} : { numaCores: numa }),
    ...(disk === undefined
      ? {}
      : {
          diskBytes: share({
            whole: { value: disk.sizeBytes, from: `file system ${disk.mount} of ${node.name}` },
            neighbours,
            demand: resources.diskBytes,
            path: `clusters.${name}.resources.disk`,
            least: 0,
          }),
        }),
    ...(storage === undefined ? {} : { storage: { ...storage, from: storage.from + sharing } }),
  }
}

/** An even share of what the node has, at most what the file demands. */
function share({
  whole,
  neighbours,
  demand,
  path,
  least,
}: {
  readonly whole: Sourced<number>
  readonly neighbours: number
  readonly demand: number | undefined
  readonly path: string
  readonly least: number
}): Sourced<number> {
  const even = Math.max(least, whole.value / neighbours)
  if (demand !== undefined && demand < even) return { value: Math.max(least, demand), from: path }
  return { value: even, from: neighbours > 1 ? `${whole.from}, shared by ${neighbours} instances` : whole.from }
}

/** Hosts of one kind never report quite the same memory: what is within a tenth of the least counts as the least. */
function level(members: readonly MemberCapacity[]): readonly MemberCapacity[] {
  const least = members.toSorted((left, right) => left.memoryBytes.value - right.memoryBytes.value)[0]?.memoryBytes
  return members.map(member =>
    least !== undefined && member.memoryBytes.value <= least.value * 1.1 ? { ...member, memoryBytes: least } : member,
  )
}
