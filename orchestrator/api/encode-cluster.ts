import type { Cluster } from '../../proto/gen/drover/v1/Cluster.ts'
import type { Member } from '../../proto/gen/drover/v1/Member.ts'
import type { Service } from '../../proto/gen/drover/v1/Service.ts'
import type { InstanceName, NodeId } from '../../shared/domain/ids.ts'
import type { InstanceWatch } from '../../shared/domain/manifest.ts'
import { type InstanceObservation, leads } from '../../shared/domain/observation.ts'
import type { ClusterAllocation } from '../../shared/domain/snapshot.ts'
import type { ClusterSpec } from '../../shared/domain/spec.ts'
import { isAsleep } from '../plan/cluster-work.ts'
import { type Purpose, topologyOf } from '../plan/topology/cluster-topology.ts'
import type { FleetView } from './fleet-view.ts'
import { type Seen, seenOf } from './freshness.ts'

interface SeenMember {
  readonly instance: InstanceName
  readonly nodeId: NodeId
  readonly nodeName: string
  readonly address: string
  readonly seen: Seen
  readonly watch?: InstanceWatch
  /** Only from a fresh observation. */
  readonly observed?: InstanceObservation
}

/** A cluster as it is observed: what was asked for only says which members there should be. Pure. */
export function encodeCluster(name: string, allocation: ClusterAllocation, view: FleetView): Cluster {
  const members = allocation.members.map(member => seenMember(name, member, view))
  const purposes = purposesOf(name, allocation, view)
  const primaries = members.filter(
    ({ observed }) => observed !== undefined && leads(observed.role) && isServing(observed),
  )
  const primary = primaries.length === 1 ? primaries[0] : undefined
  const spec = view.spec?.clusters.find(cluster => cluster.name === name)
  const warnings = isAsleep(allocation) ? [] : warningsOf({ name, members, primaries, spec, purposes })
  return {
    name,
    postgresVersion: primary?.observed?.serverVersion ?? String(allocation.postgresVersion),
    state: stateOf({ allocation, members, primary, warnings }),
    primary: primary?.instance ?? '',
    members: members.map(member => ({
      ...encodeMember(member, primary),
      purpose: purposes.get(member.instance) ?? 'member',
    })),
    services: services(members),
    warnings,
    standbyOf: spec?.standbyOf?.cluster ?? '',
    delaySeconds: spec?.standbyOf?.delaySeconds ?? 0,
  }
}

/** As the applied file declares them. */
function purposesOf(name: string, allocation: ClusterAllocation, { spec }: FleetView): ReadonlyMap<string, Purpose> {
  const declared = spec?.clusters.find(cluster => cluster.name === name)
  const members = declared === undefined ? [] : topologyOf(declared, allocation).members
  return new Map(members.map(({ instance, purpose }) => [instance, purpose]))
}

function seenMember(cluster: string, member: ClusterAllocation['members'][number], view: FleetView): SeenMember {
  const node = view.nodes.get(member.nodeId)
  const seen = seenOf(node, view.now)
  const watch = node?.manifest?.manifest.watches.instances.find(({ instance }) => instance === member.instance)
  const observed =
    seen.kind === 'fresh'
      ? seen.observation.instances.find(
          instance => instance.cluster === cluster && instance.instance === member.instance,
        )
      : undefined
  return {
    instance: member.instance,
    nodeId: member.nodeId,
    nodeName: node?.record.name ?? member.nodeId,
    address: watch?.address ?? node?.record.address ?? '',
    seen,
    ...(watch === undefined ? {} : { watch }),
    ...(observed === undefined ? {} : { observed }),
  }
}

function encodeMember(member: SeenMember, primary: SeenMember | undefined): Member {
  const { observed, seen } = member
  const base = {
    name: member.instance,
    node: member.nodeName,
    address: member.address,
    port: member.watch?.postgresPort ?? 0,
    ...(seen.at === undefined ? {} : { observedAtMs: seen.at }),
  }
  if (observed === undefined) {
    return { ...base, role: 'unknown', state: seen.kind === 'unreachable' ? 'unreachable' : 'unknown' }
  }
  const lag = lagBytes(observed, primary?.observed)
  return {
    ...base,
    role: observed.role,
    state: observed.state,
    serverVersion: observed.serverVersion ?? '',
    pendingRestart: observed.pendingRestart ?? false,
    pendingSettings: [...(observed.pendingSettings ?? [])],
    ...(observed.timeline === undefined ? {} : { timeline: observed.timeline }),
    ...(lag === undefined ? {} : { lagBytes: lag }),
  }
}

/** Observations of two nodes are moments apart: a standby can seem to be ahead. */
function lagBytes(member: InstanceObservation, primary: InstanceObservation | undefined): number | undefined {
  if (leads(member.role) || member.lsn === undefined || primary?.lsn === undefined) return undefined
  return Math.max(0, primary.lsn - member.lsn)
}

function services(members: readonly SeenMember[]): Service[] {
  const found = new Map<string, { readonly name: string; readonly port: number; readonly addresses: string[] }>()
  for (const { watch, observed, address } of members) {
    for (const { name, port } of watch?.services ?? observed?.services ?? []) {
      const service = found.get(`${name}:${port}`) ?? { name, port, addresses: [] }
      found.set(`${name}:${port}`, service)
      if (observed?.services.some(seen => seen.name === name && seen.up) === true) service.addresses.push(address)
    }
  }
  return [...found.values()].sort((left, right) => left.port - right.port)
}

function stateOf(parts: {
  readonly allocation: ClusterAllocation
  readonly members: readonly SeenMember[]
  readonly primary: SeenMember | undefined
  readonly warnings: readonly string[]
}): string {
  const { allocation, members, primary, warnings } = parts
  if (!allocation.bootstrapped) return 'creating'
  if (isAsleep(allocation)) return 'hibernated'
  if (members.every(({ seen }) => seen.kind !== 'fresh')) return 'unknown'
  if (primary === undefined) return 'unavailable'
  return warnings.length === 0 ? 'healthy' : 'degraded'
}

function warningsOf(parts: {
  readonly name: string
  readonly members: readonly SeenMember[]
  readonly primaries: readonly SeenMember[]
  readonly spec: ClusterSpec | undefined
  readonly purposes: ReadonlyMap<InstanceName, Purpose>
}): string[] {
  const { name, members, primaries, spec, purposes } = parts
  const found: string[] = []
  if (primaries.length === 0) found.push('no primary is seen')
  if (primaries.length > 1)
    found.push(`more than one primary is seen: ${primaries.map(each => each.instance).join(', ')}`)
  for (const { instance, observed, seen, nodeName } of members) {
    if (observed === undefined) found.push(`${instance}: ${missing(seen, nodeName)}`)
    else if (!isServing(observed)) found.push(`${instance} is ${observed.state}${because(observed)}`)
  }
  const [leader] = primaries
  for (const member of members)
    if (leader !== undefined && purposes.get(member.instance) !== 'delayed' && isLeftBehind(member, leader))
      found.push(
        `${member.instance} is on timeline ${member.observed?.timeline}, ${leader.instance} on ${leader.observed?.timeline}; if it does not follow soon, it has commits that ${leader.instance} lacks: drover cluster reinit ${name} ${member.instance}`,
      )
  const paused = members.filter(({ observed }) => observed?.paused === true)
  if (paused.length > 0) found.push(pauseWarning(paused))
  const synchronous = members.filter(({ observed }) => observed?.role === 'sync-standby').length
  if (spec !== undefined && waitsForStandby(spec) && synchronous === 0) {
    found.push('no synchronous standby: the next failover could lose acknowledged writes, or writes wait')
  }
  for (const { instance, observed } of members) {
    const down = [...(observed?.poolers ?? []), ...(observed?.services ?? [])].filter(({ up }) => !up)
    if (down.length > 0) found.push(`${instance}: ${down.map(({ name, port }) => `${name}:${port}`).join(', ')} down`)
  }
  return found
}

/** It says that it streams, and goes nowhere: what it has after the fork cannot be taken back by streaming. */
function isLeftBehind({ observed }: SeenMember, { observed: leader }: SeenMember): boolean {
  const [own, current] = [observed?.timeline, leader?.timeline]
  return own !== undefined && current !== undefined && own < current
}

/** The first timer that goes off ends it. */
function pauseWarning(paused: readonly SeenMember[]): string {
  const until = paused.flatMap(({ observed }) => (observed?.pausedUntil === undefined ? [] : [observed.pausedUntil]))
  const end =
    until.length === 0 ? 'and nothing turns it on again' : `until ${new Date(Math.min(...until)).toISOString()}`
  return `automatic failover is paused ${end}: drover cluster unpause`
}

/** In a standby cluster nothing is committed. */
function waitsForStandby({ durability, members, standbyOf }: ClusterSpec): boolean {
  return durability !== 'async' && members > 1 && standbyOf === undefined
}

function missing(seen: Seen, node: string): string {
  if (seen.kind === 'unreachable') return `${node} does not answer`
  return seen.kind === 'fresh' ? `${node} does not report it` : `${node} has not reported lately`
}

function because({ detail }: InstanceObservation): string {
  return detail === undefined ? '' : `: ${detail}`
}

/** Patroni 3 says `running` for a streaming standby, Patroni 4 `streaming`. */
function isServing({ state, role }: InstanceObservation): boolean {
  return role !== 'unknown' && (state === 'running' || state === 'streaming')
}
