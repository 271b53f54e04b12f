import { didYouMean } from '../../shared/domain/closest-word.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'
import { checkValue, parsePgBoolean } from './check-value.ts'
import { knownParameters } from './parameter-catalogue.ts'
import { clusterPlace, failure, warning } from './problems.ts'

/** What a user's PostgreSQL parameters would break: names that do not exist, those Drover must own, values that the server refuses, and dangerous ones. */
export function checkParameters({
  spec,
  cluster,
  major,
}: {
  readonly spec: FleetSpec
  readonly cluster: ClusterSpec
  readonly major: number
}): readonly Problem[] {
  const known = knownParameters(major)
  return Object.entries(cluster.parameters).flatMap(([name, value]) => {
    const key = name.toLowerCase()
    const place = clusterPlace(spec, cluster, `parameters.${name}`)
    const owned = ownedBy(key)
    if (owned !== undefined) {
      return [
        failure({
          code: 'owned-parameter',
          message: `parameter \`${name}\` of cluster ${cluster.name} is Drover's to set: ${owned}`,
          hint: 'Remove it.',
          ...place,
        }),
      ]
    }
    if (!key.includes('.') && !known.includes(key)) {
      const hint = didYouMean(name, known) ?? `Remove it, or check the name in the manual of PostgreSQL ${major}.`
      return [
        failure({
          code: 'unknown-parameter',
          message: `PostgreSQL ${major} has no parameter \`${name}\`; cluster ${cluster.name} would not start with it`,
          hint,
          ...place,
        }),
      ]
    }
    const bad = checkValue({ name: key, value: textOf(value), major })
    if (bad !== undefined) {
      return [
        failure({
          code: 'bad-parameter-value',
          message: `${name}: "${textOf(value)}" ${bad.reason}`,
          hint: bad.hint ?? `Correct it or remove it; cluster ${cluster.name} would not start with it.`,
          ...place,
        }),
      ]
    }
    const danger = dangerOf({ name: key, value: textOf(value), cluster })
    return danger === undefined
      ? []
      : [
          (danger.fatal ? failure : warning)({
            code: 'dangerous-parameter',
            message: `\`${name} = ${textOf(value)}\` on cluster ${cluster.name}: ${danger.consequence}`,
            hint: danger.fatal ? 'Remove it.' : 'Remove it unless the data may be lost.',
            ...place,
          }),
        ]
  })
}

export function textOf(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return String(value)
}

const OWNED: Readonly<Record<string, string>> = {
  port: 'each cluster has a block of ports',
  listen_addresses: 'the services reach every member by its address',
  cluster_name: 'it is the name of the instance',
  data_directory: 'each instance has its own directory',
  config_file: 'Patroni writes it',
  hba_file: 'write rules under `hba`',
  ident_file: 'Patroni writes it',
  external_pid_file: 'systemd and Patroni track the process',
  include: 'Patroni writes the whole configuration',
  include_dir: 'Patroni writes the whole configuration',
  include_if_exists: 'Patroni writes the whole configuration',
  primary_conninfo: 'Patroni points standbys at the primary',
  primary_slot_name: 'Patroni makes the slots',
  synchronous_standby_names: 'set `durability`',
  hot_standby: 'standbys serve reads and Patroni asks them',
  unix_socket_directories: 'each instance has its own directory',
  unix_socket_group: 'the poolers and the agent use the socket',
  unix_socket_permissions: 'the poolers and the agent use the socket',
  password_encryption: 'passwords are SCRAM-SHA-256 everywhere',
  promote_trigger_file: 'Patroni promotes',
  restore_command: 'Patroni decides where a standby gets its WAL',
  recovery_end_command: 'Patroni controls recovery',
  archive_cleanup_command: 'Patroni controls recovery',
  recovery_min_apply_delay: 'a member that lags on purpose cannot take over',
  allow_alter_system: 'Patroni writes the configuration',
  bonjour: 'the services are found by HAProxy',
  restart_after_crash: 'Patroni decides what happens after a crash',
}

function ownedBy(name: string): string | undefined {
  if (Object.hasOwn(OWNED, name)) return OWNED[name]
  if (name === 'ssl' || name.startsWith('ssl_')) return 'TLS comes from the fleet CA'
  return name === 'recovery_target' || name.startsWith('recovery_target_') ? 'Patroni controls recovery' : undefined
}

interface Danger {
  readonly consequence: string
  /** The cluster could not work at all. */
  readonly fatal: boolean
}

function dangerOf({
  name,
  value,
  cluster,
}: {
  readonly name: string
  readonly value: string
  readonly cluster: ClusterSpec
}): Danger | undefined {
  if (isOff(value) && Object.hasOwn(DANGEROUS_OFF, name))
    return { consequence: DANGEROUS_OFF[name] ?? '', fatal: false }
  if (isOn(value) && Object.hasOwn(DANGEROUS_ON, name)) return { consequence: DANGEROUS_ON[name] ?? '', fatal: false }
  if (name === 'wal_level' && value.toLowerCase() === 'minimal')
    return { consequence: 'there can be no standby and no failover without WAL for replication', fatal: true }
  if (name === 'synchronous_commit' && (isOff(value) || value.toLowerCase() === 'local')) {
    const asked =
      cluster.durability === 'async'
        ? 'a crash'
        : `a failover, although durability is \`${cluster.durability}\`, and a crash`
    return { consequence: `commits that clients were told are safe can be lost in ${asked}`, fatal: false }
  }
  if (name === 'max_wal_senders' && Number(value) < cluster.members + 2)
    return { consequence: `${cluster.members} members need at least ${cluster.members + 2} WAL senders`, fatal: true }
  if (name === 'max_replication_slots' && Number(value) < cluster.members)
    return { consequence: `${cluster.members} members need at least ${cluster.members} replication slots`, fatal: true }
  return undefined
}

const DANGEROUS_OFF: Readonly<Record<string, string>> = {
  fsync: 'a power failure or a crash of the host can corrupt the whole cluster beyond repair',
  full_page_writes: 'a power failure can leave half-written pages that no WAL can repair',
  autovacuum: 'tables bloat without end, and the server stops accepting writes before transaction ids run out',
}

const DANGEROUS_ON: Readonly<Record<string, string>> = {
  data_sync_retry: 'after a failed fsync PostgreSQL would go on with data that never reached the disk',
  zero_damaged_pages: 'damaged pages are silently replaced by empty ones',
  ignore_checksum_failure: 'corrupt pages are served as if they were good',
  ignore_invalid_pages: 'recovery skips damage and the standby differs from the primary',
  ignore_system_indexes: 'every catalogue look-up becomes a scan',
  allow_system_table_mods: 'any superuser statement can destroy the catalogue',
}

function isOff(value: string): boolean {
  return parsePgBoolean(value) === false
}

function isOn(value: string): boolean {
  return parsePgBoolean(value) === true
}
