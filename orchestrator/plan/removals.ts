import { objectPhrase, showObjectReference } from '../../shared/domain/object-reference.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'
import { objectsWithout } from './contents/declared-objects.ts'
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

/** What left the spec stays in PostgreSQL: dropping it is nobody's side effect (S5). What is in a database that left goes without saying. */
function leftBehind(spec: FleetSpec, cluster: ClusterSpec, { allocations }: Snapshot): readonly Problem[] {
  const left = objectsWithout(cluster.left ?? [], allocations.retired ?? [])
  const databases = new Set((cluster.left ?? []).flatMap(({ kind, name }) => (kind === 'database' ? [name] : [])))
  const told = left.filter(({ database }) => database === undefined || !databases.has(database))
  const [first] = told
  if (first === undefined) return []
  return [
    warning({
      code: 'left-behind',
      message: `not in the spec of cluster ${cluster.name} any more: ${wordList(told.map(objectPhrase))} (kept)`,
      hint: `Declare ${told.length === 1 ? 'it' : 'them'} again, or drop by name: \`drover apply --remove ${showObjectReference(first)}\`.`,
      ...clusterPlace(spec, cluster),
    }),
  ]
}
