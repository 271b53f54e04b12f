import type { ClusterAllocation, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, ExtensionSpec } from '../../../shared/domain/spec.ts'
import { withRequired } from '../extensions.ts'
import { DEFAULT_LIBRARIES, libraryList } from '../preload-libraries.ts'

type Why = NonNullable<ExtensionSpec['waits']>

/**
 * Extensions of a running cluster that cannot be created yet, and why. `packages`: a member's node cannot be given the package
 * now, so that its library must not be configured either: that server would not start again. `restart`: the library is loaded
 * only at a start, and nobody has allowed one.
 */
export function waitingExtensions({
  cluster,
  before,
  snapshot,
  restart,
}: {
  readonly cluster: ClusterSpec
  /** As it was last applied. */
  readonly before: ClusterSpec | undefined
  readonly snapshot: Snapshot
  readonly restart: boolean
}): ReadonlyMap<string, Why> {
  const allocation = snapshot.allocations.clusters[cluster.name]
  if (allocation?.bootstrapped !== true || cluster.standbyOf !== undefined) return new Map()
  const made = before === undefined ? new Set<string>() : madeExtensions(before)
  const loaded = loadedLibraries({ cluster, allocation, snapshot, restart, made })
  const names = new Set(extensionsOf(cluster).map(({ name }) => name))
  return new Map(
    [...names].flatMap((name): [string, Why][] => {
      const needed = withRequired(name, allocation.postgresVersion)
      const packages = needed.flatMap(({ packageName }) => packageName?.(allocation.postgresVersion) ?? [])
      if (!made.has(name) && packages.some(each => isOutOfReach(each, allocation, snapshot)))
        return [[name, 'packages']]
      const libraries = needed.flatMap(({ preload }) => preload ?? [])
      return libraries.every(library => loaded === 'all' || loaded.has(library)) ? [] : [[name, 'restart']]
    }),
  )
}

function extensionsOf({ databases, template }: ClusterSpec): readonly ExtensionSpec[] {
  return [template, ...databases].flatMap(({ extensions }) => extensions)
}

function madeExtensions(cluster: ClusterSpec): ReadonlySet<string> {
  return new Set(extensionsOf(cluster).flatMap(({ name, waits }) => (waits === undefined ? [name] : [])))
}

/** A member is on a node that does not have the package, and that cannot be changed now. */
function isOutOfReach(name: string, { members }: ClusterAllocation, { nodes }: Snapshot): boolean {
  return nodes.some(
    ({ id, state, manifest }) =>
      state !== 'ready' &&
      state !== 'draining' &&
      members.some(({ nodeId }) => nodeId === id) &&
      manifest?.packages.some(item => item.name === name) !== true,
  )
}

/**
 * What the servers have loaded when this plan comes to create extensions. Where members wait for a restart, only what has
 * been in use already is certain.
 */
function loadedLibraries({
  cluster,
  allocation,
  snapshot,
  restart,
  made,
}: {
  readonly cluster: ClusterSpec
  readonly allocation: ClusterAllocation
  readonly snapshot: Snapshot
  readonly restart: boolean
  readonly made: ReadonlySet<string>
}): ReadonlySet<string> | 'all' {
  const sleeps = allocation.hibernated !== undefined
  const configured = snapshot.appliedSettings?.[cluster.name]?.shared['shared_preload_libraries']
  if (!sleeps && (restart || configured === undefined)) return 'all'
  const inUse = [...made].flatMap(name =>
    withRequired(name, allocation.postgresVersion).flatMap(({ preload }) => preload ?? []),
  )
  const certain = sleeps || isPending(allocation, snapshot) ? [] : libraryList(configured ?? '')
  return new Set([...DEFAULT_LIBRARIES, ...inUse, ...certain])
}

function isPending({ members }: ClusterAllocation, { nodes }: Snapshot): boolean {
  const instances = new Set(members.map(({ instance }) => instance))
  return nodes.some(({ observation }) =>
    (observation?.instances ?? []).some(each => each.pendingRestart === true && instances.has(each.instance)),
  )
}
