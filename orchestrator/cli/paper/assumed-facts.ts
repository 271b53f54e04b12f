import {
  type DiskFacts,
  type DiskKind,
  type FilesystemFacts,
  known,
  type NodeFacts,
  unknown,
} from '../../../shared/domain/facts.ts'

/** What a person says of a host: enough to plan with. */
export interface StatedHardware {
  readonly cores: number
  /** Hardware threads; absent: one for each core. */
  readonly threads?: number
  readonly memoryBytes: number
  readonly disks: readonly StatedDisk[]
  /** Of the disk that PostgreSQL gets. */
  readonly fsync?: { readonly p50Micros: number; readonly p99Micros: number }
}

export interface StatedDisk {
  readonly name?: string
  readonly kind?: DiskKind
  readonly sizeBytes?: number
  /** What others keep on it. Absent: it is empty. */
  readonly usedBytes?: number
}

const SOURCE = 'assumed'
const NOT_STATED = unknown('not stated')
const DATA_MOUNT = '/var/lib/drover'

/** Libraries that decide about collation, as each OS ships them. */
const LIBRARIES: Readonly<Record<string, { readonly glibc: string; readonly icu: string }>> = {
  debian13: { glibc: '2.41', icu: '76.1' },
  debian12: { glibc: '2.36', icu: '72.1' },
}

/** Fastest first: where a person would put the data. */
const BY_SPEED: readonly DiskKind[] = ['nvme', 'ssd', 'raid', 'virtual', 'hdd']

/** Facts of a host that no agent has seen. Every one names `assumed` as its source; whatever was not stated is unknown. */
export function assumedFacts(host: {
  readonly name: string
  readonly os: string
  readonly architecture: 'amd64' | 'arm64'
  readonly hardware: StatedHardware
}): NodeFacts {
  const { name, os, architecture, hardware } = host
  const [, id, versionId] = /^([a-z]+)(.*)$/.exec(os) ?? []
  const libraries = LIBRARIES[os]
  const threads = hardware.threads ?? hardware.cores
  return {
    hostname: name,
    machineId: NOT_STATED,
    os: { id: stated(id), versionId: stated(versionId), codename: NOT_STATED, name: NOT_STATED },
    kernel: NOT_STATED,
    architecture: known(architecture, SOURCE),
    glibc: stated(libraries?.glibc),
    icu: stated(libraries?.icu),
    virtualization: NOT_STATED,
    cpu: {
      model: NOT_STATED,
      sockets: NOT_STATED,
      cores: known(hardware.cores, SOURCE),
      threads: known(threads, SOURCE),
      effective: known(threads, SOURCE),
    },
    numa: [],
    memory: {
      totalBytes: known(hardware.memoryBytes, SOURCE),
      effectiveBytes: known(hardware.memoryBytes, SOURCE),
      swapBytes: NOT_STATED,
      hugepages: NOT_STATED,
    },
    cgroup: { version: NOT_STATED, cpuQuota: NOT_STATED, memoryLimitBytes: NOT_STATED },
    disks: hardware.disks.map(diskFacts),
    filesystems: dataFilesystem(hardware.disks),
    network: [],
    system: { vendor: NOT_STATED, product: NOT_STATED, serial: NOT_STATED, uuid: NOT_STATED },
    clock: { synchronized: NOT_STATED, source: NOT_STATED },
    packages: [],
    ...(hardware.fsync === undefined ? {} : { fsync: fsyncFacts(hardware.fsync) }),
  }
}

function diskFacts(disk: StatedDisk, index: number): DiskFacts {
  return {
    name: diskName(disk, index),
    kind: stated(disk.kind),
    sizeBytes: stated(disk.sizeBytes),
    model: NOT_STATED,
    serial: NOT_STATED,
    rotational: stated(disk.kind === undefined ? undefined : disk.kind === 'hdd'),
    writeCache: NOT_STATED,
    logicalBlockBytes: NOT_STATED,
    physicalBlockBytes: NOT_STATED,
    scheduler: NOT_STATED,
    numaNode: NOT_STATED,
  }
}

/** The fastest kind of disk holds the data, the largest of them, the first of these. */
function dataFilesystem(disks: readonly StatedDisk[]): readonly FilesystemFacts[] {
  const [best] = disks
    .flatMap((disk, index) => (disk.sizeBytes === undefined ? [] : [{ disk, sizeBytes: disk.sizeBytes, index }]))
    .sort(
      (left, right) =>
        speedRank(left.disk) - speedRank(right.disk) || right.sizeBytes - left.sizeBytes || left.index - right.index,
    )
  if (best === undefined) return []
  const { disk, sizeBytes, index } = best
  return [
    {
      mount: DATA_MOUNT,
      device: `/dev/${diskName(disk, index)}`,
      type: 'ext4',
      sizeBytes,
      availableBytes: Math.max(0, sizeBytes - (disk.usedBytes ?? 0)),
      options: [],
      source: SOURCE,
    },
  ]
}

function speedRank({ kind }: StatedDisk): number {
  return kind === undefined ? BY_SPEED.length : BY_SPEED.indexOf(kind)
}

function diskName({ name }: StatedDisk, index: number): string {
  return name ?? `disk${index + 1}`
}

function fsyncFacts({ p50Micros, p99Micros }: NonNullable<StatedHardware['fsync']>): NonNullable<NodeFacts['fsync']> {
  return {
    path: DATA_MOUNT,
    samples: 0,
    p50Micros,
    p99Micros,
    maxMicros: p99Micros,
    direct: true,
    takenAt: SOURCE,
  }
}

function stated<T>(value: T | undefined) {
  return value === undefined ? NOT_STATED : known(value, SOURCE)
}
