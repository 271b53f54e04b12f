import type { Problem } from '../../shared/domain/problem.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'
import { clusterPlace, failure, warning, wordList } from './problems.ts'

/** What the spec would take away. Clusters and members are never removed by an apply; what stays behind is said. */
export function checkRemovals(spec: FleetSpec, snapshot: Snapshot): readonly Problem[] {
  const gone = Object.keys(snapshot.allocations.clusters).filter(
    name => !spec.clusters.some(cluster => cluster.name === name),
  )
  return [
    ...gone.sort().map(name =>
      failure({
        code: 'removal-not-supported',
        message: `cluster ${name} exists and the spec no longer has it; an apply never removes a cluster`,
        hint: 'Put it back into the spec: remove it with its own command, which comes with the next release.',
        path: 'clusters',
      }),
    ),
    ...spec.clusters.flatMap(cluster => [
      ...fewerMembers(spec, cluster, snapshot),
      ...otherMajor(spec, cluster, snapshot),
      ...otherNodes(spec, cluster, snapshot),
      ...leftBehind(spec, cluster, snapshot),
    ]),
  ]
}

function fewerMembers(spec: FleetSpec, cluster: ClusterSpec, snapshot: Snapshot): readonly Problem[] {
  const has = snapshot.allocations.clusters[cluster.name]?.members.length ?? 0
  if (cluster.members >= has) return []
  return [
    failure({
      code: 'removal-not-supported',
      message: `cluster ${cluster.name} has ${has} members and the spec asks for ${cluster.members}; an apply never removes a member`,
      hint: `Set \`members: ${has}\`: remove a member with its own command, which comes with the next release.`,
      ...clusterPlace(spec, cluster, 'members'),
    }),
  ]
}

function otherMajor(spec: FleetSpec, cluster: ClusterSpec, snapshot: Snapshot): readonly Problem[] {
  const has = snapshot.allocations.clusters[cluster.name]?.postgresVersion
  if (has === undefined || cluster.postgresVersion === undefined || cluster.postgresVersion === has) return []
  return [
    failure({
      code: 'major-upgrade-not-supported',
      message: `cluster ${cluster.name} runs PostgreSQL ${has} and the spec asks for ${cluster.postgresVersion}; an apply never changes the major version`,
      hint: `Set \`postgresVersion: ${has}\`, or make a new cluster.`,
      ...clusterPlace(spec, cluster, 'postgresVersion'),
    }),
  ]
}

function otherNodes(spec: FleetSpec, cluster: ClusterSpec, snapshot: Snapshot): readonly Problem[] {
  const named = cluster.placement.nodes
  if (named === undefined) return []
  const holders = (snapshot.allocations.clusters[cluster.name]?.members ?? []).map(
    member => snapshot.nodes.find(node => node.id === member.nodeId)?.name ?? member.nodeId,
  )
  const moved = holders.filter(name => !named.includes(name))
  if (moved.length === 0) return []
  return [
    failure({
      code: 'move-not-supported',
      message: `cluster ${cluster.name} has members on ${wordList(moved)}, which placement.nodes does not name; this version does not move members`,
      hint: `Keep ${wordList(moved)} in the list.`,
      ...clusterPlace(spec, cluster, 'placement.nodes'),
    }),
  ]
}

/** Users and databases that left the spec stay in PostgreSQL: dropping them is nobody's side effect (S5). */
function leftBehind(spec: FleetSpec, cluster: ClusterSpec, snapshot: Snapshot): readonly Problem[] {
  const before = snapshot.appliedSpec?.clusters.find(each => each.name === cluster.name)
  const users = (before?.users ?? [])
    .filter(user => !cluster.users.some(each => each.name === user.name))
    .map(user => `user ${user.name}`)
  const databases = (before?.databases ?? [])
    .filter(database => !cluster.databases.some(each => each.name === database.name))
    .map(database => `database ${database.name}`)
  const left = [...users, ...databases]
  if (left.length === 0) return []
  return [
    warning({
      code: 'left-behind',
      message: `${wordList(left)} left the spec of cluster ${cluster.name} but ${left.length === 1 ? 'stays' : 'stay'} in PostgreSQL: an apply drops nothing`,
      hint: `Drop by hand when sure: \`drover cluster psql ${cluster.name}\`.`,
      ...clusterPlace(spec, cluster),
    }),
  ]
}
