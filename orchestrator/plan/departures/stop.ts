import type { ClusterName, InstanceName } from '../../../shared/domain/ids.ts'
import type { Manifest } from '../../../shared/domain/manifest.ts'
import type { PlanPhase } from '../../../shared/domain/plan.ts'
import type { MemberAllocation } from '../../../shared/domain/snapshot.ts'
import { isAsleep, observedPrimary, type WorkInput } from '../cluster-work.ts'
import type { ManifestWalk } from '../manifest-walk.ts'
import type { NodeWork } from '../node-work.ts'
import { stoppedUnit } from '../render/items.ts'
import { haproxyUnit, patroniUnit, poolerUnit } from '../render/unit-names.ts'

/** It must still lead when its standbys are stopped, or the wrong one would be stopped last. */
const LED_BY_TIMEOUT = 30_000

interface Stopping {
  readonly name: ClusterName
  readonly members: readonly MemberAllocation[]
  /** Stopped last. Absent: nobody knows. */
  readonly primary?: InstanceName
}

/**
 * Whole clusters that are to stand still, or are removed: first the doors, so that no client writes any more; then the
 * standbys, so that nobody is there to be promoted; the primary last, so that it alone has everything and has to be the first
 * one to start again. Only units change, so this needs nothing of what a cluster is made from.
 */
export function stopPhases(input: WorkInput, nodes: readonly NodeWork[], walk: ManifestWalk): readonly PlanPhase[] {
  const stopping = stoppingClusters(input)
  const alter = (unitsOf: (cluster: Stopping, member: MemberAllocation) => readonly string[]) =>
    nodes.flatMap(work => {
      const units = stopping.flatMap(cluster =>
        cluster.members.flatMap(member => (member.nodeId === work.node.id ? unitsOf(cluster, member) : [])),
      )
      return units.length === 0 ? [] : walk.alter(work, manifest => withStopped(manifest, new Set(units)))
    })
  const doors = alter(({ name }, { instance }) => [
    haproxyUnit(name),
    poolerUnit('rw', instance),
    poolerUnit('ro', instance),
  ])
  const standbys = alter(({ primary }, { instance }) =>
    primary === undefined || instance === primary ? [] : [patroniUnit(instance)],
  )
  const last = alter((_, { instance }) => [patroniUnit(instance)])
  const ledBy = stopping.flatMap(({ name, primary }) =>
    primary !== undefined && primary === observedPrimary(name, input.snapshot)
      ? [
          {
            kind: 'await',
            condition: { kind: 'led-by', cluster: name, instance: primary },
            timeoutMs: LED_BY_TIMEOUT,
          } as const,
        ]
      : [],
  )
  return [
    { name: 'shut the doors', steps: doors },
    { name: 'see who leads', steps: standbys.length === 0 ? [] : ledBy },
    { name: 'stop standbys', steps: standbys },
    { name: 'stop primaries', steps: last },
  ]
}

function stoppingClusters({ allocations }: WorkInput): readonly Stopping[] {
  const asleep = Object.entries(allocations.clusters).filter(([, allocation]) => isAsleep(allocation))
  const leaving = new Set(
    (allocations.departed ?? []).flatMap(({ instance, stopped }) => (stopped === undefined ? [instance] : [])),
  )
  const removed = Object.entries(allocations.removed ?? {}).flatMap(([name, { allocation }]) =>
    allocation.members.some(({ instance }) => leaving.has(instance)) ? [[name, allocation] as const] : [],
  )
  return [...asleep, ...removed].map(([name, { members, hibernated }]) => ({
    name,
    members,
    ...(hibernated?.primary === undefined ? {} : { primary: hibernated.primary }),
  }))
}

function withStopped(manifest: Manifest, units: ReadonlySet<string>): Manifest {
  return { ...manifest, units: manifest.units.map(unit => (units.has(unit.name) ? stoppedUnit(unit.name) : unit)) }
}
