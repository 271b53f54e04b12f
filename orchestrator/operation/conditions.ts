import { assertNever } from '../../shared/domain/errors.ts'
import type { ClusterName, InstanceName, NodeId } from '../../shared/domain/ids.ts'
import {
  type EtcdObservation,
  type InstanceObservation,
  leads,
  type NodeObservation,
} from '../../shared/domain/observation.ts'
import type { AwaitCondition } from '../../shared/domain/plan.ts'

/** Fresh observations by node; what a silent node said long ago is not in here. */
export type Observations = ReadonlyMap<NodeId, NodeObservation>

export type Verdict = { readonly met: true } | { readonly met: false; readonly missing: string }

/** Whether a condition holds in what is observed, or in one phrase what is still missing. Pure. */
export function evaluate(condition: AwaitCondition, observations: Observations): Verdict {
  switch (condition.kind) {
    case 'etcd-healthy':
      return allOf(
        condition.members.map(({ name, nodeId }) => {
          const lack = etcdLack(observations.get(nodeId)?.etcd)
          return lack === null ? null : `etcd member ${name}: ${lack}`
        }),
      )
    case 'leader':
      return primaryOf(condition.cluster, observations) === null
        ? missing(`${condition.cluster} has no primary yet${statesOf(condition.cluster, observations)}`)
        : MET
    case 'members-streaming':
      return membersStreaming(condition, observations)
    case 'withdrawn':
      return withdrawn(condition, observations)
    case 'led-by': {
      const leader = primaryOf(condition.cluster, observations)?.instance
      return leader === condition.instance ? MET : missing(`${condition.cluster} is led by ${leader ?? 'nobody'} now`)
    }
    case 'services-up':
      return allOf(
        condition.instances.map(name => {
          const instance = findInstance(name, observations)
          if (instance === null) return `${name} is not reported`
          const down = [...instance.poolers, ...instance.services]
            .filter(({ up }) => !up)
            .map(part => `${part.name}:${part.port}`)
          return down.length === 0 ? null : `${name}: ${down.join(', ')} down`
        }),
      )
    default:
      return assertNever(condition)
  }
}

/** An instance that systemd starts again and again will not come up by waiting: how often each one has been restarted so far. */
export function restartsOf(cluster: ClusterName, observations: Observations): ReadonlyMap<InstanceName, number> {
  const instances = [...observations.values()].flatMap(observation => observation.instances)
  return new Map(
    instances
      .filter(instance => instance.cluster === cluster)
      .map(({ instance, restarts }) => [instance, restarts ?? 0] as const),
  )
}

/** The one instance that is seen to lead: the primary, or the leader of a standby cluster; null when there is none, or more than one. */
export function primaryOf(
  cluster: ClusterName,
  observations: Observations,
): { readonly nodeId: NodeId; readonly instance: InstanceName } | null {
  const primaries = [...observations].flatMap(([nodeId, observation]) =>
    observation.instances
      .filter(instance => instance.cluster === cluster && leads(instance.role) && isServing(instance))
      .map(({ instance }) => ({ nodeId, instance })),
  )
  return primaries.length === 1 ? (primaries[0] ?? null) : null
}

/** Versions whose API has another path than that of etcd 3.4 and later. */
const UNSETTLED = /^3\.[0-3]\./

/**
 * A new etcd says cluster version 3.0.0 until its leader has seen every member's version, up to 5 s later. A Patroni that starts
 * before asks for etcd's API of that age, gets 404 and never looks again, so such an etcd is not ready.
 */
function etcdLack(etcd: EtcdObservation | undefined): string | null {
  if (etcd?.healthy !== true) return etcd?.detail ?? 'not healthy yet'
  const agreed = etcd.clusterVersion
  if (agreed === undefined) return 'its members have not agreed on a version yet'
  return UNSETTLED.test(agreed) ? `its members have only agreed on version ${agreed} yet` : null
}

function membersStreaming(
  condition: Extract<AwaitCondition, { kind: 'members-streaming' }>,
  observations: Observations,
): Verdict {
  const seen = condition.instances.map(name => ({ name, instance: findInstance(name, observations) }))
  const primary = primaryOf(condition.cluster, observations)
  const syncStandbys = seen.filter(({ instance }) => instance?.role === 'sync-standby').length
  return allOf([
    primary === null ? `${condition.cluster} has no primary` : null,
    ...seen.map(({ name, instance }) =>
      isServing(instance) ? null : `${name} is ${instance?.state ?? 'not reported'}`,
    ),
    syncStandbys >= condition.syncStandbys ? null : `${syncStandbys} of ${condition.syncStandbys} synchronous standbys`,
  ])
}

/** Whoever is not seen to run is no danger: it may not be promoted when it comes back. */
function withdrawn(
  { cluster, instance }: Extract<AwaitCondition, { kind: 'withdrawn' }>,
  observations: Observations,
): Verdict {
  const primary = primaryOf(cluster, observations)
  const seen = findInstance(instance, observations)
  return allOf([
    primary === null ? `${cluster} has no primary` : null,
    primary?.instance === instance ? `${instance} is the primary` : null,
    seen?.role === 'sync-standby' ? `${instance} still confirms commits` : null,
    seen !== null && seen.state !== 'unreachable' && seen.noFailover !== true
      ? `${instance} may still be promoted`
      : null,
  ])
}

/** `: pg-main-1 is starting (…)`, or nothing when no member is reported. */
function statesOf(cluster: ClusterName, observations: Observations): string {
  const states = [...observations.values()]
    .flatMap(({ instances }) => instances)
    .filter(instance => instance.cluster === cluster)
    .map(({ instance, state, detail }) => `${instance} is ${state}${detail === undefined ? '' : ` (${detail})`}`)
  return states.length === 0 ? '' : `: ${states.join('; ')}`
}

/** Patroni 3 says `running` for a streaming standby, Patroni 4 `streaming`. */
function isServing(instance: InstanceObservation | null): boolean {
  return (
    instance !== null && instance.role !== 'unknown' && (instance.state === 'running' || instance.state === 'streaming')
  )
}

function findInstance(name: InstanceName, observations: Observations): InstanceObservation | null {
  for (const observation of observations.values()) {
    const found = observation.instances.find(({ instance }) => instance === name)
    if (found !== undefined) return found
  }
  return null
}

const MET: Verdict = { met: true }

function missing(what: string): Verdict {
  return { met: false, missing: what }
}

function allOf(lacks: readonly (string | null)[]): Verdict {
  const open = lacks.filter(lack => lack !== null)
  return open.length === 0 ? MET : missing(open.join('; '))
}
