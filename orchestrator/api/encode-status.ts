import type { EtcdMember } from '../../proto/gen/drover/v1/EtcdMember.ts'
import type { StatusResponse } from '../../proto/gen/drover/v1/StatusResponse.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Finding } from '../../shared/domain/health.ts'
import type { OperationSummary } from '../../shared/domain/operation.ts'
import { encodeCluster } from './encode-cluster.ts'
import { encodeFindings } from './encode-findings.ts'
import { encodeNode } from './encode-node.ts'
import { encodeSummary } from './encode-operation.ts'
import { removedClusters, tombstones } from './encode-tombstones.ts'
import type { FleetView } from './fleet-view.ts'
import { seenOf } from './freshness.ts'

/** What is observed of the whole fleet, or of one cluster and its nodes. Throws `not-found`. Pure. */
export function encodeStatus(parts: {
  readonly view: FleetView
  readonly fleet: { readonly id: string; readonly name: string }
  /** Those that are not over. */
  readonly operations: readonly OperationSummary[]
  readonly findings: readonly Finding[]
  /** Empty: all. */
  readonly cluster: string
}): StatusResponse {
  const { view, fleet, operations, findings, cluster } = parts
  const clusters = Object.entries(view.allocations.clusters)
    .filter(([name]) => cluster === '' || name === cluster)
    .sort(([left], [right]) => (left < right ? -1 : 1))
  if (cluster !== '' && clusters.length === 0 && view.allocations.removed?.[cluster] === undefined) {
    throw new DroverError('not-found', `there is no cluster ${JSON.stringify(cluster)}`, {
      hint: 'drover cluster list',
    })
  }
  const hosts = new Set(clusters.flatMap(([, { members }]) => members.map(({ nodeId }) => nodeId)))
  const nodes = [...view.nodes.values()].filter(({ record }) => cluster === '' || hosts.has(record.id))
  return {
    nodes: nodes.map(node => encodeNode(node, view.now)),
    clusters: clusters.map(([name, allocation]) => encodeCluster(name, allocation, view)),
    fleetId: fleet.id,
    fleetName: fleet.name,
    observedAtMs: view.now,
    etcd: etcdMembers(view),
    health: encodeFindings(findings, view, cluster),
    removed: removedClusters(view).filter(({ name }) => cluster === '' || name === cluster),
    tombstones: tombstones(view).filter(each => cluster === '' || each.cluster === cluster),
    operations: operations
      .filter(operation => cluster === '' || operation.clusters.includes(cluster))
      .map(operation => encodeSummary(operation)),
  }
}

function etcdMembers(view: FleetView): EtcdMember[] {
  return (view.allocations.etcd?.members ?? []).map(({ name, nodeId }) => {
    const node = view.nodes.get(nodeId)
    const seen = seenOf(node, view.now)
    const etcd = seen.kind === 'fresh' ? seen.observation.etcd : undefined
    return {
      name,
      node: node?.record.name ?? nodeId,
      healthy: etcd?.healthy ?? false,
      leader: etcd?.leader ?? false,
      version: etcd?.version ?? '',
      ...(etcd?.dbSizeBytes === undefined ? {} : { dbSizeBytes: etcd.dbSizeBytes }),
      ...(etcd?.dbSizeInUseBytes === undefined ? {} : { dbSizeInUseBytes: etcd.dbSizeInUseBytes }),
      ...(etcd?.quotaBytes === undefined ? {} : { quotaBytes: etcd.quotaBytes }),
      alarms: [...(etcd?.alarms ?? [])],
    }
  })
}
