import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'
import type { ClusterFile, FleetFile } from './schema.ts'

/** The file's words in the planner's words: sizes in bytes, setting values as text. */
export function toFleetSpec(file: FleetFile, lineOfCluster: (index: number) => number | undefined): FleetSpec {
  return {
    version: 1,
    fleet: { name: file.fleet.name, parameters: { clientNetworks: file.fleet.clientNetworks } },
    etcd: {
      members: file.etcd.members,
      labels: file.etcd.labels,
      quotaBytes: file.etcd.quota,
      compactionRetentionHours: file.etcd.compactionRetentionHours,
    },
    clusters: file.clusters.map((cluster, index) => toClusterSpec(cluster, lineOfCluster(index))),
  }
}

function toClusterSpec(cluster: ClusterFile, line: number | undefined): ClusterSpec {
  const { resources, users, databases, ...same } = cluster
  return {
    ...same,
    ...(line === undefined ? {} : { line }),
    resources: {
      ...(resources.cores === undefined ? {} : { cores: resources.cores }),
      ...(resources.memory === undefined ? {} : { memoryBytes: resources.memory }),
      ...(resources.disk === undefined ? {} : { diskBytes: resources.disk }),
    },
    users: users.map(user => ({ ...user, parameters: texts(user.parameters) })),
    databases: databases.map(database => ({ ...database, parameters: texts(database.parameters) })),
  }
}

function texts(parameters: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  const text = (value: string | number | boolean): string => {
    if (typeof value === 'boolean') return value ? 'on' : 'off'
    return String(value)
  }
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, text(value)]))
}
