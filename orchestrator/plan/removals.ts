import { MAINTENANCE_DATABASE } from '../../shared/domain/maintenance-database.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'
import { clusterPlace, failure, warning, wordList } from './problems.ts'

/** What an apply of the spec cannot do to what exists, and what stays behind. */
export function checkRemovals(spec: FleetSpec, snapshot: Snapshot): readonly Problem[] {
  return spec.clusters.flatMap(cluster => [
    ...otherMajor(spec, cluster, snapshot),
    ...otherNodes(spec, cluster, snapshot),
    ...leftBehind(spec, cluster, snapshot),
  ])
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

/** A list of nodes, of the full members or of a group, that leaves out where one of them is. */
function otherNodes(spec: FleetSpec, cluster: ClusterSpec, snapshot: Snapshot): readonly Problem[] {
  const members = snapshot.allocations.clusters[cluster.name]?.members ?? []
  const lists = [
    { group: undefined, named: cluster.placement.nodes, path: 'placement.nodes' },
    ...cluster.replicas.map(({ name, nodes }, index) => ({
      group: name,
      named: nodes,
      path: `replicas[${index}].nodes`,
    })),
  ]
  return lists.flatMap(({ group, named, path }) => {
    if (named === undefined) return []
    const moved = members
      .filter(member => member.group === group)
      .flatMap(({ nodeId }) => snapshot.nodes.find(node => node.id === nodeId) ?? { name: nodeId, address: nodeId })
      .filter(node => !named.includes(node.name) && !named.includes(node.address))
      .map(node => node.name)
    if (moved.length === 0) return []
    return [
      failure({
        code: 'move-not-supported',
        message: `cluster ${cluster.name} has members on ${wordList(moved)}, which ${path} does not name; this version does not move members`,
        hint: `Keep ${wordList(moved)} in the list.`,
        ...clusterPlace(spec, cluster, path),
      }),
    ]
  })
}

/** Users and databases that left the spec stay in PostgreSQL: dropping them is nobody's side effect (S5). */
function leftBehind(spec: FleetSpec, cluster: ClusterSpec, snapshot: Snapshot): readonly Problem[] {
  const before = snapshot.appliedSpec?.clusters.find(each => each.name === cluster.name)
  const users = (before?.users ?? [])
    .filter(user => !cluster.users.some(each => each.name === user.name))
    .map(user => `user ${user.name}`)
  const databases = (before?.databases ?? [])
    .filter(database => !cluster.databases.some(each => each.name === database.name))
    .map(({ name }) => (name === MAINTENANCE_DATABASE ? `what is in database ${name}` : `database ${name}`))
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
