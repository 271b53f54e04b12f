import { place } from '../../orchestrator/plan/placement/placement.ts'
import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { Assignment } from './assignment.ts'
import type { Instance } from './instance.ts'
import { capacities, demands } from './machine.ts'

export interface Contender {
  readonly name: string
  readonly place: (instance: Instance) => Assignment
}

/** First-fit and best-fit as schedulers have them, under the same hard rules: clusters in the order of the file, a zone for each member. */
export const CONTENDERS: readonly Contender[] = [
  { name: 'first-fit', place: instance => greedily(instance, () => 0) },
  { name: 'best-fit', place: instance => greedily(instance, ({ after }) => -after) },
  { name: 'least-loaded', place: instance => greedily(instance, ({ after }) => after) },
  { name: 'Drover', place: drover },
]

function drover({ spec, snapshot }: Instance): Assignment {
  const { allocations } = place(spec, snapshot)
  return new Map(
    Object.entries(allocations.clusters).map(([name, { members }]) => [name, members.map(({ nodeId }) => nodeId)]),
  )
}

interface Bin {
  readonly node: SnapshotNode
  readonly has: readonly number[]
  readonly used: number[]
  readonly promised: number[]
}

/** The node with the lowest cost among those that fit; the first one of equals. `after`: the share that it would be loaded to. */
function greedily({ spec, snapshot }: Instance, cost: (bin: { readonly after: number }) => number): Assignment {
  const { cores, memory, disk } = spec.fleet.parameters.limits
  const limits = [cores, memory, disk, Number.POSITIVE_INFINITY]
  const bins = snapshot.nodes.map(
    (node): Bin => ({ node, has: capacities(node), used: [0, 0, 0, 0], promised: [0, 0, 0, 0] }),
  )
  return new Map(
    spec.clusters.map(cluster => {
      const { primary, standby } = demands(cluster)
      const zones = new Set<string | undefined>()
      const chosen: string[] = []
      while (chosen.length < cluster.members) {
        const takes = chosen.length === 0 ? primary : standby
        const fitting = bins.filter(
          ({ node, has, promised }) =>
            !zones.has(node.labels['zone']) &&
            primary.every(
              (amount, index) => (promised[index] ?? 0) + amount <= (has[index] ?? 0) * (limits[index] ?? 0),
            ),
        )
        const costs = fitting.map(({ has, used }) =>
          cost({ after: Math.max(...takes.map((amount, index) => ((used[index] ?? 0) + amount) / (has[index] ?? 1))) }),
        )
        const bin = fitting[costs.indexOf(Math.min(...costs))]
        if (bin === undefined) break
        for (const index of takes.keys()) {
          bin.used[index] = (bin.used[index] ?? 0) + (takes[index] ?? 0)
          bin.promised[index] = (bin.promised[index] ?? 0) + (primary[index] ?? 0)
        }
        zones.add(bin.node.labels['zone'])
        chosen.push(bin.node.id)
      }
      return [cluster.name, chosen]
    }),
  )
}
