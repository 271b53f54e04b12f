import type { ClusterAllocation } from '../../../shared/domain/snapshot.ts'
import type { Workload } from '../../../shared/domain/spec.ts'
import type { Storage } from './storage.ts'
import type { Sourced, TunedSetting } from './tuned-setting.ts'

/** The slowest median fsync among the members' nodes, as it was known when the cluster was made. */
export type MeasuredFsync = NonNullable<ClusterAllocation['fsync']>

export interface StorageInput {
  readonly storage: Sourced<Storage> | undefined
  readonly fsync: MeasuredFsync | undefined
  readonly workload: Workload
}

/** Costs and depth of reads, and the pace of vacuum, by what the disk is and how fast it answers. Nothing from what is not known. */
export function storageSettings(input: StorageInput): readonly TunedSetting[] {
  const latency = readLatency(input)
  if (latency === undefined) return []
  const cost = randomPageCost(latency.micros)
  const depth = readDepth(input, latency.micros)
  const rows: readonly (readonly [string, number, string])[] = [
    [
      'random_page_cost',
      cost,
      `${latency.because}: a random read takes about ${Math.round(latency.micros)} µs; PostgreSQL's 4 stands for 8 ms`,
    ],
    ['effective_io_concurrency', depth, `reads that the disk can serve at once (${latency.because})`],
    ['maintenance_io_concurrency', depth, `reads that the disk can serve at once (${latency.because})`],
    [
      'vacuum_cost_limit',
      vacuumCostLimit(input.workload, latency.micros),
      `vacuum keeps up without filling the disk's queue (${latency.because})`,
    ],
  ]
  return rows.map(([name, value, because]) => ({ name, value: String(value), because, from: latency.from }))
}

/**
 * PostgreSQL's manual on commit_delay: half of the time that one flush takes is a good start. Only where flushing is slow
 * enough that waiting for company pays.
 */
export function commitSettings(fsync: MeasuredFsync | undefined): readonly TunedSetting[] {
  if (fsync === undefined || fsync.p50Micros < 1000) return []
  const from = `facts.fsync of ${fsync.node}`
  return [
    {
      name: 'commit_delay',
      value: String(Math.min(5000, Math.round(fsync.p50Micros / 2))),
      because: `half of one flush (${Math.round(fsync.p50Micros)} µs), so that commits share it`,
      from,
    },
    { name: 'commit_siblings', value: '10', because: 'only while ten transactions are open is there company', from },
  ]
}

/** What one random read of 8 KiB takes on common disks of a kind. */
const READ_MICROS: Readonly<Record<Exclude<Storage['kind'], 'virtual'>, number>> = { nvme: 100, ssd: 150, hdd: 8000 }

interface ReadLatency {
  readonly micros: number
  readonly because: string
  readonly from: string
}

/** Microseconds of one random read: what the kind of disk says, or for a disk that could be anything the measured flush. */
function readLatency({ storage, fsync }: StorageInput): ReadLatency | undefined {
  const kind = storage?.value.kind
  if (storage !== undefined && kind !== undefined && kind !== 'virtual') {
    const { disks } = storage.value
    return {
      micros: READ_MICROS[kind],
      because: disks > 1 ? `${disks} disks of kind ${kind}` : `a disk of kind ${kind}`,
      from: storage.from,
    }
  }
  if (fsync === undefined) return undefined
  return {
    micros: fsync.p50Micros,
    because: `a disk of ${kind === undefined ? 'unknown' : 'virtual'} kind that flushes in ${Math.round(fsync.p50Micros)} µs`,
    from: `facts.fsync of ${fsync.node}`,
  }
}

/**
 * Between 1 (a random read costs what a sequential one does) and PostgreSQL's 4, which is made for a disk that takes 8 ms:
 * linear in latency, at least 1.1.
 */
function randomPageCost(micros: number): number {
  return Math.round(10 * Math.min(4, Math.max(1.1, 1 + (3 * micros) / 8000))) / 10
}

/** Spinning disks serve two requests each; flash serves many, and a disk behind a network needs many to hide its latency. */
function readDepth({ storage }: StorageInput, micros: number): number {
  if (storage?.value.kind === 'hdd') return 2 * storage.value.disks
  return micros > 2000 ? 64 : 200
}

/** Autovacuum pauses 2 ms each time it has spent this much: 200 is PostgreSQL's own, made for spinning disks. */
function vacuumCostLimit(workload: Workload, micros: number): number {
  if (micros >= 4000) return 400
  if (micros >= 1000) return 1000
  return workload === 'olap' ? 10_000 : 2000
}
