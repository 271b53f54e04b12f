import type { ClusterSpec } from '../../../shared/domain/spec.ts'

/** Each proxied connection takes two descriptors; the unit allows 65536, and the proxy needs some for itself. */
const MOST_CONNECTIONS = 32_000

export interface ProxyLimits {
  readonly maxConnections: number
  readonly threads: number
}

/**
 * HAProxy's own limits for one cluster: clients of both pooled services, and as many direct connections as PostgreSQL could
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
  return {
    maxConnections: Math.min(MOST_CONNECTIONS, 2 * cluster.pooler.maxClientConnections + 4 * postgresConnections),
    threads: Math.max(1, Math.min(4, Math.floor(nodeThreads / 4))),
  }
}
