import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { poolSizes } from './pool-sizes.ts'
import { proxyLimits } from './proxy-limits.ts'
import type { SettingValues, Sourced, TunedSetting } from './tuned-setting.ts'

/** Limits of the programs in front of PostgreSQL, named `pgbouncer.…` and `haproxy.…`. For explaining; the renderers compute the same. */
export function componentSettings({
  cluster,
  settings,
  nodeThreads,
}: {
  readonly cluster: ClusterSpec
  readonly settings: SettingValues
  readonly nodeThreads: Sourced<number>
}): readonly TunedSetting[] {
  return [...poolerSettings(cluster, settings), ...proxySettings(cluster, settings, nodeThreads)]
}

/** True for what is no setting of PostgreSQL. */
export function isComponentSetting(name: string): boolean {
  return /^(pgbouncer|haproxy|patroni|drover)\./.test(name)
}

function poolerSettings(cluster: ClusterSpec, settings: SettingValues): readonly TunedSetting[] {
  const { rw } = poolSizes(cluster, settings)
  const from = `max_connections ${settings['max_connections']}`
  const file = (key: string, given: unknown): string =>
    given === undefined ? from : `clusters.${cluster.name}.pooler.${key}`
  return [
    {
      name: 'pgbouncer.max_client_conn',
      value: String(cluster.pooler.maxClientConnections),
      because: 'clients that may wait for a server connection',
      from: `clusters.${cluster.name}.pooler.maxClientConnections`,
    },
    {
      name: 'pgbouncer.max_db_connections',
      value: String(rw.maxDatabaseConnections),
      because: 'all pools together leave a fifth of PostgreSQL to direct clients; shared by the pooled databases',
      from: file('maxDatabaseConnections', cluster.pooler.maxDatabaseConnections),
    },
    {
      name: 'pgbouncer.default_pool_size',
      value: String(rw.defaultPoolSize),
      because: 'one user cannot take all connections of a database',
      from: file('poolSize', cluster.pooler.poolSize),
    },
    {
      name: 'pgbouncer.reserve_pool_size',
      value: String(rw.reservePoolSize),
      because: 'a quarter more for clients that have waited',
      from: file('reserveSize', cluster.pooler.reserveSize),
    },
    {
      name: 'pgbouncer.max_user_connections',
      value: String(rw.maxUserConnections),
      because: rw.maxUserConnections === 0 ? 'the pools limit users already' : 'set in the spec',
      from: file('maxUserConnections', cluster.pooler.maxUserConnections),
    },
  ]
}

function proxySettings(
  cluster: ClusterSpec,
  settings: SettingValues,
  nodeThreads: Sourced<number>,
): readonly TunedSetting[] {
  const limits = proxyLimits({
    cluster,
    postgresConnections: Number(settings['max_connections'] ?? 100),
    nodeThreads: nodeThreads.value,
  })
  return [
    {
      name: 'haproxy.maxconn',
      value: String(limits.maxConnections),
      because: 'clients of both pooled services, and four times what PostgreSQL takes directly',
      from: `clusters.${cluster.name}.pooler.maxClientConnections`,
    },
    {
      name: 'haproxy.nbthread',
      value: String(limits.threads),
      because: 'a quarter of the threads of the node, at most 4',
      from: nodeThreads.from,
    },
  ]
}
