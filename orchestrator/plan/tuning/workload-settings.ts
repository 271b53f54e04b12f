import type { Workload } from '../../../shared/domain/spec.ts'
import type { TunedSetting } from './tuned-setting.ts'

/** Hashes may take this many times work_mem; the memory budget counts on it. */
export const HASH_MULTIPLIER = 2

/** The memory budget counts on this number. */
export function autovacuumWorkers(workload: Workload): number {
  return workload === 'tiny' ? 2 : 3
}

type Row = readonly [name: string, value: string, because: string]

/** What does not depend on hardware. A setting that the major lacks is left out by the caller. */
export function workloadSettings(workload: Workload, major: number): readonly TunedSetting[] {
  const from = `workload ${workload}`
  const vacuums: Row = [
    'autovacuum_max_workers',
    String(autovacuumWorkers(workload)),
    'the number that the memory budget counts on',
  ]
  const rows = new Map(
    [vacuums, ...COMMON, ...OF_WORKLOAD[workload], ...byMajor(workload, major)].map(row => [row[0], row]),
  )
  return [...rows.values()].map(([name, value, because]) => ({ name, value, because, from }))
}

const WRITING: readonly Row[] = [
  ['checkpoint_timeout', '15min', 'fewer full-page images'],
  ['checkpoint_completion_target', '0.9', 'checkpoints spread over time'],
  ['bgwriter_delay', '50ms', 'backends find clean buffers instead of writing themselves'],
  ['bgwriter_lru_maxpages', '400', 'at most 64 MB a second in the background'],
  ['bgwriter_lru_multiplier', '4', 'ahead of bursts'],
]

const VACUUM: readonly Row[] = [
  ['autovacuum_vacuum_scale_factor', '0.08', 'large tables are vacuumed before they bloat'],
  ['autovacuum_analyze_scale_factor', '0.04', 'statistics follow the data'],
  ['autovacuum_vacuum_threshold', '500', 'small tables are left alone for longer'],
  ['autovacuum_analyze_threshold', '250', 'small tables are left alone for longer'],
  [
    'autovacuum_freeze_max_age',
    '500000000',
    'fewer forced vacuums of whole tables, with three quarters of the ids left',
  ],
  ['log_autovacuum_min_duration', '1s', 'long vacuums show in the log'],
]

const MEMORY: readonly Row[] = [
  ['hash_mem_multiplier', String(HASH_MULTIPLIER), 'hashes may take twice work_mem; the memory budget counts on it'],
  ['huge_pages', 'try', 'used where the kernel has them'],
  ['io_method', 'worker', 'works on every kernel and in every container; io_uring does not'],
]

const CONNECTIONS: readonly Row[] = [
  ['superuser_reserved_connections', '5', 'Patroni, the agent and an operator get in when all else is full'],
  ['max_prepared_transactions', '0', 'two-phase commits that are forgotten hold rows for ever'],
  ['max_logical_replication_workers', '8', 'several subscriptions at once'],
  ['max_sync_workers_per_subscription', '4', 'the first copy of a subscription runs four tables at once'],
]

const WATCHING: readonly Row[] = [
  ['track_io_timing', 'on', 'slow queries can be explained'],
  ['track_functions', 'pl', 'time spent in stored procedures shows'],
  ['track_activity_query_size', '8kB', 'long statements are seen whole'],
  ['pg_stat_statements.max', '10000', 'generated statements do not push each other out'],
  ['log_checkpoints', 'on', 'checkpoints show in the log'],
  ['log_lock_waits', 'on', 'waits longer than deadlock_timeout show in the log'],
  ['log_temp_files', '16MB', 'queries that spill show in the log'],
  ['log_replication_commands', 'on', 'standbys that come and go show in the log'],
  ['log_statement', 'ddl', 'changes of the schema show in the log'],
  ['log_timezone', 'UTC', 'the logs of several hosts can be laid side by side'],
]

const COMMON: readonly Row[] = [...WRITING, ...VACUUM, ...MEMORY, ...CONNECTIONS, ...WATCHING]

const SHORT_QUERIES: readonly Row[] = [
  ['jit', 'off', 'compiling takes longer than a short query'],
  ['parallel_setup_cost', '2000', 'only queries that are worth it run in parallel'],
  ['parallel_tuple_cost', '0.2', 'only queries that are worth it run in parallel'],
  ['min_parallel_table_scan_size', '32MB', 'only large tables are scanned in parallel'],
  ['min_parallel_index_scan_size', '2MB', 'only large indexes are scanned in parallel'],
  ['default_statistics_target', '200', 'better estimates for skewed columns; planning stays short'],
]

const OF_WORKLOAD: Readonly<Record<Workload, readonly Row[]>> = {
  oltp: [
    ...SHORT_QUERIES,
    ['wal_writer_delay', '20ms', 'asynchronous commits reach the disk sooner'],
    ['log_min_duration_statement', '1s', 'statements that are slow for oltp show in the log'],
    ['log_lock_failures', 'on', 'lock requests that give up show in the log'],
    ['idle_in_transaction_session_timeout', '10min', 'forgotten transactions hold up vacuum'],
  ],
  crit: [
    ...SHORT_QUERIES,
    ['wal_writer_delay', '10ms', 'asynchronous commits reach the disk sooner'],
    ['wal_writer_flush_after', '0', 'what is written is flushed at once'],
    ['track_activity_query_size', '32kB', 'statements are kept whole for the audit'],
    ['track_wal_io_timing', 'on', 'slow commits can be explained'],
    ['track_cost_delay_timing', 'on', 'slow vacuums can be explained'],
    ['log_min_duration_statement', '1s', 'statements that are slow for crit show in the log'],
    ['log_lock_failures', 'on', 'lock requests that give up show in the log'],
    ['log_disconnections', 'on', 'who was connected can be audited'],
    ['idle_in_transaction_session_timeout', '1min', 'forgotten transactions hold locks'],
  ],
  olap: [
    ['checkpoint_timeout', '30min', 'loads write each page in full less often'],
    ['autovacuum_vacuum_threshold', '1000', 'tables are large and loaded in bulk'],
    ['autovacuum_analyze_threshold', '500', 'tables are large and loaded in bulk'],
    ['default_statistics_target', '1000', 'large joins need good estimates'],
    ['enable_partitionwise_join', 'on', 'partitions join pair by pair'],
    ['enable_partitionwise_aggregate', 'on', 'partitions aggregate one by one'],
    ['track_cost_delay_timing', 'on', 'slow vacuums can be explained'],
    ['log_min_duration_statement', '10s', 'long statements are normal for olap'],
  ],
  mixed: [
    ['default_statistics_target', '400', 'between oltp and olap'],
    ['log_min_duration_statement', '5s', 'between oltp and olap'],
    ['idle_in_transaction_session_timeout', '1h', 'forgotten transactions hold up vacuum'],
  ],
  tiny: [
    ['jit', 'off', 'compiling takes longer than a short query'],
    ['autovacuum_vacuum_scale_factor', '0.2', "PostgreSQL's own: small tables need no more"],
    ['autovacuum_analyze_scale_factor', '0.1', "PostgreSQL's own: small tables need no more"],
    ['bgwriter_delay', '200ms', "PostgreSQL's own: a small machine is woken less often"],
    ['max_logical_replication_workers', '4', "PostgreSQL's own"],
    ['max_sync_workers_per_subscription', '2', "PostgreSQL's own"],
    ['track_activity_query_size', '4kB', 'shared memory is scarce'],
    ['pg_stat_statements.max', '2500', 'shared memory is scarce'],
    ['log_min_duration_statement', '1s', 'slow statements show in the log'],
    ['idle_in_transaction_session_timeout', '10min', 'forgotten transactions hold up vacuum'],
  ],
}

/** What reads otherwise in some majors: before 15 there is only one way to compress, and from 18 on connections log a list of stages. */
function byMajor(workload: Workload, major: number): readonly Row[] {
  const stages = major >= 18 ? 'receipt,authentication,authorization' : 'on'
  return [
    [
      'wal_compression',
      major >= 15 ? 'lz4' : 'on',
      'full pages shrink before they are written and sent, at little cost',
    ],
    ...(workload === 'crit' ? [['log_connections', stages, 'who connects can be audited'] as const] : []),
  ]
}
