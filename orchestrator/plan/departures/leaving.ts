import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { Allocations, DepartedMember, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'

/** Members on their way out of clusters that stay. */
export interface Leaving {
  readonly members: readonly DepartedMember[]
  /** As things are until they go: with the leavers as members. */
  readonly allocations: Allocations
  /** Those that an interrupted apply has begun to see out: they are not let in again. */
  readonly begun: ReadonlySet<InstanceName>
}

/** `decided` has the leavers among the departed already. */
export function leavingOf(spec: FleetSpec, snapshot: Snapshot, decided: Allocations): Leaving {
  const members = (decided.departed ?? []).filter(
    ({ cluster, stopped }) => stopped === undefined && decided.clusters[cluster] !== undefined,
  )
  const staying = members.filter(
    ({ cluster, nodeId }) =>
      spec.clusters.some(({ name }) => name === cluster) && snapshot.nodes.some(({ id }) => id === nodeId),
  )
  const clusters = Object.entries(decided.clusters).map(([name, allocation]) => {
    const own = staying.filter(({ cluster }) => cluster === name)
    const leavers = own.map(({ instance, number, nodeId, group }) => ({
      instance,
      number,
      nodeId,
      ...(group === undefined ? {} : { group }),
    }))
    const all = [...allocation.members, ...leavers].toSorted((left, right) => left.number - right.number)
    return [name, leavers.length === 0 ? allocation : { ...allocation, members: all }] as const
  })
  const known = new Set((snapshot.allocations.departed ?? []).map(({ instance }) => instance))
  const names = new Set(staying.map(({ instance }) => instance))
  return {
    members: staying,
    allocations: {
      ...decided,
      clusters: Object.fromEntries(clusters),
      departed: (decided.departed ?? []).filter(({ instance }) => !names.has(instance)),
    },
    begun: new Set([...names].filter(instance => known.has(instance))),
  }
}
