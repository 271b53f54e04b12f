import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { failoverTimes } from '../render/failover-mode.ts'
import { poolSizes } from './pool-sizes.ts'
import { proxyLimits } from './proxy-limits.ts'
import type { SettingValues, Sourced, TunedSetting } from './tuned-setting.ts'

/** Limits and times of the components around PostgreSQL, named `pgbouncer.…`, `haproxy.…` and `patroni.…`. For explaining; the renderers compute the same. */
export function componentSettings({
  cluster,
  settings,
  nodeThreads,
}: {
  readonly cluster: ClusterSpec
  readonly settings: SettingValues
  readonly nodeThreads: Sourced<number>
}): readonly TunedSetting[] {
  return [
    ...poolerSettings(cluster, settings),
    ...proxySettings(cluster, settings, nodeThreads),
    ...failoverSettings(cluster),
  ]
}

/** True for what is no setting of PostgreSQL. */
export function isComponentSetting(name: string): boolean {
  return /^(pgbouncer|haproxy|patroni)\./.test(name)
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

function failoverSettings({ name, failover }: ClusterSpec): readonly TunedSetting[] {
  const times = failoverTimes(failover)
  const from = `clusters.${name}.failover`
  const rows: readonly (readonly [string, number, string])[] = [
    ['ttl', times.ttl, 'seconds after which a silent primary has lost its lease'],
    ['loop_wait', times.loopWait, 'seconds between two looks at the cluster'],
    ['retry_timeout', times.retryTimeout, 'seconds that etcd may be away; loop_wait and two of these fit into ttl'],
    ['primary_start_timeout', times.primaryStartTimeout, 'seconds in which a crashed primary may recover in place'],
  ]
  return rows.map(([key, value, because]) => ({
    name: `patroni.${key}`,
    value: String(value),
    because: `${because} (failover ${failover})`,
    from,
  }))
}
