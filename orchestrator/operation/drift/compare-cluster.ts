import type { ClusterDrift, ClusterDriftItem, ClusterRepair } from '../../../shared/domain/cluster-drift.ts'
import type { ObjectDifference } from '../../../shared/domain/object-difference.ts'
import { configurationDrift } from './configuration-drift.ts'
import type { Expectation } from './expectation.ts'
import { serverDrift } from './server-drift.ts'
import { leaderOf, type SeenMember, topologyDrift } from './topology-drift.ts'

export interface SeenCluster {
  readonly members: readonly (SeenMember & {
    /** Why its server could not be looked at. */
    readonly why?: string
    /** Unix milliseconds. */
    readonly toldAt?: number
  })[]
  /** Of users, databases and what is in them; `why`: they could not be compared. Absent: they are another cluster's. */
  readonly objects?: { readonly differences: readonly ObjectDifference[] } | { readonly why: string }
}

/** Everything of a cluster that its nodes' manifests do not hold, against what was applied. Pure. */
export function compareCluster(expectation: Expectation, seen: SeenCluster): ClusterDrift {
  const { cluster, config } = expectation
  const leader = leaderOf(seen.members)
  const configuration =
    leader?.survey === undefined ? undefined : configurationDrift(cluster.name, config, leader.survey.config)
  const servers = seen.members.flatMap(({ expected, survey }) => {
    const { instance, nodeId, file } = expected
    if (survey === undefined || file === undefined) return []
    return [{ instance, nodeId, ...serverDrift({ cluster: cluster.name, instance, file, survey }) }]
  })
  const topology = topologyDrift(expectation, seen.members, leader)
  const objects = objectDrift(seen)
  const items = [...(configuration?.items ?? []), ...servers.flatMap(each => each.items), ...objects, ...topology]
  const told = seen.members.flatMap(({ toldAt }) => toldAt ?? [])
  const repair: ClusterRepair = {
    ...(configuration?.putBack === undefined ? {} : { configuration: configuration.putBack }),
    servers: reloads(seen, items, servers),
    provision: objects.some(each => each.repair.by === 'apply'),
  }
  return {
    cluster: cluster.name,
    items,
    unknown: unknownParts(seen, leader !== undefined),
    ...(told.length === 0 ? {} : { checkedAt: Math.min(...told) }),
    repair,
  }
}

function reloads(
  { members }: SeenCluster,
  items: readonly ClusterDriftItem[],
  servers: readonly { readonly instance: string; readonly reset: readonly string[] }[],
): ClusterRepair['servers'] {
  return members.flatMap(({ expected: { instance, nodeId } }) => {
    const own = items.filter(item => item.instance === instance)
    if (!own.some(({ repair }) => repair.by === 'apply' && repair.how === 'reload')) return []
    return [{ instance, nodeId, reset: servers.find(each => each.instance === instance)?.reset ?? [] }]
  })
}

function objectDrift({ objects }: SeenCluster): readonly ClusterDriftItem[] {
  if (objects === undefined || 'why' in objects) return []
  return objects.differences.map(({ object, property, expected, found, undo }) => ({
    kind: 'object',
    name: property === undefined ? object : `${object}: ${property}`,
    expected,
    found,
    repair: undo === undefined ? { by: 'apply', how: 'provision' } : { by: 'people', command: undo },
  }))
}

function unknownParts({ members, objects }: SeenCluster, hasLeader: boolean): readonly string[] {
  return [
    ...members.flatMap(({ expected, survey, why }) =>
      survey === undefined ? [`${expected.instance}: ${why ?? 'its server has not been looked at yet'}`] : [],
    ),
    ...(hasLeader ? [] : ['nobody leads the cluster']),
    ...(objects !== undefined && 'why' in objects ? [`users and databases: ${objects.why}`] : []),
  ]
}
