import { CLUSTER_NAME } from '../../shared/domain/ids.ts'

/** What a name must look like, in the words of an error message. Patterns have no flags: JSON Schema has none. */
export interface NameRule {
  readonly pattern: RegExp
  readonly words: string
}

export const CLUSTER_RULE: NameRule = {
  pattern: CLUSTER_NAME,
  words: 'lower-case letters, digits and `-`, starting with a letter, at most 40 characters',
}

/** Database objects that Drover makes also name files, secrets and pooler entries: narrower than what PostgreSQL can quote. */
export const OBJECT_RULE: NameRule = {
  pattern: /^[a-z_][a-z0-9_-]{0,62}$/,
  words: 'lower-case letters, digits, `_` and `-`, starting with a letter or `_`, at most 63 characters',
}

export const EXTENSION_RULE: NameRule = {
  pattern: /^[a-z_][a-z0-9_-]{0,62}$/,
  words: 'an extension name as in `CREATE EXTENSION`, lower case',
}

/** A PostgreSQL setting: `work_mem`, `cron.database_name`. */
export const SETTING_RULE: NameRule = {
  pattern: /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$/,
  words: 'a PostgreSQL setting such as `work_mem` or `cron.database_name`',
}

/** Replica groups and services: they name sections and members of HAProxy and rows of what people read. */
export const GROUP_RULE: NameRule = {
  pattern: /^[a-z][a-z0-9_-]{0,39}$/,
  words: 'lower-case letters, digits, `_` and `-`, starting with a letter, at most 40 characters',
}

export const LABEL_RULE: NameRule = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/,
  words: 'letters, digits, `.`, `_`, `-` and `/`, at most 63 characters',
}

/** Roles that Drover, Patroni or PgBouncer keep for themselves, and words that SQL or pg_hba.conf read otherwise. */
export const RESERVED_USERS: ReadonlySet<string> = new Set([
  'postgres',
  'drover_replicator',
  'drover_rewind',
  'replicator',
  'rewind',
  'pgbouncer',
  'patroni',
  'drover',
  'public',
  'none',
  'all',
  'current_user',
  'current_role',
  'session_user',
])

export const RESERVED_DATABASES: ReadonlySet<string> = new Set([
  'template0',
  'template1',
  'pgbouncer',
  'all',
  'replication',
  'sameuser',
  'samerole',
  'samegroup',
])

/** Roles of PostgreSQL itself that `memberOf` may name, each with the first major version that has it. */
export const PREDEFINED_ROLES: ReadonlyMap<string, number> = new Map([
  ['pg_checkpoint', 15],
  ['pg_create_subscription', 16],
  ['pg_execute_server_program', 11],
  ['pg_maintain', 17],
  ['pg_monitor', 10],
  ['pg_read_all_data', 14],
  ['pg_read_all_settings', 10],
  ['pg_read_all_stats', 10],
  ['pg_read_server_files', 11],
  ['pg_signal_autovacuum_worker', 18],
  ['pg_signal_backend', 9],
  ['pg_stat_scan_tables', 10],
  ['pg_use_reserved_connections', 16],
  ['pg_write_all_data', 14],
  ['pg_write_server_files', 11],
])
