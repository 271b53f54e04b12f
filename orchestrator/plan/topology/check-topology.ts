import { factOr } from '../../../shared/domain/facts.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { Allocations, Snapshot, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../../shared/domain/spec.ts'
import { platformsAmong } from '../node-view.ts'
import { clusterPlace, failure, warning, wordList } from '../problems.ts'
import { domainsOf, isOneDomain } from './confirming-standbys.ts'
import { sourceOf } from './standby-source.ts'

export interface TopologyInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly allocations: Allocations
}

/** What the nodes that were chosen, or what runs already, make impossible or unwise. */
export function checkTopology(input: TopologyInput): readonly Problem[] {
  return input.spec.clusters.flatMap(cluster => [
    ...otherSource(cluster, input),
    ...unlikeSource(cluster, input),
    ...oneDomain(cluster, input),
    ...sharedWatchdog(cluster, input),
    ...containedWatchdog(cluster, input),
  ])
}

/** What a cluster follows is chosen when it is made: its data are a copy of that, or are its own. */
function otherSource(cluster: ClusterSpec, { spec, snapshot }: TopologyInput): readonly Problem[] {
  const before = snapshot.appliedSpec?.clusters.find(each => each.name === cluster.name)
  if (before === undefined || snapshot.allocations.clusters[cluster.name] === undefined) return []
  const [had, wants] = [before.standbyOf?.cluster, cluster.standbyOf?.cluster]
  if (had === wants) return []
  const place = clusterPlace(spec, cluster, 'standbyOf')
  if (had === undefined)
    return [
      failure({
        code: 'demotion-not-supported',
        message: `cluster ${cluster.name} has data of its own, which following ${wants} would replace; an apply never does that`,
        hint: 'Make a new cluster with `standbyOf`.',
        ...place,
      }),
    ]
  return [
    failure({
      code: 'promotion-not-supported',
      message:
        wants === undefined
          ? `cluster ${cluster.name} is a standby cluster of ${had}; without \`standbyOf\` it would take writes of its own beside it, and an apply never promotes one`
          : `cluster ${cluster.name} is a copy of ${had} and cannot become one of ${wants}`,
      hint: `Set \`standbyOf: { cluster: ${had} }\`: promoting it is a command of its own, which comes with a later release.`,
      ...place,
    }),
  ]
}

/** A copy of PostgreSQL's files runs on the same major version, architecture and collations only (S7). */
function unlikeSource(cluster: ClusterSpec, input: TopologyInput): readonly Problem[] {
  const source = sourceOf(cluster, input.spec)
  if (source === undefined) return []
  const { [cluster.name]: own, [source.name]: theirs } = input.allocations.clusters
  if (own === undefined || theirs === undefined) return []
  const place = clusterPlace(input.spec, cluster, 'standbyOf')
  if (own.postgresVersion !== theirs.postgresVersion)
    return [
      failure({
        code: 'standby-version',
        message: `cluster ${cluster.name} would have PostgreSQL ${own.postgresVersion}, and ${source.name}, which it copies, has ${theirs.postgresVersion}`,
        hint: `Set \`postgresVersion: ${theirs.postgresVersion}\`.`,
        ...place,
      }),
    ]
  const platforms = [cluster, source].map(each => platformsOf(each, input))
  const [ours = [], origin = []] = platforms
  if (ours.every(platform => origin.includes(platform))) return []
  return [
    failure({
      code: 'standby-platform',
      message: `cluster ${cluster.name} would be on ${wordList(ours)}, and ${source.name}, which it copies, is on ${wordList(origin)}: indexes of text would be wrong`,
      hint: 'Place it on nodes of the same platform, with `placement.labels`.',
      ...place,
    }),
  ]
}

function oneDomain(cluster: ClusterSpec, input: TopologyInput): readonly Problem[] {
  const label = cluster.synchronous.across
  if (label === undefined || cluster.durability === 'async' || cluster.standbyOf !== undefined) return []
  const domains = domainsOf(cluster, input)
  if (domains.length < 2 || !isOneDomain(domains)) return []
  const [domain] = domains
  return [
    failure({
      code: 'one-domain',
      message: `no standby of cluster ${cluster.name} could confirm from another ${label}: ${domain === undefined ? `no node of its members has that label` : `all of its members are in ${domain}`}`,
      hint: `Spread its members over \`${label}\` (\`placement.isolation: ${label}\`), or remove \`synchronous.across\`.`,
      ...clusterPlace(input.spec, cluster, 'synchronous.across'),
    }),
  ]
}

/** The kernel lets one process hold the device, so of two Patronis on a host one goes without. */
function sharedWatchdog(cluster: ClusterSpec, input: TopologyInput): readonly Problem[] {
  if (cluster.watchdog === 'off') return []
  const others = input.spec.clusters.filter(({ name, watchdog }) => name !== cluster.name && watchdog !== 'off')
  const shared = nodesOf(cluster, input).filter(node => others.some(other => nodesOf(other, input).includes(node)))
  if (shared.length === 0) return []
  const names = wordList(shared.map(({ name }) => name))
  const report = cluster.watchdog === 'required' ? failure : warning
  return [
    report({
      code: 'watchdog-shared',
      message: `cluster ${cluster.name} shares ${names} with another cluster that uses the watchdog, and only one of them gets the device${cluster.watchdog === 'required' ? '; the other could never become primary there' : ''}`,
      hint: 'Set `watchdog: off` for one of them, or place them apart.',
      ...clusterPlace(input.spec, cluster, 'watchdog'),
    }),
  ]
}

/** Devices of the kernel are not a container's own, and it cannot load `softdog`: whoever runs it has to pass one in. */
function containedWatchdog(cluster: ClusterSpec, input: TopologyInput): readonly Problem[] {
  if (cluster.watchdog !== 'required') return []
  const containers = nodesOf(cluster, input).filter(
    ({ facts }) => facts !== undefined && factOr(facts.virtualization, 'none') === 'container',
  )
  if (containers.length === 0) return []
  const names = wordList(containers.map(({ name }) => name))
  return [
    warning({
      code: 'watchdog-container',
      message: `cluster ${cluster.name} requires a watchdog, and ${names} ${containers.length === 1 ? 'is a container, which has' : 'are containers, which have'} one only if it is passed in from outside; without it Patroni makes no primary there`,
      hint: 'Pass /dev/watchdog into the container, or set `watchdog: automatic`.',
      ...clusterPlace(input.spec, cluster, 'watchdog'),
    }),
  ]
}

function nodesOf({ name }: ClusterSpec, { snapshot, allocations }: TopologyInput): readonly SnapshotNode[] {
  return (allocations.clusters[name]?.members ?? []).flatMap(
    ({ nodeId }) => snapshot.nodes.find(({ id }) => id === nodeId) ?? [],
  )
}

function platformsOf(cluster: ClusterSpec, input: TopologyInput): readonly string[] {
  return [...new Set(nodesOf(cluster, input).map(platformsAmong(input.snapshot.nodes)))].sort()
}
