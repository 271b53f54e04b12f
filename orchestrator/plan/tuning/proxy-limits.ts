import type { ClusterSpec } from '../../../shared/domain/spec.ts'

/** Each proxied connection takes two descriptors; the unit allows 65536, and the proxy needs some for itself. */
const MOST_CONNECTIONS = 32_000

export interface ProxyLimits {
  readonly maxConnections: number
  readonly threads: number
}

/**
 * HAProxy's own limits for one cluster: clients of every pooled service, and for each direct one twice what PostgreSQL could
 * ever take. One thread forwards some ten thousand sessions; more only take cores from PostgreSQL.
 */
export function proxyLimits({
  cluster,
  postgresConnections,
  nodeThreads,
}: {
  readonly cluster: ClusterSpec
  readonly postgresConnections: number
  readonly nodeThreads: number
}): ProxyLimits {
  const pooled = cluster.pooler.maxClientConnections
  const direct = 2 * postgresConnections
  const declared = cluster.services.map(
    ({ target, maxConnections }) => maxConnections ?? (target === 'pooler' ? pooled : direct),
  )
  const wanted = declared.reduce((sum, each) => sum + each, BUILT_IN_POOLED * pooled + BUILT_IN_DIRECT * direct)
  return {
    maxConnections: Math.min(MOST_CONNECTIONS, wanted),
    threads: Math.max(1, Math.min(4, Math.floor(nodeThreads / 4))),
  }
}

/** `primary` and `replica`. */
const BUILT_IN_POOLED = 2
/** `default` and `offline`. */
const BUILT_IN_DIRECT = 2
