import { type DiskFacts, type DiskKind, factOr } from '../../../shared/domain/facts.ts'
import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { dataDiskOf } from '../node-view.ts'
import type { Sourced } from './tuned-setting.ts'

/**
 * What the data lies on: the kind of disk, a RAID being what its slowest member is, and how many disks serve reads. An
 * array behind a controller shows no members; like a virtual disk it is judged by its latency, unless it says that it spins.
 */
export interface Storage {
  readonly kind: Exclude<DiskKind, 'raid'>
  readonly disks: number
}

/** Undefined when the disk below the data, or a member of its RAID, is of unknown kind. */
export function storageOf(node: SnapshotNode): Sourced<Storage> | undefined {
  const disk = dataDiskOf(node)?.disk
  if (disk === undefined) return undefined
  const members = disk.raid === undefined ? [disk] : disk.raid.members.flatMap(name => findDisk(node, name) ?? [])
  if (disk.raid !== undefined && members.length < disk.raid.members.length) return undefined
  const kinds = members.map(kindOf)
  const slowest = SLOWEST_FIRST.find(kind => kinds.includes(kind))
  if (slowest === undefined || kinds.includes(undefined)) return undefined
  return { value: { kind: slowest, disks: members.length }, from: `facts.disks of ${node.name}` }
}

function kindOf({ kind, rotational }: DiskFacts): Storage['kind'] | undefined {
  const known = factOr<DiskKind | undefined>(kind, undefined)
  if (known !== 'raid') return known
  return factOr(rotational, false) ? 'hdd' : 'virtual'
}

const SLOWEST_FIRST: readonly Storage['kind'][] = ['hdd', 'virtual', 'ssd', 'nvme']

function findDisk(node: SnapshotNode, name: string): DiskFacts | undefined {
  const plain = name.replace(/^\/dev\//, '')
  return node.facts?.disks.find(
    disk => plain === disk.name || (plain.startsWith(disk.name) && /^p?\d+$/.test(plain.slice(disk.name.length))),
  )
}
