import type { Allocations, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { fullMembers, topologyOf } from './cluster-topology.ts'

/** The label values of the members that may become primary; undefined where the node has none. */
export type Domains = readonly (string | undefined)[]

/**
 * How many standbys have to confirm each commit.
 *
 * With `across`, whatever member is primary, at least one of them is in another domain. Patroni does not know domains and
 * takes any standbys, but all that it takes must confirm. Let `largest` be the number of members that share the most common
 * value. A primary shares its value with at most `largest - 1` others, so among `largest` different standbys at least one has
 * another value (pigeonhole); and with `largest - 1` there may be none. Members without the label count as one domain, since
 * nothing says that they are apart.
 */
export function confirmingStandbys({ synchronous }: Pick<ClusterSpec, 'synchronous'>, domains: Domains): number {
  const others = Math.max(1, domains.length - 1)
  const wanted =
    synchronous.across === undefined ? synchronous.standbys : Math.max(synchronous.standbys, largestDomain(domains))
  return Math.min(wanted, others)
}

/** The domains of a cluster's full members, in their order; empty while it has no members. */
export function domainsOf(
  cluster: ClusterSpec,
  fleet: { readonly snapshot: Pick<Snapshot, 'nodes'>; readonly allocations: Allocations },
): Domains {
  const allocation = fleet.allocations.clusters[cluster.name]
  const label = cluster.synchronous.across
  if (allocation === undefined) return []
  return fullMembers(topologyOf(cluster, allocation)).map(({ nodeId }) =>
    label === undefined ? undefined : fleet.snapshot.nodes.find(({ id }) => id === nodeId)?.labels[label],
  )
}

/** True when no choice of standbys could be in another domain than every primary. */
export function isOneDomain(domains: Domains): boolean {
  return largestDomain(domains) === domains.length
}

function largestDomain(domains: Domains): number {
  return Math.max(...[...Map.groupBy(domains, domain => domain ?? '').values()].map(group => group.length), 0)
}
