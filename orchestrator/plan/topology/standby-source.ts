import type { ClusterName } from '../../../shared/domain/ids.ts'
import type { ClusterSpec, FleetSpec } from '../../../shared/domain/spec.ts'

/** The cluster that a standby cluster follows; undefined for one with a primary of its own. */
export function sourceOf(cluster: ClusterSpec, spec: FleetSpec): ClusterSpec | undefined {
  return spec.clusters.find(({ name }) => name === cluster.standbyOf?.cluster)
}

/** The clusters that follow this one, by name. */
export function followersOf(cluster: ClusterName, spec: FleetSpec): readonly ClusterSpec[] {
  return spec.clusters
    .filter(({ standbyOf }) => standbyOf?.cluster === cluster)
    .sort((left, right) => (left.name < right.name ? -1 : 1))
}

/**
 * A standby cluster is a byte-for-byte copy: roles, passwords and databases are those of its source. Its own declarations
 * count when it is a cluster in its own right.
 */
export function withSourceRoles(cluster: ClusterSpec, spec: FleetSpec): ClusterSpec {
  const source = sourceOf(cluster, spec)
  return source === undefined ? cluster : { ...cluster, users: source.users, databases: source.databases }
}

/** Where the passwords of the roles in this cluster's files are kept. */
export function secretsOf(cluster: ClusterSpec): string {
  return `clusters/${cluster.standbyOf?.cluster ?? cluster.name}`
}

/** The slot on the source that holds WAL back for a standby cluster. */
export function standbySlot(cluster: ClusterName): string {
  return `drover_standby_${cluster.replaceAll('-', '_')}`
}
