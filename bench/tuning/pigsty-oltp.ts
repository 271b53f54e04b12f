import type { Machine, Settings } from './machine.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3
/** With its default services, which lead to the pooler. */
const CONNECTIONS = 500

/**
 * What Pigsty 4.5 (github.com/pgsty/pigsty, its template `oltp`, Apache-2.0) sets for PostgreSQL 14 and later, in the
 * words of reference/pigsty.md, sections 3.1 and 3.2. Left out: archiving, for nobody archives here, and what Patroni
 * sets in its place. Formulas only.
 */
export function pigstyOltpSettings(machine: Machine): Settings {
  return {
    ...memorySettings(machine),
    ...workerSettings(machine),
    ...diskSettings(machine),
    ...CONSTANTS,
    ...versionSettings(machine),
  }
}

function memorySettings({ memoryBytes }: Machine): Settings {
  const memory = Math.ceil(memoryBytes / MIB)
  const sharedBuffers = Math.ceil(memory * 0.25)
  return {
    max_connections: String(CONNECTIONS),
    shared_buffers: `${sharedBuffers}MB`,
    maintenance_work_mem: `${Math.ceil(sharedBuffers * 0.25)}MB`,
    effective_cache_size: `${memory - sharedBuffers}MB`,
    work_mem: `${clamp(Math.floor(sharedBuffers / CONNECTIONS), 64, 1024)}MB`,
    max_locks_per_transaction: String(CONNECTIONS),
  }
}

function workerSettings({ cores }: Machine): Settings {
  return {
    max_worker_processes: String(Math.max(cores + 8, 16) + 8),
    max_parallel_workers: String(Math.max(Math.ceil(cores * 0.5), 2)),
    max_parallel_workers_per_gather: String(clamp(Math.floor(cores * 0.2), 2, 8)),
    max_parallel_maintenance_workers: String(Math.max(Math.ceil(cores * 0.33), 2)),
  }
}

function diskSettings({ diskBytes }: Machine): Settings {
  const unit = clamp(Math.ceil(diskBytes / (20 * GIB)), 1, 100)
  return {
    min_wal_size: `${unit}GB`,
    max_wal_size: `${4 * unit}GB`,
    max_slot_wal_keep_size: `${6 * unit}GB`,
    temp_file_limit: `${unit}GB`,
    random_page_cost: '1.1',
    effective_io_concurrency: '200',
    maintenance_io_concurrency: '100',
  }
}

function versionSettings({ cores, postgresVersion }: Machine): Settings {
  return {
    ...(postgresVersion >= 15 ? { wal_compression: 'lz4' } : {}),
    ...(postgresVersion >= 17 ? { sync_replication_slots: 'on' } : {}),
    ...(postgresVersion >= 18
      ? {
          io_method: 'worker',
          io_workers: String(clamp(Math.ceil(cores * 0.25), 4, 16)),
          idle_replication_slot_timeout: '7d',
          log_connections: 'authorization',
          log_lock_failures: 'on',
        }
      : {}),
  }
}

const CONSTANTS: Settings = {
  superuser_reserved_connections: '10',
  wal_level: 'logical',
  wal_log_hints: 'on',
  track_commit_timestamp: 'on',
  max_wal_senders: '50',
  max_replication_slots: '50',
  max_prepared_transactions: '0',
  hash_mem_multiplier: '8.0',
  huge_pages: 'try',
  parallel_setup_cost: '2000',
  parallel_tuple_cost: '0.2',
  min_parallel_table_scan_size: '32MB',
  min_parallel_index_scan_size: '2MB',
  vacuum_cost_delay: '20ms',
  vacuum_cost_limit: '2000',
  bgwriter_delay: '10ms',
  bgwriter_lru_maxpages: '800',
  bgwriter_lru_multiplier: '5.0',
  wal_buffers: '16MB',
  wal_writer_delay: '20ms',
  wal_writer_flush_after: '1MB',
  commit_delay: '20',
  commit_siblings: '10',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.95',
  max_standby_archive_delay: '10min',
  max_standby_streaming_delay: '3min',
  hot_standby_feedback: 'on',
  wal_receiver_status_interval: '1s',
  wal_receiver_timeout: '60s',
  max_logical_replication_workers: '8',
  max_sync_workers_per_subscription: '6',
  default_statistics_target: '400',
  logging_collector: 'on',
  log_destination: 'csvlog',
  log_timezone: 'UTC',
  log_filename: 'postgresql-%a.log',
  log_truncate_on_rotation: 'on',
  log_rotation_age: '1d',
  log_min_duration_statement: '100',
  log_statement: 'ddl',
  log_lock_waits: 'on',
  log_temp_files: '1MB',
  log_checkpoints: 'on',
  log_replication_commands: 'on',
  log_autovacuum_min_duration: '1s',
  track_activity_query_size: '8192',
  track_io_timing: 'on',
  track_functions: 'all',
  autovacuum_max_workers: '3',
  autovacuum_naptime: '1min',
  autovacuum_vacuum_threshold: '500',
  autovacuum_analyze_threshold: '250',
  autovacuum_vacuum_scale_factor: '0.08',
  autovacuum_analyze_scale_factor: '0.04',
  autovacuum_freeze_max_age: '1000000000',
  deadlock_timeout: '50ms',
  idle_in_transaction_session_timeout: '10min',
  shared_preload_libraries: 'pg_stat_statements,auto_explain',
  'pg_stat_statements.max': '10000',
  'pg_stat_statements.track': 'all',
  'auto_explain.log_min_duration': '1s',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_verbose': 'on',
  'auto_explain.log_timing': 'on',
  'auto_explain.log_nested_statements': 'on',
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
