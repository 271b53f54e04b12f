import type { Allocations, Snapshot, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../../shared/domain/spec.ts'
import { dataDiskOf, memoryOf, platformOf, threadsOf } from '../node-view.ts'
import { DEFAULT_MAJOR, isSupported, majorOn } from '../operating-systems.ts'
import { clusterPackages, isOnOffer } from '../packages.ts'
import { wordList } from '../problems.ts'

export interface EligibilityInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  /** Allocations so far, this cluster's existing members included. */
  readonly allocations: Allocations
  readonly cluster: ClusterSpec
  /** Platform that existing members fix. */
  readonly platform: string | undefined
  /** Nodes named by the spec need no labels. */
  readonly checkLabels: boolean
}

/** Why a node cannot hold a member of the cluster, as a half sentence; undefined when it can. */
export function whyNotEligible(node: SnapshotNode, input: EligibilityInput): string | undefined {
  return (
    whyNotReady(node) ??
    (input.checkLabels
      ? (whyNotLabelled(node, input.cluster.placement.labels) ?? whyNotIsolated(node, input.cluster))
      : undefined) ??
    whyNotPlatform(node, input) ??
    whyNotPackages(node, input) ??
    whyNotResources(node, input)
  )
}

/** Why nothing new can be put on a node now. */
export function whyNotReady(node: SnapshotNode): string | undefined {
  if (node.state !== 'ready') return `is ${node.state}`
  if (node.facts === undefined || node.os === undefined) return 'has not reported its hardware yet'
  if (!isSupported(node.os)) return `runs ${node.os}; supported: ${Object.keys(DEFAULT_MAJOR).join(', ')}`
  return undefined
}

export function whyNotLabelled(node: SnapshotNode, labels: Readonly<Record<string, string>>): string | undefined {
  for (const [key, value] of Object.entries(labels)) {
    const own = node.labels[key]
    if (own !== value)
      return own === undefined ? `has no label ${key}=${value}` : `has label ${key}=${own}, not ${key}=${value}`
  }
  return undefined
}

function whyNotIsolated(node: SnapshotNode, cluster: ClusterSpec): string | undefined {
  const key = cluster.placement.isolation
  if (key === undefined || node.labels[key] !== undefined) return undefined
  return `has no label ${key}, over which members must be isolated`
}

function whyNotPlatform(node: SnapshotNode, { platform }: EligibilityInput): string | undefined {
  return platform === undefined || platformOf(node) === platform
    ? undefined
    : `is ${platformOf(node)}, while the members are ${platform}`
}

function whyNotPackages(node: SnapshotNode, { cluster, allocations, snapshot }: EligibilityInput): string | undefined {
  const major = majorOn(node.os ?? '', allocations.clusters[cluster.name]?.postgresVersion ?? cluster.postgresVersion)
  const missing = clusterPackages(cluster, major).filter(name => !isOnOffer({ node, name, snapshot }))
  return missing.length === 0
    ? undefined
    : `${wordList(missing)} ${missing.length === 1 ? 'is' : 'are'} not on offer for ${node.os}`
}

function whyNotResources(node: SnapshotNode, { spec, allocations, cluster }: EligibilityInput): string | undefined {
  const { resources } = cluster
  const others = spec.clusters.filter(
    other =>
      other.name !== cluster.name &&
      allocations.clusters[other.name]?.members.some(member => member.nodeId === node.id),
  )
  const taken = (pick: (of: ClusterSpec['resources']) => number | undefined): number =>
    others.reduce((sum, other) => sum + (pick(other.resources) ?? 0), 0)
  const memory = short({
    what: 'memory',
    wanted: resources.memoryBytes,
    has: memoryOf(node),
    taken: taken(of => of.memoryBytes),
    format: gibibytes,
  })
  const cores = short({
    what: 'cores',
    wanted: resources.cores,
    has: threadsOf(node),
    taken: taken(of => of.cores),
    format: String,
  })
  const disk = short({
    what: 'disk',
    wanted: resources.diskBytes,
    has: dataDiskOf(node)?.sizeBytes,
    taken: taken(of => of.diskBytes),
    format: gibibytes,
  })
  return memory ?? cores ?? disk
}

function short({
  what,
  wanted,
  has,
  taken,
  format,
}: {
  readonly what: string
  readonly wanted: number | undefined
  readonly has: number | undefined
  readonly taken: number
  readonly format: (value: number) => string
}): string | undefined {
  if (wanted === undefined) return undefined
  if (has === undefined) return `does not know its ${what}, of which ${format(wanted)} is demanded`
  const left = has - taken
  return left >= wanted
    ? undefined
    : `has ${format(Math.max(0, left))} of ${what} to give, ${format(wanted)} is demanded`
}

function gibibytes(bytes: number): string {
  return `${Math.round((bytes / 1024 ** 3) * 10) / 10}GB`
}
