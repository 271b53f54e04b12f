/**
 * What the values of PostgreSQL's parameters may be, as `pg_settings` has it: of Debian's PostgreSQL 15 and 17, and of servers
 * of 14 to 18 that were built alike for what differs by major (spellings that the view hides were tried on the servers).
 * Names absent here take any text.
 */
export type ParameterType = { readonly kind: 'bool' } | NumberType | EnumType

export interface NumberType {
  readonly kind: 'integer' | 'real'
  /** What a bare number counts in: `8kB`, `ms`, …; empty for a plain number, which takes no unit. */
  readonly unit: string
  readonly min: number
  /** Infinity when the server sets no bound. */
  readonly max: number
}

export interface EnumType {
  readonly kind: 'enum'
  readonly labels: readonly string[]
  /** Old or silent spellings that the server takes as well. */
  readonly hidden: readonly string[]
}

/** The type of a parameter (name in lower case), or undefined when its value is free text. */
export function parameterType(name: string, major: number): ParameterType | undefined {
  const other = OTHERWISE.find(([first, last, types]) => major >= first && major <= last && types.has(name))
  return other === undefined ? TYPES.get(name) : other[2].get(name)
}

/** Every parameter whose values are known. */
export function typedParameters(): readonly string[] {
  return [...TYPES.keys()]
}

const BOOLEANS = `
allow_alter_system allow_in_place_tablespaces allow_system_table_mods array_nulls autovacuum bonjour
check_function_bodies data_sync_retry db_user_namespace debug_pretty_print debug_print_parse debug_print_plan
debug_print_rewritten default_transaction_deferrable default_transaction_read_only enable_async_append
enable_bitmapscan enable_distinct_reordering enable_gathermerge enable_group_by_reordering enable_hashagg
enable_hashjoin enable_incremental_sort enable_indexonlyscan enable_indexscan enable_material enable_memoize
enable_mergejoin enable_nestloop enable_parallel_append enable_parallel_hash enable_partition_pruning
enable_partitionwise_aggregate enable_partitionwise_join enable_presorted_aggregate enable_self_join_elimination
enable_seqscan enable_sort enable_tidscan escape_string_warning event_triggers exit_on_error fsync full_page_writes
geqo gss_accept_delegation hot_standby hot_standby_feedback ignore_checksum_failure ignore_invalid_pages
ignore_system_indexes jit jit_debugging_support jit_dump_bitcode jit_expressions jit_profiling_support
jit_tuple_deforming krb_caseins_users lo_compat_privileges log_checkpoints log_connections log_disconnections
log_duration log_executor_stats log_hostname log_lock_failures log_lock_waits log_parser_stats log_planner_stats
log_recovery_conflict_waits log_replication_commands log_statement_stats log_truncate_on_rotation logging_collector
md5_password_warnings parallel_leader_participation quote_all_identifiers remove_temp_files_after_crash
restart_after_crash row_security send_abort_for_crash send_abort_for_kill standard_conforming_strings summarize_wal
sync_replication_slots synchronize_seqscans syslog_sequence_numbers syslog_split_messages
trace_connection_negotiation trace_notify trace_sort track_activities track_commit_timestamp track_cost_delay_timing
track_counts track_io_timing track_wal_io_timing transform_null_equals update_process_title vacuum_truncate
wal_init_zero wal_log_hints wal_receiver_create_temp_slot wal_recycle zero_damaged_pages`

/** name=unit:min:max */
const INTEGERS = `
archive_timeout=s:0:1073741823 authentication_timeout=s:1:600 autovacuum_analyze_threshold=:0:2147483647
autovacuum_freeze_max_age=:100000:2000000000 autovacuum_max_workers=:1:262143
autovacuum_multixact_freeze_max_age=:10000:2000000000 autovacuum_naptime=s:1:2147483
autovacuum_vacuum_cost_limit=:-1:10000 autovacuum_vacuum_insert_threshold=:-1:2147483647
autovacuum_vacuum_max_threshold=:-1:2147483647 autovacuum_vacuum_threshold=:0:2147483647
autovacuum_work_mem=kB:-1:2147483647 autovacuum_worker_slots=:1:262143 backend_flush_after=8kB:0:256
bgwriter_delay=ms:10:10000 bgwriter_flush_after=8kB:0:256 bgwriter_lru_maxpages=:0:1073741823
checkpoint_flush_after=8kB:0:256 checkpoint_timeout=s:30:86400 checkpoint_warning=s:0:2147483647
client_connection_check_interval=ms:0:2147483647 commit_delay=:0:100000 commit_siblings=:0:1000
commit_timestamp_buffers=8kB:0:131072 deadlock_timeout=ms:1:2147483647 debug_discard_caches=:0:0
default_statistics_target=:1:10000 effective_cache_size=8kB:1:2147483647 effective_io_concurrency=:0:1000
extra_float_digits=:-15:3 from_collapse_limit=:1:2147483647 geqo_effort=:1:10 geqo_generations=:0:2147483647
geqo_pool_size=:0:2147483647 geqo_threshold=:2:2147483647 gin_fuzzy_search_limit=:0:2147483647
gin_pending_list_limit=kB:64:2147483647 huge_page_size=kB:0:2147483647
idle_in_transaction_session_timeout=ms:0:2147483647 idle_replication_slot_timeout=s:0:2147483647
idle_session_timeout=ms:0:2147483647 io_combine_limit=8kB:1:32 io_max_combine_limit=8kB:1:128
io_max_concurrency=:-1:1024 io_workers=:1:32 join_collapse_limit=:1:2147483647 lock_timeout=ms:0:2147483647
log_autovacuum_min_duration=ms:-1:2147483647 log_file_mode=:0:511 log_min_duration_sample=ms:-1:2147483647
log_min_duration_statement=ms:-1:2147483647 log_parameter_max_length=B:-1:1073741823
log_parameter_max_length_on_error=B:-1:1073741823 log_rotation_age=min:0:35791394 log_rotation_size=kB:0:2097151
log_startup_progress_interval=ms:0:2147483647 log_temp_files=kB:-1:2147483647
logical_decoding_work_mem=kB:64:2147483647 maintenance_io_concurrency=:0:1000 maintenance_work_mem=kB:64:2147483647
max_active_replication_origins=:0:262143 max_connections=:1:262143 max_files_per_process=:64:2147483647
max_locks_per_transaction=:10:2147483647 max_logical_replication_workers=:0:262143
max_notify_queue_pages=:64:2147483647 max_parallel_apply_workers_per_subscription=:0:1024
max_parallel_maintenance_workers=:0:1024 max_parallel_workers=:0:1024 max_parallel_workers_per_gather=:0:1024
max_pred_locks_per_page=:0:2147483647 max_pred_locks_per_relation=:-2147483648:2147483647
max_pred_locks_per_transaction=:10:2147483647 max_prepared_transactions=:0:262143 max_replication_slots=:0:262143
max_slot_wal_keep_size=MB:-1:2147483647 max_stack_depth=kB:100:2147483647 max_standby_archive_delay=ms:-1:2147483647
max_standby_streaming_delay=ms:-1:2147483647 max_sync_workers_per_subscription=:0:262143 max_wal_senders=:0:262143
max_wal_size=MB:2:2147483647 max_worker_processes=:0:262143 min_dynamic_shared_memory=MB:0:2147483647
min_parallel_index_scan_size=8kB:0:715827882 min_parallel_table_scan_size=8kB:0:715827882
min_wal_size=MB:2:2147483647 multixact_member_buffers=8kB:16:131072 multixact_offset_buffers=8kB:16:131072
notify_buffers=8kB:16:131072 old_snapshot_threshold=min:-1:86400 port=:1:65535 post_auth_delay=s:0:2147
pre_auth_delay=s:0:60 recovery_min_apply_delay=ms:0:2147483647 reserved_connections=:0:262143
scram_iterations=:1:2147483647 serializable_buffers=8kB:16:131072 shared_buffers=8kB:16:1073741823
statement_timeout=ms:0:2147483647 subtransaction_buffers=8kB:0:131072 superuser_reserved_connections=:0:262143
tcp_keepalives_count=:0:2147483647 tcp_keepalives_idle=s:0:2147483647 tcp_keepalives_interval=s:0:2147483647
tcp_user_timeout=ms:0:2147483647 temp_buffers=8kB:100:1073741823 temp_file_limit=kB:-1:2147483647
track_activity_query_size=B:100:1048576 transaction_buffers=8kB:0:131072 transaction_timeout=ms:0:2147483647
unix_socket_permissions=:0:511 vacuum_buffer_usage_limit=kB:0:16777216 vacuum_cost_limit=:1:10000
vacuum_cost_page_dirty=:0:10000 vacuum_cost_page_hit=:0:10000 vacuum_cost_page_miss=:0:10000
vacuum_defer_cleanup_age=:0:1000000 vacuum_failsafe_age=:0:2100000000 vacuum_freeze_min_age=:0:1000000000
vacuum_freeze_table_age=:0:2000000000 vacuum_multixact_failsafe_age=:0:2100000000
vacuum_multixact_freeze_min_age=:0:1000000000 vacuum_multixact_freeze_table_age=:0:2000000000
wal_buffers=8kB:-1:262143 wal_decode_buffer_size=B:65536:1073741823 wal_keep_size=MB:0:2147483647
wal_receiver_status_interval=s:0:2147483 wal_receiver_timeout=ms:0:2147483647
wal_retrieve_retry_interval=ms:1:2147483647 wal_sender_timeout=ms:0:2147483647 wal_skip_threshold=kB:0:2147483647
wal_summary_keep_time=min:0:35791394 wal_writer_delay=ms:1:10000 wal_writer_flush_after=8kB:0:2147483647
work_mem=kB:64:2147483647`

const REALS = `
autovacuum_analyze_scale_factor=:0:100 autovacuum_vacuum_cost_delay=ms:-1:100
autovacuum_vacuum_insert_scale_factor=:0:100 autovacuum_vacuum_scale_factor=:0:100 bgwriter_lru_multiplier=:0:10
checkpoint_completion_target=:0:1 cpu_index_tuple_cost=:0: cpu_operator_cost=:0: cpu_tuple_cost=:0:
cursor_tuple_fraction=:0:1 geqo_seed=:0:1 geqo_selection_bias=:1.5:2 hash_mem_multiplier=:1:1000 jit_above_cost=:-1:
jit_inline_above_cost=:-1: jit_optimize_above_cost=:-1: log_statement_sample_rate=:0:1
log_transaction_sample_rate=:0:1 parallel_setup_cost=:0: parallel_tuple_cost=:0: random_page_cost=:0:
recursive_worktable_factor=:0.001:1000000 seq_page_cost=:0: vacuum_cost_delay=ms:0:100
vacuum_max_eager_freeze_failure_rate=:0:1`

/** name=label|label, then after `;` the hidden ones. */
const ENUMS = `
archive_mode=always|on|off
backslash_quote=safe_encoding|on|off
bytea_output=escape|hex
client_min_messages=debug5|debug4|debug3|debug2|debug1|log|notice|warning|error;debug|info
compute_query_id=auto|regress|on|off
constraint_exclusion=partition|on|off
debug_parallel_query=off|on|regress
default_toast_compression=pglz|lz4
debug_logical_replication_streaming=buffered|immediate
default_transaction_isolation=serializable|repeatable read|read committed|read uncommitted
dynamic_shared_memory_type=posix|sysv|mmap
file_copy_method=copy|clone
file_extend_method=posix_fallocate|write_zeros
force_parallel_mode=off|on|regress
huge_pages=off|on|try
icu_validation_level=disabled|debug5|debug4|debug3|debug2|debug1|log|notice|warning|error;debug|info
intervalstyle=postgres|postgres_verbose|sql_standard|iso_8601
io_method=sync|worker|io_uring
log_error_verbosity=terse|default|verbose
log_min_error_statement=debug5|debug4|debug3|debug2|debug1|info|notice|warning|error|log|fatal|panic;debug
log_min_messages=debug5|debug4|debug3|debug2|debug1|info|notice|warning|error|log|fatal|panic;debug
log_statement=none|ddl|mod|all
password_encryption=md5|scram-sha-256
plan_cache_mode=auto|force_generic_plan|force_custom_plan
recovery_init_sync_method=fsync|syncfs
recovery_prefetch=off|on|try
session_replication_role=origin|replica|local
shared_memory_type=sysv|mmap
stats_fetch_consistency=none|cache|snapshot
synchronous_commit=local|remote_write|remote_apply|on|off
syslog_facility=local0|local1|local2|local3|local4|local5|local6|local7
track_functions=none|pl|all
trace_recovery_messages=debug5|debug4|debug3|debug2|debug1|log|notice|warning|error;debug|info
wal_compression=pglz|lz4|zstd|on|off
wal_level=minimal|replica|logical;archive|hot_standby
wal_sync_method=fsync|fdatasync|open_sync|open_datasync
xmlbinary=base64|hex
xmloption=content|document`

const TYPES: ReadonlyMap<string, ParameterType> = typesOf({
  booleans: BOOLEANS,
  integers: INTEGERS,
  reals: REALS,
  enums: ENUMS,
})

/** What the majors from the first to the last have otherwise than the tables above; undefined: free text. */
const OTHERWISE: readonly (readonly [
  first: number,
  last: number,
  types: ReadonlyMap<string, ParameterType | undefined>,
])[] = [
  [14, 14, typesOf({ booleans: 'wal_compression' })],
  [14, 16, typesOf({ integers: 'maintenance_work_mem=kB:1024:2147483647' })],
  [18, 18, typesOf({ integers: 'io_combine_limit=8kB:1:128 log_rotation_size=kB:0:2147483647' })],
  [18, 18, new Map([['log_connections', undefined]])],
]

function typesOf({
  booleans = '',
  integers = '',
  reals = '',
  enums = '',
}: {
  readonly booleans?: string
  readonly integers?: string
  readonly reals?: string
  readonly enums?: string
}): ReadonlyMap<string, ParameterType> {
  return new Map<string, ParameterType>([
    ...words(booleans).map((name): [string, ParameterType] => [name, { kind: 'bool' }]),
    ...words(integers).map(entry => numberType('integer', entry)),
    ...words(reals).map(entry => numberType('real', entry)),
    ...enums.split('\n').filter(Boolean).map(enumType),
  ])
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter(Boolean)
}

function numberType(kind: NumberType['kind'], entry: string): [string, ParameterType] {
  const [name = '', range = ''] = entry.split('=')
  const [unit = '', min = '', max = ''] = range.split(':')
  return [name, { kind, unit, min: Number(min), max: max === '' ? Number.POSITIVE_INFINITY : Number(max) }]
}

function enumType(entry: string): [string, ParameterType] {
  const [name = '', values = ''] = entry.split('=')
  const [labels = '', hidden = ''] = values.split(';')
  return [name, { kind: 'enum', labels: labels.split('|'), hidden: hidden === '' ? [] : hidden.split('|') }]
}
