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

/** Full members and each group of replicas are counted apart: neither can stand in for the other. */
function fewerMembers(spec: FleetSpec, cluster: ClusterSpec, snapshot: Snapshot): readonly Problem[] {
  const members = snapshot.allocations.clusters[cluster.name]?.members ?? []
  const counts = Map.groupBy(members, member => member.group)
  return [...counts].flatMap(([group, { length }]) => {
    const index = cluster.replicas.findIndex(each => each.name === group)
    const wanted = group === undefined ? cluster.members : (cluster.replicas[index]?.members ?? 0)
    if (wanted >= length) return []
    const [whose, path] =
      group === undefined
        ? ['members', 'members']
        : [`members in ${group}`, index < 0 ? 'replicas' : `replicas[${index}].members`]
    return [
      failure({
        code: 'removal-not-supported',
        message: `cluster ${cluster.name} has ${length} ${whose} and the spec asks for ${wanted}; an apply never removes a member`,
        hint:
          index < 0 && group !== undefined
            ? `Put ${group} back into \`replicas\`: remove a member with its own command, which comes with the next release.`
            : `Set \`members: ${length}\`: remove a member with its own command, which comes with the next release.`,
        ...clusterPlace(spec, cluster, path),
      }),
    ]
  })
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
