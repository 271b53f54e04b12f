import type { ClusterName, InstanceName } from '../../../shared/domain/ids.ts'

export const CONFIG = '/etc/drover'
export const STATE = '/var/lib/drover'

export interface TlsPaths {
  readonly directory: string
  readonly cert: string
  readonly key: string
  readonly ca: string
}

/** One certificate for each thing that has an identity: an instance by its name (PostgreSQL, Patroni, its poolers), or `etcd`. */
export function tlsPaths(subject: string): TlsPaths {
  const directory = `${CONFIG}/tls/${subject}`
  return { directory, cert: `${directory}/tls.crt`, key: `${directory}/tls.key`, ca: `${directory}/ca.crt` }
}

export interface InstancePaths {
  readonly home: string
  readonly data: string
  readonly pgpass: string
  readonly socket: string
  readonly patroniDirectory: string
  readonly patroniConfig: string
  /** A link to what its programs are below. */
  readonly runtime: string
  readonly poolerDirectory: string
}

export function instancePaths(instance: InstanceName): InstancePaths {
  const home = `${STATE}/pg/${instance}`
  const patroniDirectory = `${CONFIG}/patroni/${instance}`
  return {
    home,
    data: `${home}/data`,
    pgpass: `${home}/pgpass`,
    socket: `/run/drover-pg/${instance}`,
    patroniDirectory,
    patroniConfig: `${patroniDirectory}/patroni.yml`,
    runtime: `${patroniDirectory}/runtime`,
    poolerDirectory: `${CONFIG}/pgbouncer/${instance}`,
  }
}

export function haproxyConfig(cluster: ClusterName): string {
  return `${CONFIG}/haproxy/${cluster}.cfg`
}

export function haproxyStates(cluster: ClusterName): string {
  return `${CONFIG}/haproxy/${cluster}.states`
}

export function haproxySocket(cluster: ClusterName): string {
  return `/run/drover-haproxy/${cluster}/admin.sock`
}

export const PATRONI_LAUNCHER = `${CONFIG}/patroni/launch.py`
export const ETCD_CONFIG = `${CONFIG}/etcd/etcd.yml`
export const ETCD_DATA = `${STATE}/etcd`
