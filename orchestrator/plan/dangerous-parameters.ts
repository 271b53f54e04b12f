import type { ClusterSpec } from '../../shared/domain/spec.ts'
import { parsePgBoolean } from './check-value.ts'
import { parsePgSize } from './pg-units.ts'
import { plural } from './problems.ts'

export interface Danger {
  /** What happens to the cluster or to its data. */
  readonly consequence: string
  /** The cluster could not work at all, or would break what its durability promises. */
  readonly fatal: boolean
}

/** What a value that the server accepts would do all the same; undefined when there is nothing to fear. */
export function dangerOf({
  name,
  value,
  cluster,
}: {
  /** In lower case. */
  readonly name: string
  readonly value: string
  readonly cluster: ClusterSpec
}): Danger | undefined {
  const [on, off] = [parsePgBoolean(value) === true, parsePgBoolean(value) === false]
  const switched = off ? DANGEROUS_OFF.get(name) : on ? DANGEROUS_ON.get(name) : undefined
  if (switched !== undefined) return { consequence: switched, fatal: false }
  switch (name) {
    case 'synchronous_commit':
      return unconfirmed(off ? 'off' : value.toLowerCase(), cluster)
    case 'wal_level':
      return value.toLowerCase() === 'minimal'
        ? fatal('there can be no standby and no failover without WAL for replication')
        : undefined
    case 'max_wal_senders':
      return tooFew({ value, least: memberCount(cluster) + 2, what: 'WAL senders', cluster })
    case 'max_replication_slots':
      return tooFew({ value, least: memberCount(cluster), what: 'replication slots', cluster })
    case 'min_wal_size':
    case 'max_wal_size':
      return (parsePgSize(value, 1024 ** 2) ?? 0) < LEAST_WAL
        ? fatal('the server does not start with less than two WAL segments (32MB)')
        : undefined
    case 'superuser_reserved_connections':
    case 'reserved_connections':
      return reservesAll(Number(value), cluster)
    default:
      return undefined
  }
}

const LEAST_WAL = 32 * 1024 ** 2

const DANGEROUS_OFF: ReadonlyMap<string, string> = new Map([
  ['fsync', 'a power failure or a crash of the host can corrupt the whole cluster beyond repair'],
  ['full_page_writes', 'a power failure can leave half-written pages that no WAL can repair'],
  ['autovacuum', 'tables bloat without end, and the server stops accepting writes before transaction ids run out'],
  ['track_counts', 'autovacuum no longer sees what to do: tables bloat without end'],
])

const DANGEROUS_ON: ReadonlyMap<string, string> = new Map([
  ['data_sync_retry', 'after a failed fsync PostgreSQL would go on with data that never reached the disk'],
  ['zero_damaged_pages', 'damaged pages are silently replaced by empty ones'],
  ['ignore_checksum_failure', 'corrupt pages are served as if they were good'],
  ['ignore_invalid_pages', 'recovery skips damage and the standby differs from the primary'],
  ['ignore_system_indexes', 'every catalogue look-up becomes a scan'],
  ['allow_system_table_mods', 'any superuser statement can destroy the catalogue'],
])

/** Commits that wait for no standby break the promise of a strictly synchronous cluster (S3); elsewhere they weaken it. */
function unconfirmed(value: string, { durability }: ClusterSpec): Danger | undefined {
  if (value !== 'off' && value !== 'local') return undefined
  if (durability === 'strict-sync')
    return fatal(
      'commits that no standby has would be confirmed and lost in a failover, which durability `strict-sync` rules out',
    )
  const asked = durability === 'async' ? 'a crash' : `a failover, although durability is \`${durability}\`, and a crash`
  return { consequence: `commits that clients were told are safe can be lost in ${asked}`, fatal: false }
}

function tooFew({
  value,
  least,
  what,
  cluster,
}: {
  readonly value: string
  readonly least: number
  readonly what: string
  readonly cluster: ClusterSpec
}): Danger | undefined {
  return Number(value) < least
    ? fatal(`a cluster of ${plural(memberCount(cluster), 'member')} needs at least ${least} ${what}`)
    : undefined
}

function reservesAll(reserved: number, { parameters }: ClusterSpec): Danger | undefined {
  const connections = parameters['max_connections']
  return connections !== undefined && reserved >= Number(connections)
    ? fatal(`the server does not start when ${reserved} of its ${connections} connections are reserved`)
    : undefined
}

function memberCount({ members, replicas }: ClusterSpec): number {
  return replicas.reduce((sum, group) => sum + group.members, members)
}

function fatal(consequence: string): Danger {
  return { consequence, fatal: true }
}
