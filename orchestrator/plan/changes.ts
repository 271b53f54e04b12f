import { MAINTENANCE_DATABASE } from '../../shared/domain/maintenance-database.ts'
import type { Change, PlacementExplanation } from '../../shared/domain/plan.ts'
import { repairChanges } from './cluster-repair.ts'
import type { ClusterWork, WorkInput } from './cluster-work.ts'
import { comesBack, retireChanges } from './contents/retire-phases.ts'
import { departureChanges } from './departures/departure-changes.ts'
import { equal } from './equal.ts'
import type { NodeWork } from './node-work.ts'
import { plural } from './problems.ts'
import { restartChanges } from './settings-steps.ts'
import { firstToRestart } from './topology/restart-order.ts'

/** Everything that an apply would do, in the words of the spec: fleet and clusters first, then node by node. */
export function changesOf({
  input,
  clusters,
  nodes,
  placements,
}: {
  readonly input: WorkInput
  readonly clusters: readonly ClusterWork[]
  readonly nodes: readonly NodeWork[]
  readonly placements: readonly PlacementExplanation[]
}): readonly Change[] {
  const all = [
    ...policyChanges(input),
    ...etcdChanges(input, placements),
    ...departureChanges(input),
    ...clusters.flatMap(work => [
      ...clusterChanges(work, input, placements),
      ...retireChanges(work, input),
      ...repairChanges(work, input),
      ...restartChanges(work, input),
    ]),
    ...nodes.flatMap(work => work.changes),
  ]
  return [...all.filter(change => change.node === undefined), ...all.filter(change => change.node !== undefined)]
}

/** What Drover itself goes by, and no node has: taken up when the apply ends. */
function policyChanges({ spec, snapshot }: WorkInput): readonly Change[] {
  if (snapshot.appliedSpec === undefined) return []
  const [before, wanted] = [snapshot.appliedSpec.fleet.parameters, spec.fleet.parameters]
  const change = (name: string, detail: string): Change => ({
    verb: 'update',
    subject: `policy ${name}`,
    reason: 'spec-changed',
    detail,
  })
  const [old = 'report', drift = 'report'] = [before.drift, wanted.drift]
  return [
    ...(old === drift ? [] : [change('drift', `${old} → ${drift}`)]),
    ...(equal(before.health ?? {}, wanted.health ?? {}) ? [] : [change('health', 'thresholds of findings')]),
    ...(equal(before.upgrades ?? {}, wanted.upgrades ?? {}) ? [] : [change('upgrades', 'how the fleet is upgraded')]),
    ...spec.clusters.flatMap(({ name, updateExtensions = false }) => {
      const applied = snapshot.appliedSpec?.clusters.find(cluster => cluster.name === name)
      const was = applied?.updateExtensions ?? false
      if (applied === undefined || was === updateExtensions) return []
      return [change(`updateExtensions of ${name}`, `${was} → ${updateExtensions}`)]
    }),
  ]
}

function etcdChanges(
  { snapshot, allocations }: WorkInput,
  placements: readonly PlacementExplanation[],
): readonly Change[] {
  if (allocations.etcd === null) return []
  const { members, leaving = [] } = allocations.etcd
  const added = snapshot.allocations.etcd === null ? members : members.filter(({ joining }) => joining === true)
  const gone = leaving.map(({ name, nodeId }): Change => {
    const node = snapshot.nodes.find(({ id }) => id === nodeId)
    const reason = node === undefined ? 'node-removed' : node.state === 'draining' ? 'node-drained' : 'not-in-spec'
    return { verb: 'remove', subject: `voter ${name}`, reason, ...(node === undefined ? {} : { node: node.name }) }
  })
  return [
    ...added.map(({ name, nodeId }) =>
      created({ subject: `voter ${name}`, reason: 'does-not-exist', nodeId, snapshot, placements, instance: name }),
    ),
    ...gone,
  ]
}

function clusterChanges(
  work: ClusterWork,
  input: WorkInput,
  placements: readonly PlacementExplanation[],
): readonly Change[] {
  const { snapshot } = input
  const { cluster, allocation, state } = work
  if (work.asleep || work.waking) return []
  const reason = state === 'unfinished' ? 'unfinished' : 'does-not-exist'
  const instances =
    state === 'running'
      ? allocation.members.filter(member => work.newInstances.includes(member.instance))
      : allocation.members
  const whole: readonly Change[] =
    state === 'running'
      ? []
      : [
          {
            verb: 'create',
            subject: `cluster ${cluster.name}`,
            reason,
            detail: `PostgreSQL ${allocation.postgresVersion}, ${plural(allocation.members.length, 'member')}, ${cluster.durability}`,
          },
        ]
  return [
    ...whole,
    ...instances.map(({ instance, nodeId }) =>
      created({ subject: `instance ${instance}`, reason, nodeId, snapshot, placements, instance }),
    ),
    ...work.settings.map(
      ({ name, instance, from, to, restart }): Change => ({
        verb: 'update',
        subject: `setting ${name}`,
        reason: sameSpec(work, snapshot) ? 'facts-changed' : 'spec-changed',
        detail: `${instance ?? cluster.name}: ${from ?? 'default'} → ${to ?? 'default'}${restart ? restartNote(name, from, to) : ''}`,
      }),
    ),
    ...objectChanges({ work, input, kind: 'user', wanted: work.users, applied: applied(work, snapshot)?.users }),
    ...objectChanges({
      work,
      input,
      kind: 'database',
      wanted: work.databases,
      applied: applied(work, snapshot)?.databases,
    }),
    ...otherObjectChanges(work, snapshot),
    ...otherConfiguration(work),
  ]
}

/** A standby stops when it has less than its primary of some settings, so that the order of restarts matters. */
function restartNote(name: string, from: string | undefined, to: string | undefined): string {
  const first = firstToRestart(name, from, to)
  return first === undefined ? ' (restart)' : ` (restart, ${first} first)`
}

function otherObjectChanges(work: ClusterWork, snapshot: WorkInput['snapshot']): readonly Change[] {
  const known = applied(work, snapshot) !== undefined
  const unfinished = work.state === 'unfinished' || (work.state === 'running' && !known)
  return work.otherObjects.map(
    (what): Change => ({
      verb: known ? 'update' : 'create',
      subject: `${what} of ${work.cluster.name}`,
      reason: unfinished ? 'unfinished' : known ? 'spec-changed' : 'does-not-exist',
    }),
  )
}

/** True when the file asks for what it asked for before: then only facts, or neighbours, can have changed the settings. */
function sameSpec(work: ClusterWork, snapshot: WorkInput['snapshot']): boolean {
  const before = applied(work, snapshot)
  return before !== undefined && equal({ ...before, line: undefined }, { ...work.cluster, line: undefined })
}

/** Failover times and durability are no PostgreSQL settings, yet they change the cluster. */
function otherConfiguration({ patch, settings, cluster, repair }: ClusterWork): readonly Change[] {
  if (patch === undefined || settings.length > 0 || repair?.configuration !== undefined) return []
  return [
    {
      verb: 'update',
      subject: `configuration of ${cluster.name}`,
      reason: 'spec-changed',
      detail: 'Patroni: failover, durability',
    },
  ]
}

function objectChanges({
  work,
  input,
  kind,
  wanted,
  applied,
}: {
  readonly work: ClusterWork
  readonly input: WorkInput
  readonly kind: 'user' | 'database'
  readonly wanted: readonly { readonly name: string }[]
  readonly applied: readonly { readonly name: string }[] | undefined
}): readonly Change[] {
  const back = comesBack(work, input, kind)
  return wanted
    .filter(({ name }) => !back.has(name))
    .map(({ name }): Change => {
      const subject = `${kind} ${name}`
      const detail = work.cluster.name
      // Nobody makes what every PostgreSQL is born with.
      const isBorn = kind === 'database' && name === MAINTENANCE_DATABASE
      if (work.state === 'unfinished' || (work.state === 'running' && applied === undefined))
        return { verb: isBorn ? 'update' : 'create', subject, reason: 'unfinished', detail }
      return isBorn || applied?.some(each => each.name === name)
        ? { verb: 'update', subject, reason: 'spec-changed', detail }
        : { verb: 'create', subject, reason: 'does-not-exist', detail }
    })
}

function applied({ cluster, state }: ClusterWork, snapshot: WorkInput['snapshot']) {
  return state === 'running' ? snapshot.appliedSpec?.clusters.find(each => each.name === cluster.name) : undefined
}

function created({
  subject,
  reason,
  nodeId,
  snapshot,
  placements,
  instance,
}: {
  readonly subject: string
  readonly reason: Change['reason']
  readonly nodeId: string
  readonly snapshot: WorkInput['snapshot']
  readonly placements: readonly PlacementExplanation[]
  readonly instance: string
}): Change {
  const because = placements.find(placement => equal(placement.instance, instance))?.because
  const node = snapshot.nodes.find(each => each.id === nodeId)?.name ?? nodeId
  return { verb: 'create', subject, reason, node, ...(because === undefined ? {} : { detail: because }) }
}
