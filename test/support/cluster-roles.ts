import { type ClusterStatus, nodeOf } from './fleet-status.ts'

export interface Role {
  readonly name: string
  readonly node: string
}

export interface Roles {
  readonly primary: Role
  readonly synchronous: Role
}

/** Throws when no standby confirms commits. */
export function rolesOf(cluster: ClusterStatus): Roles {
  const synchronous = cluster.members.find(({ role }) => role === 'sync-standby')
  if (synchronous === undefined) throw new Error(`${cluster.name} has no synchronous standby`)
  return { primary: { name: cluster.primary, node: nodeOf(cluster, cluster.primary) }, synchronous }
}
