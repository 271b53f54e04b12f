import { MAINTENANCE_OWNER } from '../../shared/domain/maintenance-database.ts'
import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'
import type { ClusterFile, FleetFile } from './schema.ts'

/** The file's words in the planner's words: sizes in bytes, setting values as text. */
export function toFleetSpec(file: FleetFile, lineOfCluster: (index: number) => number | undefined): FleetSpec {
  const { health, upgrades } = file.fleet
  const { soak, ...policy } = upgrades
  return {
    version: 1,
    fleet: {
      name: file.fleet.name,
      parameters: {
        clientNetworks: file.fleet.clientNetworks,
        limits: file.fleet.limits,
        kernel: file.fleet.kernel,
        drift: file.fleet.drift,
        ...(Object.keys(health).length === 0 ? {} : { health }),
        ...(Object.keys(upgrades).length === 0
          ? {}
          : { upgrades: { ...policy, ...(soak === undefined ? {} : { soakSeconds: soak }) } }),
      },
    },
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
  const { resources, users, databases, placement, replicas, standbyOf, failoverLag, cloneRate, ...same } = cluster
  const level = isolationLevel(placement)
  return {
    ...same,
    ...(line === undefined ? {} : { line }),
    failoverLagBytes: failoverLag,
    cloneRateBytes: cloneRate,
    placement: {
      labels: placement.labels,
      spread: placement.spread,
      ...(level === undefined ? {} : { isolation: level }),
      ...(placement.nodes === undefined ? {} : { nodes: placement.nodes }),
    },
    replicas: replicas.map(({ delay, ...group }) => ({
      ...group,
      ...(delay === undefined ? {} : { delaySeconds: delay }),
    })),
    ...(standbyOf === undefined ? {} : { standbyOf: { cluster: standbyOf.cluster, delaySeconds: standbyOf.delay } }),
    resources: {
      ...(resources.cores === undefined ? {} : { cores: resources.cores }),
      ...(resources.memory === undefined ? {} : { memoryBytes: resources.memory }),
      ...(resources.disk === undefined ? {} : { diskBytes: resources.disk }),
      ...(resources.iops === undefined ? {} : { iops: resources.iops }),
      ...(resources.fsync === undefined ? {} : { fsyncMicros: Math.round(resources.fsync * 1e6) }),
    },
    users: users.map(user => ({ ...user, parameters: texts(user.parameters) })),
    databases: databases.map(({ owner = MAINTENANCE_OWNER, ...database }) => ({
      ...database,
      owner,
      parameters: texts(database.parameters),
    })),
  }
}

/** `require` stands for the widest level of `spread`; any other word but `prefer` is a level itself. */
function isolationLevel({ isolation, spread }: ClusterFile['placement']): string | undefined {
  if (isolation === 'prefer') return undefined
  return isolation === 'require' ? spread[0] : isolation
}

function texts(parameters: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  const text = (value: string | number | boolean): string => {
    if (typeof value === 'boolean') return value ? 'on' : 'off'
    return String(value)
  }
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, text(value)]))
}
