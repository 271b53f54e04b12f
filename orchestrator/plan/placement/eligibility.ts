import type { Snapshot, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { DEFAULT_MAJOR, isSupported, majorOn } from '../operating-systems.ts'
import { clusterPackages } from '../packages.ts'
import { wordList } from '../problems.ts'
import { type Capacity, declaredAmount, RESOURCES } from './resources.ts'
import type { Seat } from './seats.ts'

/** Seats with the same key ask the same of a node, whatever else is placed. */
export function demandsKey(seat: Seat): string {
  const { cluster, group, pinned } = seat
  const { spec, existing } = cluster
  const major = existing?.postgresVersion ?? spec.postgresVersion
  return JSON.stringify([
    pinned,
    labelsOf(seat),
    group === undefined ? [spec.placement.isolation, spec.resources.fsyncMicros] : [],
    RESOURCES.map(resource => declaredAmount(spec.resources, resource) !== undefined),
    major,
    clusterPackages(spec, major ?? 0),
  ])
}

/** The packages of a member that nodes of an OS neither have nor can get, as half a sentence. */
export type Offer = (seat: Seat, os: string) => string | undefined

export function offerOf(snapshot: Snapshot): Offer {
  const installed = snapshot.nodes.flatMap(({ os, manifest }) =>
    os === undefined || manifest === undefined ? [] : manifest.packages.map(({ name }) => `${os} ${name}`),
  )
  const offered = Object.entries(snapshot.packages).flatMap(([os, versions]) =>
    Object.keys(versions).map(name => `${os} ${name}`),
  )
  const known = new Set([...installed, ...offered])
  return ({ cluster }, os) => {
    const major = majorOn(os, cluster.existing?.postgresVersion ?? cluster.spec.postgresVersion)
    const missing = clusterPackages(cluster.spec, major).filter(name => !known.has(`${os} ${name}`))
    return missing.length === 0
      ? undefined
      : `${wordList(missing)} ${missing.length === 1 ? 'is' : 'are'} not on offer for ${os}`
  }
}

/** Why a node can never hold such a member, as a half sentence; undefined when it could. */
export function whyNever({
  node,
  capacity,
  seat,
  lacks,
}: {
  readonly node: SnapshotNode
  readonly capacity: Capacity
  readonly seat: Seat
  /** Packages that are not on offer for an OS, as half a sentence. */
  readonly lacks: (os: string) => string | undefined
}): string | undefined {
  return (
    whyNotPinned(node, seat) ??
    whyNotReady(node) ??
    (seat.pinned === undefined ? whyNotLabelled(node, labelsOf(seat)) : undefined) ??
    whyNotIsolated(node, seat) ??
    lacks(node.os ?? '') ??
    whyNotKnown(capacity, seat) ??
    whyTooSlow(node, seat)
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

/** Labels that a seat demands: a group's own ones stand above those of its cluster. */
export function labelsOf({ cluster, group }: Seat): Readonly<Record<string, string>> {
  return { ...cluster.spec.placement.labels, ...group?.labels }
}

/**
 * Why the measured fsync is outside the latency class that the cluster demands. The class is about commits, so it does not
 * bind replicas, which hold up none.
 */
export function whyTooSlow(node: SnapshotNode, { cluster, group }: Seat): string | undefined {
  const limit = cluster.spec.resources.fsyncMicros
  if (limit === undefined || group !== undefined) return undefined
  const probe = node.facts?.fsync
  if (probe === undefined)
    return `has no measured fsync, of which at most ${milliseconds(limit)} is demanded: run the probe (an apply takes it on every node that it uses)`
  if (probe.suspicious !== undefined) return `has an fsync that cannot be believed: ${probe.suspicious}`
  return probe.p99Micros <= limit
    ? undefined
    : `needs ${milliseconds(probe.p99Micros)} for one fsync in a hundred, at most ${milliseconds(limit)} is demanded`
}

function whyNotPinned(node: SnapshotNode, { pinned, group }: Seat): string | undefined {
  if (pinned === undefined || pinned.includes(node.name) || pinned.includes(node.address)) return undefined
  return group === undefined ? 'is not among placement.nodes' : `is not among the nodes of ${group.name}`
}

function whyNotIsolated(node: SnapshotNode, { cluster, group }: Seat): string | undefined {
  const key = cluster.spec.placement.isolation
  if (key === undefined || group !== undefined || node.labels[key] !== undefined) return undefined
  return `has no label ${key}, over which members must be isolated`
}

function whyNotKnown(capacity: Capacity, { cluster }: Seat): string | undefined {
  for (const resource of ['memory', 'cores', 'disk'] as const) {
    const wanted = declaredAmount(cluster.spec.resources, resource)
    if (wanted !== undefined && capacity[resource] === undefined)
      return `does not know its ${resource}, of which the cluster demands some`
  }
  return undefined
}

function milliseconds(micros: number): string {
  return `${Math.round(micros / 10) / 100} ms`
}
