/** A fact says where it was read; an unknown is unknown and says why, it is never guessed. */
export type Fact<T> = { readonly value: T; readonly source: string } | { readonly unknown: string }

export function known<T>(value: T, source: string): Fact<T> {
  return { value, source }
}

export function unknown(reason: string): Fact<never> {
  return { unknown: reason }
}

/** The value, or the fallback when the fact is unknown. */
export function factOr<T>(fact: Fact<T>, fallback: T): T {
  return 'unknown' in fact ? fallback : fact.value
}

export type DiskKind = 'nvme' | 'ssd' | 'hdd' | 'virtual' | 'raid'

export interface DiskFacts {
  /** Kernel name without /dev: `nvme0n1`. */
  readonly name: string
  readonly kind: Fact<DiskKind>
  readonly sizeBytes: Fact<number>
  readonly model: Fact<string>
  readonly serial: Fact<string>
  readonly rotational: Fact<boolean>
  /** Volatile write cache in front of the medium: `write back` loses data on power loss unless the drive has power-loss protection. */
  readonly writeCache: Fact<'write back' | 'write through'>
  readonly logicalBlockBytes: Fact<number>
  readonly physicalBlockBytes: Fact<number>
  readonly scheduler: Fact<string>
  readonly numaNode: Fact<number>
  /** For raid: level and member disks. */
  readonly raid?: { readonly level: string; readonly members: readonly string[] }
}

export interface FilesystemFacts {
  readonly mount: string
  readonly device: string
  readonly type: string
  readonly sizeBytes: number
  readonly availableBytes: number
  readonly options: readonly string[]
  readonly source: string
}

export interface NetworkFacts {
  readonly name: string
  readonly addresses: readonly string[]
  readonly mac: Fact<string>
  readonly speedMbps: Fact<number>
  readonly mtu: Fact<number>
  readonly up: Fact<boolean>
}

export interface NumaNodeFacts {
  readonly id: number
  readonly cpus: readonly number[]
  readonly memoryBytes: Fact<number>
  readonly distances: readonly number[]
}

/** Result of the bounded fsync probe (at most 64 MiB and 5 s): 8 KiB writes, each followed by fdatasync. */
export interface FsyncProbe {
  readonly path: string
  readonly samples: number
  readonly p50Micros: number
  readonly p99Micros: number
  readonly maxMicros: number
  readonly direct: boolean
  readonly takenAt: string
  /** Set when the figures cannot be true for a durable medium (p50 below 30 µs on a write-back cache). */
  readonly suspicious?: string
}

export interface PackageFact {
  readonly name: string
  readonly version: string
  readonly architecture: string
}

/** What a node is. Content-addressed: the agent sends the body only when its hash changes. */
export interface NodeFacts {
  readonly hostname: string
  readonly machineId: Fact<string>
  readonly os: {
    readonly id: Fact<string>
    readonly versionId: Fact<string>
    readonly codename: Fact<string>
    readonly name: Fact<string>
  }
  readonly kernel: Fact<string>
  readonly architecture: Fact<'amd64' | 'arm64'>
  readonly glibc: Fact<string>
  readonly icu: Fact<string>
  readonly virtualization: Fact<'none' | 'vm' | 'container'>
  readonly cpu: {
    readonly model: Fact<string>
    readonly sockets: Fact<number>
    /** Physical cores. */
    readonly cores: Fact<number>
    /** Hardware threads: cores × SMT. */
    readonly threads: Fact<number>
    /** min(hardware, cpuset, quota): what this host may really use, in threads; may be fractional. */
    readonly effective: Fact<number>
  }
  readonly numa: readonly NumaNodeFacts[]
  readonly memory: {
    readonly totalBytes: Fact<number>
    /** min(hardware, cgroup limits). */
    readonly effectiveBytes: Fact<number>
    readonly swapBytes: Fact<number>
    readonly hugepages: Fact<{ readonly sizeBytes: number; readonly total: number; readonly free: number }>
  }
  readonly cgroup: {
    readonly version: Fact<'v1' | 'v2' | 'hybrid'>
    readonly cpuQuota: Fact<number | null>
    readonly memoryLimitBytes: Fact<number | null>
  }
  readonly disks: readonly DiskFacts[]
  readonly filesystems: readonly FilesystemFacts[]
  readonly network: readonly NetworkFacts[]
  readonly system: {
    readonly vendor: Fact<string>
    readonly product: Fact<string>
    readonly serial: Fact<string>
    readonly uuid: Fact<string>
  }
  readonly clock: { readonly synchronized: Fact<boolean>; readonly source: Fact<string> }
  readonly packages: readonly PackageFact[]
  readonly fsync?: FsyncProbe
}
