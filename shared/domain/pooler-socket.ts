import type { InstanceName } from './ids.ts'

/** `rw` leads to the primary, `ro` to the member's own server. */
export type PoolerKind = 'rw' | 'ro'

/** Folder of the socket of an instance's pooler. */
export function poolerSocket(kind: PoolerKind, instance: InstanceName): string {
  return `/run/drover-pgbouncer/${instance}-${kind}`
}
