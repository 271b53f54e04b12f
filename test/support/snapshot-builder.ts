import { known, type NodeFacts, unknown } from '../../shared/domain/facts.ts'
import type { Manifest } from '../../shared/domain/manifest.ts'
import type { NodeObservation } from '../../shared/domain/observation.ts'
import type { Allocations, NodeState, Snapshot, SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'

const GIB = 1024 ** 3

export interface NodeSketch {
  readonly name: string
  readonly os?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly state?: NodeState
  readonly memoryBytes?: number
  readonly threads?: number
  readonly diskBytes?: number
  readonly diskKind?: 'nvme' | 'ssd' | 'hdd' | 'virtual'
  readonly glibc?: string
  readonly fsyncMicros?: number
  readonly suspicious?: string
  /** False: enrolled, but no facts yet. */
  readonly facts?: boolean
}

/** A ready Debian 13 node with 4 threads, 16 GiB and a 200 GiB NVMe disk, unless the sketch says otherwise. */
export function aNode(sketch: NodeSketch): SnapshotNode {
  const { name, os = 'debian13', labels = {}, state = 'ready' } = sketch
  const base = { id: `id-${name}`, name, state, address: addressOf(name), labels }
  return sketch.facts === false ? base : { ...base, os, facts: factsOf(sketch) }
}

export function nodes(count: number, sketch: Omit<NodeSketch, 'name'> = {}): readonly SnapshotNode[] {
  return Array.from({ length: count }, (_, index) => aNode({ ...sketch, name: `node-${index + 1}` }))
}

export interface SnapshotSketch {
  readonly nodes: readonly SnapshotNode[]
  readonly allocations?: Allocations
  readonly appliedSpec?: FleetSpec
  readonly packages?: Snapshot['packages']
}

export function aSnapshot({ nodes, allocations, appliedSpec, packages }: SnapshotSketch): Snapshot {
  return {
    revision: 7,
    now: Date.UTC(2026, 0, 1),
    fleet: { id: '0190-fleet', name: 'test' },
    nodes,
    allocations: allocations ?? { etcd: null, clusters: {} },
    ...(appliedSpec === undefined ? {} : { appliedSpec }),
    packages: packages ?? { debian13: offered(17), debian12: offered(15) },
    repository: {
      urls: { debian13: 'http://10.10.10.1:7443/debian13', debian12: 'http://10.10.10.1:7443/debian12' },
      suite: 'drover',
      key: 'KEY',
    },
  }
}

/** Package versions as an OS with this PostgreSQL offers them. */
export function offered(major: number): Readonly<Record<string, string>> {
  const names = ['etcd-server', 'etcd-client', 'patroni', 'python3-etcd', 'haproxy', 'pgbouncer']
  const extensions = ['pgvector', 'cron', 'postgis-3', 'partman'].map(name => `postgresql-${major}-${name}`)
  return Object.fromEntries(
    [...names, `postgresql-${major}`, `postgresql-client-${major}`, ...extensions].map(name => [name, `${major}.4-1`]),
  )
}

/** The node after its converge: what it has, and what it is seen doing. */
export function after(node: SnapshotNode, manifest: Manifest, observation?: NodeObservation): SnapshotNode {
  return { ...node, manifest, ...(observation === undefined ? {} : { observation }) }
}

function addressOf(name: string): string {
  return `10.10.10.${10 + (Number(/\d+$/.exec(name)?.[0] ?? 0) % 240)}`
}

function factsOf(sketch: NodeSketch): NodeFacts {
  const {
    name,
    memoryBytes = 16 * GIB,
    threads = 4,
    diskBytes = 200 * GIB,
    diskKind = 'nvme',
    glibc = '2.41-12',
  } = sketch
  const source = 'test'
  const nothing = unknown('not part of the test')
  return {
    hostname: name,
    machineId: nothing,
    os: { id: known('debian', source), versionId: nothing, codename: nothing, name: nothing },
    kernel: nothing,
    architecture: known('amd64', source),
    glibc: known(glibc, source),
    icu: known('76.1', source),
    virtualization: known('none', source),
    cpu: {
      model: nothing,
      sockets: nothing,
      cores: nothing,
      threads: known(threads, source),
      effective: known(threads, source),
    },
    numa: [],
    memory: {
      totalBytes: known(memoryBytes, source),
      effectiveBytes: known(memoryBytes, source),
      swapBytes: nothing,
      hugepages: nothing,
    },
    cgroup: { version: known('v2', source), cpuQuota: known(null, source), memoryLimitBytes: known(null, source) },
    disks: [
      {
        name: 'nvme0n1',
        kind: known(diskKind, source),
        sizeBytes: known(diskBytes, source),
        model: nothing,
        serial: nothing,
        rotational: nothing,
        writeCache: nothing,
        logicalBlockBytes: nothing,
        physicalBlockBytes: nothing,
        scheduler: nothing,
        numaNode: nothing,
      },
    ],
    filesystems: [
      {
        mount: '/',
        device: '/dev/nvme0n1p2',
        type: 'ext4',
        sizeBytes: diskBytes,
        availableBytes: diskBytes,
        options: [],
        source,
      },
    ],
    network: [],
    system: { vendor: nothing, product: nothing, serial: nothing, uuid: nothing },
    clock: { synchronized: nothing, source: nothing },
    packages: [],
    ...(sketch.fsyncMicros === undefined && sketch.suspicious === undefined
      ? {}
      : {
          fsync: {
            path: '/var/lib/drover',
            samples: 100,
            p50Micros: sketch.fsyncMicros ?? 20,
            p99Micros: 3 * (sketch.fsyncMicros ?? 20),
            maxMicros: 9 * (sketch.fsyncMicros ?? 20),
            direct: true,
            takenAt: '2026-01-01T00:00:00Z',
            ...(sketch.suspicious === undefined ? {} : { suspicious: sketch.suspicious }),
          },
        }),
  }
}
