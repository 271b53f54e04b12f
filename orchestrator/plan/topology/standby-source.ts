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

/** The cluster with a primary that everything in this one is copied from; itself, if it has one. The spec has no circles. */
export function originOf(cluster: ClusterSpec, spec: FleetSpec): ClusterSpec {
  const source = sourceOf(cluster, spec)
  return source === undefined ? cluster : originOf(source, spec)
}

/** A standby cluster is a byte-for-byte copy: its users and databases are those of its origin. */
export function withOriginRoles(cluster: ClusterSpec, spec: FleetSpec): ClusterSpec {
  const { users, databases } = originOf(cluster, spec)
  return { ...cluster, users, databases }
}

/** Where the passwords of the roles in a cluster are kept: with those of its origin. */
export function secretsOf(cluster: ClusterSpec, spec: FleetSpec): string {
  return `clusters/${originOf(cluster, spec).name}`
}

/** The slot on the source that holds WAL back for a standby cluster. */
export function standbySlot(cluster: ClusterName): string {
  return `drover_standby_${cluster.replaceAll('-', '_')}`
}
