import { z } from 'zod'
import type { NodeFacts } from '../../../shared/domain/facts.ts'

const text = fact(z.string())
const bytes = fact(z.number().nonnegative())
const count = fact(z.number().nonnegative())
const flag = fact(z.boolean())

const disk = z.looseObject({
  name: z.string(),
  kind: fact(z.enum(['nvme', 'ssd', 'hdd', 'virtual', 'raid'])),
  sizeBytes: bytes,
  model: text,
  serial: text,
  rotational: flag,
  writeCache: fact(z.enum(['write back', 'write through'])),
  logicalBlockBytes: bytes,
  physicalBlockBytes: bytes,
  scheduler: text,
  numaNode: fact(z.number()),
  raid: z.looseObject({ level: z.string(), members: z.array(z.string()) }).exactOptional(),
})

const filesystem = z.looseObject({
  mount: z.string().startsWith('/'),
  device: z.string(),
  type: z.string(),
  sizeBytes: z.number().nonnegative(),
  availableBytes: z.number().nonnegative(),
  options: z.array(z.string()),
  source: z.string(),
})

const network = z.looseObject({
  name: z.string(),
  addresses: z.array(z.string()),
  mac: text,
  speedMbps: count,
  mtu: count,
  up: flag,
})

const numaNode = z.looseObject({
  id: z.number(),
  cpus: z.array(z.number()),
  memoryBytes: bytes,
  distances: z.array(z.number()),
})

const fsync = z.looseObject({
  path: z.string(),
  samples: z.number(),
  p50Micros: z.number().nonnegative(),
  p99Micros: z.number().nonnegative(),
  maxMicros: z.number().nonnegative(),
  direct: z.boolean(),
  takenAt: z.string(),
  suspicious: z.string().exactOptional(),
})

/** What an agent reports, as the domain's type has it: a file that was edited by hand is told where it is wrong. Facts of later versions pass. */
export const nodeFactsSchema: z.ZodType<NodeFacts> = z.looseObject({
  hostname: z.string(),
  machineId: text,
  os: z.looseObject({ id: text, versionId: text, codename: text, name: text }),
  kernel: text,
  architecture: fact(z.enum(['amd64', 'arm64'])),
  glibc: text,
  icu: text,
  virtualization: fact(z.enum(['none', 'vm', 'container'])),
  cpu: z.looseObject({ model: text, sockets: count, cores: count, threads: count, effective: count }),
  numa: z.array(numaNode),
  memory: z.looseObject({
    totalBytes: bytes,
    effectiveBytes: bytes,
    swapBytes: bytes,
    hugepages: fact(z.looseObject({ sizeBytes: z.number(), total: z.number(), free: z.number() })),
  }),
  cgroup: z.looseObject({
    version: fact(z.enum(['v1', 'v2', 'hybrid'])),
    cpuQuota: fact(z.number().nullable()),
    memoryLimitBytes: fact(z.number().nullable()),
  }),
  disks: z.array(disk),
  filesystems: z.array(filesystem),
  network: z.array(network),
  system: z.looseObject({ vendor: text, product: text, serial: text, uuid: text }),
  clock: z.looseObject({ synchronized: flag, source: text }),
  packages: z.array(z.looseObject({ name: z.string(), version: z.string(), architecture: z.string() })),
  fsync: fsync.exactOptional(),
})

/** A value with its source, or the reason why it is not known. */
function fact<T extends z.ZodType>(value: T) {
  return z.union([z.strictObject({ value, source: z.string() }), z.strictObject({ unknown: z.string() })], {
    error: 'must be { "value", "source" } of the right type, or { "unknown" }',
  })
}
