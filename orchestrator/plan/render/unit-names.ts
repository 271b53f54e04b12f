import type { ClusterName, InstanceName } from '../../../shared/domain/ids.ts'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'

export const ETCD_UNIT = 'drover-etcd.service'

export function patroniUnit(instance: InstanceName): string {
  return `drover-patroni@${instance}.service`
}

/** `rw` leads to the primary, `ro` to the local instance. */
export type PoolerKind = 'rw' | 'ro'

/** A standby cluster has nowhere to write to. */
export function poolerKinds({ standbyOf }: Pick<ClusterSpec, 'standbyOf'>): readonly PoolerKind[] {
  return standbyOf === undefined ? ['rw', 'ro'] : ['ro']
}

export function poolerUnit(kind: PoolerKind, instance: InstanceName): string {
  return `drover-pgbouncer-${kind}@${instance}.service`
}

export function haproxyUnit(cluster: ClusterName): string {
  return `drover-haproxy@${cluster}.service`
}
