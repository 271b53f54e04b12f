import type { Workload } from '../../../shared/domain/spec.ts'
import { pgSize } from '../pg-units.ts'
import type { Sourced, TunedSetting } from './tuned-setting.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** One member's share of its data file system in bytes, divided so that the parts add up to it. */
export interface DiskBudget {
  /** Left free: the fleet's limit on disks. */
  readonly free: number
  /** WAL between checkpoints. */
  readonly wal: number
  /** WAL that is kept for standbys and consumers that are away. */
  readonly slots: number
  /** Files of queries that do not fit into work_mem. */
  readonly temporary: number
  /** WAL that waits for the archive, and what a backup keeps beside the data. */
  readonly spool: number
  readonly data: number
}

/** Queries that spill at the same time; temp_file_limit counts for each process alone. */
const SPILLING_QUERIES = 2

export function diskBudget(diskBytes: number, workload: Workload, limit: number): DiskBudget {
  const usable = diskBytes * limit
  const wal = Math.min(usable * 0.1, 64 * GIB)
  const slots = Math.min(usable * 0.15, 256 * GIB)
  const temporary = Math.min(usable * (workload === 'olap' ? 0.2 : 0.1), (workload === 'olap' ? 800 : 200) * GIB)
  const spool = Math.min(usable * 0.05, 32 * GIB)
  return {
    free: diskBytes - usable,
    wal,
    slots,
    temporary,
    spool,
    data: usable - wal - slots - temporary - spool,
  }
}

/** WAL is the same amount on every member, so the smallest disk decides. */
export function walSettings({
  disk,
  workload,
  limit,
}: {
  readonly disk: Sourced<number>
  readonly workload: Workload
  readonly limit: number
}): readonly TunedSetting[] {
  const budget = diskBudget(disk.value, workload, limit)
  const parts = `${percent(limit)} of ${pgSize(disk.value)}: data ${pgSize(budget.data)}, WAL ${pgSize(budget.wal)}, slots ${pgSize(budget.slots)}, temporary files ${pgSize(budget.temporary)}, archive and backup ${pgSize(budget.spool)}`
  const wal = Math.max(budget.wal, LEAST_WAL)
  const rows: readonly (readonly [string, number, string])[] = [
    ['max_wal_size', wal, `the share for WAL in ${parts}`],
    ['min_wal_size', Math.max(wal / 4, LEAST_WAL / 2), 'a quarter of max_wal_size is kept for the next burst'],
    [
      'max_slot_wal_keep_size',
      budget.slots,
      `a standby that is away for longer must not fill the disk; the share for slots in ${parts}`,
    ],
  ]
  return rows.map(([name, bytes, because]) => ({ name, value: pgSize(bytes), because, from: disk.from }))
}

export function temporaryFileLimit({
  disk,
  workload,
  limit,
}: {
  readonly disk: Sourced<number>
  readonly workload: Workload
  readonly limit: number
}): TunedSetting {
  const { temporary } = diskBudget(disk.value, workload, limit)
  return {
    name: 'temp_file_limit',
    value: pgSize(temporary / SPILLING_QUERIES),
    because: `${SPILLING_QUERIES} queries may spill at once within the ${pgSize(temporary)} for temporary files`,
    from: disk.from,
  }
}

/** PostgreSQL refuses less than two WAL segments (16 MB each) for min_wal_size; four are the least to work with. */
const LEAST_WAL = 64 * MIB

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
