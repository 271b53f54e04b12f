import type { Workload } from '../../../shared/domain/spec.ts'
import { pgSize } from '../pg-units.ts'
import type { Capacity } from './member-capacity.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

export interface TunedSetting {
  readonly name: string
  readonly value: string
  readonly because: string
  readonly from: string
}

/** A parallel worker may sort and hash like a backend; more of them than the memory can feed would starve the connections. */
const BYTES_PER_WORKER = 64 * MIB

/** Workers by the hardware threads of the weakest member (reference/pigsty.md, section 3.1). */
export function cpuSettings(workload: Workload, { threads, memoryBytes }: Capacity): readonly TunedSetting[] {
  const count = Math.max(1, Math.floor(threads.value))
  const share = { oltp: 0.5, crit: 0.5, mixed: 0.5, olap: 0.8, tiny: 0.5 }[workload]
  const byThreads = Math.max(workload === 'tiny' ? 1 : 2, Math.ceil(count * share))
  const byMemory = Math.floor(memoryBytes.value / BYTES_PER_WORKER)
  const parallel = Math.min(1024, byThreads, Math.max(1, byMemory))
  const gather = Math.min(parallel, gatherWorkers(workload, count))
  const rows: readonly (readonly [string, number, string])[] = [
    [
      'max_worker_processes',
      Math.max(count + 8, 16) + 8,
      'one a thread and 16 for replication and extensions, at least 24',
    ],
    [
      'max_parallel_workers',
      parallel,
      parallel < byThreads
        ? 'one for each 64 MB of the memory budget'
        : `${Math.round(share * 100)} % of ${count} threads for ${workload}`,
    ],
    [
      'max_parallel_workers_per_gather',
      gather,
      gather === 0
        ? `no parallel queries for ${workload}: one query must not slow the others`
        : `a share of ${count} threads for ${workload}`,
    ],
    [
      'max_parallel_maintenance_workers',
      Math.min(8, Math.max(workload === 'tiny' ? 1 : 2, Math.ceil(count / 3))),
      'a third of the threads, at most 8',
    ],
  ]
  return rows.map(([name, value, because]) => ({ name, value: String(value), because, from: threads.from }))
}

function gatherWorkers(workload: Workload, threads: number): number {
  if (workload === 'crit' || workload === 'tiny') return 0
  return workload === 'olap'
    ? Math.min(64, Math.max(2, Math.floor(threads / 2)))
    : Math.min(8, Math.max(2, Math.floor(threads / 5)))
}

/** WAL by the size of the data file system, costs by the kind of disk. Nothing is set from what is not known. */
export function diskSettings(capacity: Capacity): readonly TunedSetting[] {
  return [...walSettings(capacity), ...costSettings(capacity), ...commitSettings(capacity)]
}

function walSettings({ diskBytes }: Capacity): readonly TunedSetting[] {
  if (diskBytes === undefined) return []
  const most = clamp(diskBytes.value * 0.1, 256 * MIB, 64 * GIB)
  const rows: readonly (readonly [string, number, string])[] = [
    ['min_wal_size', Math.max(most / 4, 80 * MIB), 'a quarter of max_wal_size'],
    ['max_wal_size', most, 'a tenth of the disk, 256 MB to 64 GB'],
    [
      'max_slot_wal_keep_size',
      clamp(diskBytes.value * 0.2, 512 * MIB, 256 * GIB),
      'a fifth of the disk: a standby that is away for long must not fill it',
    ],
    [
      'temp_file_limit',
      clamp(diskBytes.value * 0.1, GIB, 400 * GIB),
      'a tenth of the disk: one query must not fill it',
    ],
  ]
  return rows.map(([name, value, because]) => ({ name, value: pgSize(value), because, from: diskBytes.from }))
}

function costSettings({ diskKind, fsyncMicros }: Capacity): readonly TunedSetting[] {
  if (diskKind === undefined) return []
  const fast =
    diskKind.value === 'nvme' ||
    diskKind.value === 'ssd' ||
    (diskKind.value === 'virtual' && fsyncMicros !== undefined && fsyncMicros.value < 2000)
  if (fast) {
    const because =
      diskKind.value === 'virtual'
        ? 'a virtual disk that syncs as fast as flash'
        : `${diskKind.value}: random reads cost little more than sequential ones`
    return [
      { name: 'random_page_cost', value: '1.1', because, from: diskKind.from },
      { name: 'effective_io_concurrency', value: '200', because, from: diskKind.from },
      { name: 'maintenance_io_concurrency', value: '100', because, from: diskKind.from },
    ]
  }
  if (diskKind.value !== 'hdd') return []
  return [
    {
      name: 'effective_io_concurrency',
      value: '2',
      because: 'a spinning disk seeks for each request',
      from: diskKind.from,
    },
  ]
}

/** PostgreSQL's manual on commit_delay: half of the time that one flush takes is a good start. Only where flushing is slow. */
function commitSettings({ fsyncMicros }: Capacity): readonly TunedSetting[] {
  if (fsyncMicros === undefined || fsyncMicros.value < 1000) return []
  const delay = Math.min(5000, Math.round(fsyncMicros.value / 2))
  return [
    {
      name: 'commit_delay',
      value: String(delay),
      because: `half of one flush (${Math.round(fsyncMicros.value)} µs), so that commits share it`,
      from: fsyncMicros.from,
    },
  ]
}

/** What does not depend on hardware, by workload. */
export function workloadSettings(workload: Workload): readonly TunedSetting[] {
  const from = `workload ${workload}`
  const common: readonly (readonly [string, string, string])[] = [
    ['wal_level', 'logical', 'logical replication and change capture without a restart'],
    ['wal_log_hints', 'on', 'pg_rewind can bring an old primary back'],
    ['wal_compression', 'on', 'full pages shrink before they are written and sent'],
    ['max_wal_senders', '20', 'standbys, base backups and consumers'],
    ['max_replication_slots', '20', 'one a standby and some for consumers'],
    ['track_commit_timestamp', 'on', 'commits can be dated after a failover'],
    ['huge_pages', 'try', 'used where the system offers them'],
    ['checkpoint_timeout', '15min', 'fewer full-page images'],
    ['checkpoint_completion_target', '0.9', 'checkpoints spread over time'],
    ['hot_standby_feedback', 'on', 'the primary keeps rows that queries on standbys still see'],
    ['track_io_timing', 'on', 'slow queries can be explained'],
    ['log_checkpoints', 'on', 'checkpoints show in the log'],
    ['log_lock_waits', 'on', 'waits longer than deadlock_timeout show in the log'],
    ['log_autovacuum_min_duration', '1s', 'long vacuums show in the log'],
    ['autovacuum_vacuum_scale_factor', '0.08', 'large tables are vacuumed before they bloat'],
    ['autovacuum_analyze_scale_factor', '0.04', 'statistics follow the data'],
    ['vacuum_cost_limit', '2000', 'vacuum keeps up on current disks'],
  ]
  return [...common, ...OF_WORKLOAD[workload]].map(([name, value, because]) => ({ name, value, because, from }))
}

const OF_WORKLOAD: Readonly<Record<Workload, readonly (readonly [string, string, string])[]>> = {
  oltp: [
    ['log_min_duration_statement', '1s', 'statements that are slow for oltp show in the log'],
    ['idle_in_transaction_session_timeout', '10min', 'forgotten transactions hold up vacuum'],
  ],
  crit: [
    ['log_min_duration_statement', '1s', 'statements that are slow for crit show in the log'],
    ['idle_in_transaction_session_timeout', '1min', 'forgotten transactions hold locks'],
    ['wal_writer_delay', '10ms', 'asynchronous commits reach the disk sooner'],
    ['log_disconnections', 'on', 'who was connected can be audited'],
  ],
  olap: [
    ['log_min_duration_statement', '10s', 'long statements are normal for olap'],
    ['default_statistics_target', '1000', 'large joins need good estimates'],
    ['enable_partitionwise_join', 'on', 'partitions join pair by pair'],
    ['enable_partitionwise_aggregate', 'on', 'partitions aggregate one by one'],
  ],
  mixed: [['log_min_duration_statement', '5s', 'between oltp and olap']],
  tiny: [['log_min_duration_statement', '1s', 'slow statements show in the log']],
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
