import type { PackageItem } from '../../shared/domain/manifest.ts'
import type { FleetRuntime, RuntimeItem } from '../../shared/domain/runtime.ts'
import type { MemberAllocation, Snapshot } from '../../shared/domain/snapshot.ts'
import { clusterPackages } from './packages.ts'
import type { LocalInstance } from './render/members.ts'

/** True for what is built for one major version and lies below its folders, by the field's way of naming packages. */
export function isServerPackage(name: string, major: number): boolean {
  const parts = name.split('-')
  return parts.includes('postgresql') && parts.includes(String(major))
}

/** The runtime that a member has: its own, or for a new one its cluster's; undefined: what is installed. */
export function runtimeOf(
  { instance }: Pick<MemberAllocation, 'instance'>,
  cluster: string,
  { runtimes }: Pick<Snapshot, 'runtimes'>,
): FleetRuntime | undefined {
  const own = runtimes?.ofInstance[instance]
  const id = own === undefined ? runtimes?.ofCluster[cluster] : own
  return id === undefined || id === null ? undefined : runtimes?.known[id]
}

/**
 * The runtimes of one node: those that its instances run, with packages that their clusters have come to need since, and those
 * that are laid out for what comes. Sorted by name.
 */
export function nodeRuntimes(
  locals: readonly LocalInstance[],
  node: { readonly nodeId: string; readonly packages: readonly PackageItem[]; readonly snapshot: Snapshot },
): readonly RuntimeItem[] {
  const { runtimes } = node.snapshot
  if (runtimes === undefined) return []
  const staged = (runtimes.staged[node.nodeId] ?? []).flatMap(id => runtimes.known[id] ?? [])
  const used = locals.flatMap(({ runtime }) => runtime ?? [])
  const distinct = new Map([...staged, ...used].map(runtime => [runtime.id, runtime]))
  return [...distinct.values()]
    .map(({ id, postgresVersion, packages }) => ({
      id,
      postgresVersion,
      packages: [...packages, ...added({ id, postgresVersion, packages })],
    }))
    .sort((left, right) => (left.id < right.id ? -1 : 1))

  function added({ id, postgresVersion, packages }: RuntimeItem): readonly PackageItem[] {
    const users = locals.filter(({ runtime }) => runtime?.id === id)
    const needed = new Set(users.flatMap(({ cluster }) => clusterPackages(cluster, postgresVersion)))
    return node.packages.filter(
      ({ name }) =>
        needed.has(name) && isServerPackage(name, postgresVersion) && !packages.some(each => each.name === name),
    )
  }
}
