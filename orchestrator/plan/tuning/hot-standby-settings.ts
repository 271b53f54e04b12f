/**
 * A standby refuses to start, or stops its replay, when it has less of these than its primary: they are raised on the
 * standbys first and lowered on the primary first (PostgreSQL's manual, "Administrator's overview" of hot standby).
 */
export const HOT_STANDBY_NAMES = [
  'max_connections',
  'max_locks_per_transaction',
  'max_prepared_transactions',
  'max_wal_senders',
  'max_worker_processes',
] as const

export const HOT_STANDBY_SETTINGS: ReadonlySet<string> = new Set(HOT_STANDBY_NAMES)

/**
 * What Patroni takes from the configuration of the whole cluster only, so that no member can differ: the settings above
 * and those that the members of a cluster must agree on.
 */
export const CLUSTER_WIDE_SETTINGS: ReadonlySet<string> = new Set([
  ...HOT_STANDBY_SETTINGS,
  'max_replication_slots',
  'track_commit_timestamp',
  'wal_level',
  'wal_log_hints',
])
