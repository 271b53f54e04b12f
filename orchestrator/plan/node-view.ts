import { type DiskFacts, type DiskKind, type Fact, factOr } from '../../shared/domain/facts.ts'
import type { SnapshotNode } from '../../shared/domain/snapshot.ts'

/** Everything of Drover on a host lives below this directory; its file system is the one that counts. */
export const DATA_ROOT = '/var/lib/drover'

export function memoryOf(node: SnapshotNode): number | undefined {
  const memory = node.facts?.memory
  return memory === undefined ? undefined : (valueOf(memory.effectiveBytes) ?? valueOf(memory.totalBytes))
}

/** Hardware threads that the host may really use. */
export function threadsOf(node: SnapshotNode): number | undefined {
  const cpu = node.facts?.cpu
  return cpu === undefined ? undefined : (valueOf(cpu.effective) ?? valueOf(cpu.threads) ?? valueOf(cpu.cores))
}

export interface DataDisk {
  readonly mount: string
  readonly sizeBytes: number
  readonly availableBytes: number
  readonly kind: DiskKind | undefined
  /** The disk below, where it is known. */
  readonly disk?: DiskFacts
  readonly source: string
}

/** The file system that holds PostgreSQL's data, with the kind of disk below it where that is known. */
export function dataDiskOf(node: SnapshotNode): DataDisk | undefined {
  const below = (node.facts?.filesystems ?? []).filter(each => isBelow(DATA_ROOT, each.mount))
  const [filesystem] = [...below].sort((left, right) => right.mount.length - left.mount.length)
  if (filesystem === undefined) return undefined
  const device = filesystem.device.replace(/^\/dev\//, '')
  const disk = node.facts?.disks.find(
    each => device === each.name || (device.startsWith(each.name) && /^p?\d+$/.test(device.slice(each.name.length))),
  )
  return {
    mount: filesystem.mount,
    sizeBytes: filesystem.sizeBytes,
    availableBytes: filesystem.availableBytes,
    kind: disk === undefined ? undefined : valueOf(disk.kind),
    ...(disk === undefined ? {} : { disk }),
    source: filesystem.source,
  }
}

/**
 * What members of one cluster must share (S7): PostgreSQL sorts text by the C library and ICU and stores bytes in the CPU's order.
 * An unknown part is compared as unknown.
 */
export function platformOf(node: SnapshotNode): string {
  return `${baseOf(node)}, ICU ${icuOf(node) ?? 'unknown'}`
}

/**
 * The platform that each node has, or will have with its first member: ICU comes with PostgreSQL's packages, from the same release as
 * on nodes that are otherwise the same. Where those do not agree, or more than ICU is unknown, it stays unknown.
 */
export function platformsAmong(nodes: readonly SnapshotNode[]): (node: SnapshotNode) => string {
  const known = new Map<string, Set<string>>()
  for (const node of nodes)
    if (icuOf(node) !== undefined) known.set(baseOf(node), (known.get(baseOf(node)) ?? new Set()).add(platformOf(node)))
  return node => {
    const base = baseOf(node)
    const [only, ...others] = known.get(base) ?? []
    const isPlain = icuOf(node) === undefined && only !== undefined && others.length === 0 && !base.includes('unknown')
    return isPlain ? only : platformOf(node)
  }
}

function baseOf({ os, facts }: SnapshotNode): string {
  const glibc = facts === undefined ? 'unknown' : factOr(facts.glibc, 'unknown')
  const architecture = facts === undefined ? 'unknown' : factOr<string>(facts.architecture, 'unknown')
  return `${os ?? 'unknown OS'} ${architecture}, glibc ${majorMinor(glibc)}`
}

function icuOf({ facts }: SnapshotNode): string | undefined {
  const version = facts === undefined ? undefined : valueOf(facts.icu)
  return version === undefined ? undefined : majorMinor(version)
}

/** `2.41` of `2.41-12+deb13u1`: patches of a distribution do not change a collation. */
export function majorMinor(version: string): string {
  return /^\d+(\.\d+)?/.exec(version)?.[0] ?? version
}

function valueOf<T>(fact: Fact<T>): T | undefined {
  return 'unknown' in fact ? undefined : fact.value
}

function isBelow(path: string, mount: string): boolean {
  return mount === '/' || path === mount || path.startsWith(`${mount}/`)
}
