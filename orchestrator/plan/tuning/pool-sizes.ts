import { MAINTENANCE_DATABASE } from '../../../shared/domain/maintenance-database.ts'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import type { SettingValues } from './tuned-setting.ts'

/** Connections that clients and the machinery may open beside the poolers: a fifth of what is not reserved. */
const DIRECT_SHARE = 0.2
/** The read-only poolers reach the primary only while no standby is up; the writers have the larger part. */
const WRITE_SHARE = 0.6
/** The database `postgres` is for operators. */
const MAINTENANCE_CONNECTIONS = 2

/** Limits of the two poolers of a member. */
export interface PoolSizes {
  /** What all pools may take of one server together. */
  readonly pooledConnections: number
  readonly rw: PoolerLimits
  readonly ro: PoolerLimits
  /** Of each pooler, for the database `postgres`; 0 when the fleet file declares it, and it has a pool like others. */
  readonly maintenanceConnections: number
}

export interface PoolerLimits {
  /** Server connections of one user to one database. */
  readonly defaultPoolSize: number
  /** More of them, for clients that have waited. */
  readonly reservePoolSize: number
  /** Server connections to one database, of all users together. */
  readonly maxDatabaseConnections: number
  /** Server connections of one user, to all databases together; 0: no limit of its own. */
  readonly maxUserConnections: number
}

/**
 * All pools that can reach one server at once (both poolers, each database) stay below max_connections less the reserve and
 * a fifth for direct clients, so that a pooler's connection is never refused. A database's own limit in
 * the fleet file wins, and the others share what it leaves; a limit for all of them only lowers theirs.
 */
export function poolSizes(cluster: ClusterSpec, settings: SettingValues): PoolSizes {
  const pooled = Math.floor(openConnections(settings) * (1 - DIRECT_SHARE))
  const write = Math.floor(pooled * WRITE_SHARE)
  return {
    pooledConnections: pooled,
    rw: limits(cluster, write),
    ro: limits(cluster, pooled - write),
    maintenanceConnections: maintenanceConnections(cluster),
  }
}

/** Connections of a server that are not kept for superusers. */
export function openConnections(settings: SettingValues): number {
  return Number(settings['max_connections'] ?? 100) - Number(settings['superuser_reserved_connections'] ?? 3)
}

/** What the pools could open together on one server when all are full. */
export function mostPooledConnections(cluster: ClusterSpec, sizes: PoolSizes): number {
  return [sizes.rw, sizes.ro].reduce(
    (sum, { maxDatabaseConnections }) =>
      sum +
      pooledDatabases(cluster).reduce(
        (all, { pool }) => all + Math.min(pool.maxConnections ?? maxDatabaseConnections, sizes.pooledConnections),
        0,
      ) +
      sizes.maintenanceConnections,
    0,
  )
}

function limits({ pooler, ...cluster }: ClusterSpec, connections: number): PoolerLimits {
  const databases = pooledDatabases({ pooler, ...cluster })
  const demanded = databases.reduce((sum, { pool }) => sum + (pool.maxConnections ?? 0), 0)
  const others = databases.filter(({ pool }) => pool.maxConnections === undefined).length
  const left = Math.max(0, connections - maintenanceConnections(cluster) - demanded)
  const maxDatabaseConnections = Math.min(
    pooler.maxDatabaseConnections ?? Number.POSITIVE_INFINITY,
    Math.max(1, Math.floor(left / Math.max(1, others))),
  )
  const users = Math.max(1, cluster.users.filter(({ login, pooled }) => login && pooled).length)
  const even = Math.floor(maxDatabaseConnections * Math.max(0.5, 0.8 / users))
  const defaultPoolSize = Math.min(pooler.poolSize ?? Math.min(50, Math.max(1, even)), maxDatabaseConnections)
  const reservePoolSize =
    pooler.reserveSize ?? Math.min(Math.floor(defaultPoolSize / 4), maxDatabaseConnections - defaultPoolSize)
  return {
    defaultPoolSize,
    reservePoolSize,
    maxDatabaseConnections,
    maxUserConnections: pooler.maxUserConnections ?? 0,
  }
}

function maintenanceConnections({ databases }: Pick<ClusterSpec, 'databases'>): number {
  return databases.some(({ name }) => name === MAINTENANCE_DATABASE) ? 0 : MAINTENANCE_CONNECTIONS
}

function pooledDatabases({ databases }: ClusterSpec) {
  return databases.filter(({ pooled }) => pooled)
}
