import type { Cluster } from '../../proto/gen/drover/v1/Cluster.ts'
import type { Tombstone } from '../../proto/gen/drover/v1/Tombstone.ts'
import { showObjectReference } from '../../shared/domain/object-reference.ts'
import type { FleetView } from './fleet-view.ts'

/** Members that left and whose data are kept, by name, then what left the clusters' PostgreSQL. Pure. */
export function tombstones(view: FleetView): readonly Tombstone[] {
  return [...members(view), ...objects(view)]
}

function objects({ allocations: { retired = [] } }: FleetView): readonly Tombstone[] {
  return retired
    .filter(({ dropped }) => dropped !== true)
    .map(object => ({
      cluster: object.cluster,
      object: showObjectReference(object),
      keptAs: object.hiddenAs ?? '',
      blocked: object.blocked ?? '',
      ...(object.hidden === undefined ? {} : { departedAtMs: object.hidden.at, eraseAfterMs: object.hidden.dropAfter }),
    }))
    .sort((left, right) => (left.object < right.object ? -1 : 1))
}

function members({ allocations, nodes }: FleetView): readonly Tombstone[] {
  return (allocations.departed ?? [])
    .map(({ instance, cluster, nodeId, dataDirectory, stopped }) => ({
      instance,
      cluster,
      node: nodes.get(nodeId)?.record.name ?? nodeId,
      dataDirectory,
      ...(stopped === undefined ? {} : { departedAtMs: stopped.at, eraseAfterMs: stopped.eraseAfter }),
    }))
    .sort((left, right) => (left.instance < right.instance ? -1 : 1))
}

/** Clusters that were taken away and can be brought back. Pure. */
export function removedClusters(view: FleetView): readonly Cluster[] {
  const { allocations, nodes } = view
  return Object.entries(allocations.removed ?? {})
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, { allocation }]) => {
      const marks = (allocations.departed ?? []).flatMap(({ cluster, stopped }) =>
        cluster === name ? (stopped ?? []) : [],
      )
      const at = marks.map(mark => mark.at)
      const until = marks.map(mark => mark.eraseAfter)
      return {
        name,
        postgresVersion: String(allocation.postgresVersion),
        state: 'removed',
        members: allocation.members.map(({ instance, nodeId }) => {
          const node = nodes.get(nodeId)?.record
          return {
            name: instance,
            node: node?.name ?? nodeId,
            address: node?.address ?? '',
            role: 'unknown',
            state: 'removed',
          }
        }),
        ...(at.length === 0 ? {} : { removedAtMs: Math.max(...at) }),
        ...(until.length === 0 ? {} : { eraseAfterMs: Math.min(...until) }),
      }
    })
}
