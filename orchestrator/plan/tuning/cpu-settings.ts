import type { Workload } from '../../../shared/domain/spec.ts'
import type { MemberCapacity } from './member-capacity.ts'
import type { Sourced, TunedSetting } from './tuned-setting.ts'

const MIB = 1024 ** 2

/** A parallel worker may sort and hash like a backend; more of them than the memory can feed would starve the connections. */
const BYTES_PER_WORKER = 64 * MIB

/** Parallel workers of one member, by its share of cores. */
export function cpuSettings(workload: Workload, capacity: MemberCapacity): readonly TunedSetting[] {
  const { cores, memoryBytes, numaCores } = capacity
  const count = Math.max(1, Math.floor(cores.value))
  const share = PARALLEL_SHARE[workload]
  const byCores = Math.max(workload === 'tiny' ? 1 : 2, Math.ceil(count * share))
  const byMemory = Math.max(1, Math.floor(memoryBytes.value / BYTES_PER_WORKER))
  const parallel = Math.min(MOST_WORKERS, byCores, byMemory)
  const ofQuery = Math.min(parallel, gatherWorkers(workload, count))
  const gather = Math.min(ofQuery, numaCores?.value ?? ofQuery)
  return [
    {
      name: 'max_parallel_workers',
      value: String(parallel),
      because:
        parallel < byCores
          ? 'one for each 64 MB of the memory budget'
          : `${Math.round(share * 100)} % of ${count} cores for ${workload}`,
      from: parallel < byCores ? memoryBytes.from : cores.from,
    },
    {
      name: 'max_parallel_workers_per_gather',
      value: String(gather),
      because: gatherReason({ workload, count, capped: gather < ofQuery }),
      from: gather < ofQuery && numaCores !== undefined ? numaCores.from : cores.from,
    },
    {
      name: 'max_parallel_maintenance_workers',
      value: String(Math.min(8, Math.max(workload === 'tiny' ? 1 : 2, Math.ceil(count / 3)))),
      because: 'a third of the cores, at most 8',
      from: cores.from,
    },
    { name: 'io_workers', ...ioWorkers(workload, count), from: cores.from },
  ]
}

/** Slots of background processes. A standby needs as many as its primary, so the largest node decides: a slot costs little. */
export function workerSlots(threads: Sourced<number>): TunedSetting {
  return {
    name: 'max_worker_processes',
    value: String(Math.min(MOST_WORKERS, Math.max(Math.ceil(threads.value) + 8, 16) + 8)),
    because: 'one a thread of the largest node and 16 for replication and extensions, at least 24',
    from: threads.from,
  }
}

/** PostgreSQL's limit for the settings on parallel workers. */
const MOST_WORKERS = 1024

const PARALLEL_SHARE: Readonly<Record<Workload, number>> = { oltp: 0.5, crit: 0.5, mixed: 0.5, olap: 0.8, tiny: 0.5 }

function gatherWorkers(workload: Workload, cores: number): number {
  if (workload === 'crit' || workload === 'tiny') return 0
  return workload === 'olap'
    ? Math.min(64, Math.max(2, Math.floor(cores / 2)))
    : Math.min(8, Math.max(2, Math.floor(cores / 5)))
}

function gatherReason({
  workload,
  count,
  capped,
}: {
  readonly workload: Workload
  readonly count: number
  readonly capped: boolean
}): string {
  if (capped) return 'no more than one NUMA node has: workers elsewhere read from afar'
  return workload === 'crit' || workload === 'tiny'
    ? `no parallel queries for ${workload}: one query must not slow the others`
    : `a share of ${count} cores for ${workload}`
}

/** PostgreSQL 18 reads through worker processes; its default of 3 suits a small machine. */
function ioWorkers(workload: Workload, cores: number): { readonly value: string; readonly because: string } {
  if (workload === 'tiny') return { value: '3', because: 'PostgreSQL has 3 for small machines' }
  const [share, least, most] = workload === 'olap' ? [0.5, 4, 32] : [0.25, 3, 16]
  const value = Math.min(most, Math.max(least, Math.ceil(cores * share)))
  return { value: String(value), because: `${share * 100} % of ${cores} cores, ${least} to ${most}` }
}
