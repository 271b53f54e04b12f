import type { ClusterName, InstanceName } from '../../../shared/domain/ids.ts'

export const ETCD_UNIT = 'drover-etcd.service'

export function patroniUnit(instance: InstanceName): string {
  return `drover-patroni@${instance}.service`
}

export type PoolerKind = 'rw' | 'ro'

export function poolerUnit(kind: PoolerKind, instance: InstanceName): string {
  return `drover-pgbouncer-${kind}@${instance}.service`
}

export function haproxyUnit(cluster: ClusterName): string {
  return `drover-haproxy@${cluster}.service`
}
