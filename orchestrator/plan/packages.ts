import type { PackageItem } from '../../shared/domain/manifest.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { Allocations, Snapshot, SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'
import { clusterExtensions, extensionPackages } from './extensions.ts'
import { isSupported, MAJORS, majorOn } from './operating-systems.ts'
import { failure } from './problems.ts'

/** The voters' packages. */
const ETCD_PACKAGES = ['etcd-server', 'etcd-client']
/** python3-etcd by name: Patroni would also accept Consul's library, which does not speak to etcd. */
const MEMBER_PACKAGES = ['patroni', 'python3-etcd', 'haproxy', 'pgbouncer']

/** What of a cluster decides about its packages. */
export type PackageDemand = Pick<ClusterSpec, 'postgresVersion' | 'template' | 'databases' | 'packages' | 'left'>

/** Every package that nodes of an OS may need for this spec, sorted: what the orchestrator asks the package sources for before it plans. */
export function requiredPackages(spec: { readonly clusters: readonly PackageDemand[] }, os: string): readonly string[] {
  if (!isSupported(os)) return []
  return sorted([
    ...ETCD_PACKAGES,
    ...spec.clusters.flatMap(cluster => clusterPackages(cluster, majorOn(os, cluster.postgresVersion))),
  ])
}

/** Every package that any spec could need on an OS, but for those that specs name one by one; empty for an OS that Drover does not run on. */
export function plannablePackages(os: string): readonly string[] {
  if (!isSupported(os)) return []
  return sorted([
    ...ETCD_PACKAGES,
    ...MEMBER_PACKAGES,
    ...MAJORS.flatMap(major => [`postgresql-${major}`, `postgresql-client-${major}`, ...extensionPackages(major)]),
  ])
}

/** Packages of one member of a cluster. Extensions that are not known are left out; check-extensions.ts reports them. */
export function clusterPackages(cluster: PackageDemand, major: number): readonly string[] {
  return sorted([
    ...MEMBER_PACKAGES,
    `postgresql-${major}`,
    `postgresql-client-${major}`,
    ...clusterExtensions(cluster, major).flatMap(({ packageName }) => packageName?.(major) ?? []),
    ...cluster.packages,
  ])
}

/** The package names of one node, from what is allocated to it. */
export function nodePackageNames({
  spec,
  allocations,
  nodeId,
}: {
  readonly spec: FleetSpec
  readonly allocations: Allocations
  readonly nodeId: string
}): readonly string[] {
  const voter = allocations.etcd?.members.some(member => member.nodeId === nodeId) ?? false
  const clusters = spec.clusters.flatMap(cluster => {
    const allocation = allocations.clusters[cluster.name]
    return allocation?.members.some(member => member.nodeId === nodeId)
      ? clusterPackages(cluster, allocation.postgresVersion)
      : []
  })
  return sorted([...(voter ? ETCD_PACKAGES : []), ...clusters])
}

/**
 * The node's packages with exact versions. What is installed stays as it is, and nodes of one OS agree, so that a newer
 * version on offer never turns an apply into an upgrade: that has a command of its own.
 */
export function pinPackages({
  node,
  names,
  snapshot,
}: {
  readonly node: SnapshotNode
  readonly names: readonly string[]
  readonly snapshot: Snapshot
}): { readonly packages: readonly PackageItem[]; readonly problems: readonly Problem[] } {
  const packages: PackageItem[] = []
  const problems: Problem[] = []
  for (const name of names) {
    const version = pinnedVersion({ node, name, snapshot })
    if (version === undefined) problems.push(notOnOffer(name, node))
    else packages.push({ name, version })
  }
  return { packages, problems }
}

export function isOnOffer({
  node,
  name,
  snapshot,
}: {
  readonly node: SnapshotNode
  readonly name: string
  readonly snapshot: Snapshot
}): boolean {
  return pinnedVersion({ node, name, snapshot }) !== undefined
}

function pinnedVersion({
  node,
  name,
  snapshot,
}: {
  readonly node: SnapshotNode
  readonly name: string
  readonly snapshot: Snapshot
}): string | undefined {
  const os = node.os ?? ''
  const own = node.manifest?.packages.find(item => item.name === name)?.version
  return own ?? versionsInUse(snapshot).get(os)?.get(name) ?? snapshot.packages[os]?.[name]
}

/** Asked for each package of each node: made once for a snapshot, which never changes. */
const inUse = new WeakMap<Snapshot, ReadonlyMap<string, ReadonlyMap<string, string>>>()

/** By OS and name, the version of the first node that has the package. */
function versionsInUse(snapshot: Snapshot): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const known = inUse.get(snapshot)
  if (known !== undefined) return known
  const versions = new Map<string, Map<string, string>>()
  for (const { os = '', manifest } of snapshot.nodes) {
    const byName = versions.get(os) ?? new Map<string, string>()
    for (const { name, version } of manifest?.packages ?? []) if (!byName.has(name)) byName.set(name, version)
    versions.set(os, byName)
  }
  inUse.set(snapshot, versions)
  return versions
}

function notOnOffer(name: string, node: SnapshotNode): Problem {
  return failure({
    code: 'package-not-on-offer',
    message: `package ${name} is not on offer for ${node.os ?? 'the OS'} of node ${node.name}`,
    hint: 'Add a package source that has it, choose nodes with another OS, or remove what needs it from the spec.',
  })
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}
