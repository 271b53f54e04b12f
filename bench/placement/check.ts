import type { ClusterSpec } from '../../shared/domain/spec.ts'
import type { Assignment } from './assignment.ts'
import type { Instance } from './instance.ts'
import { capacities, demands } from './machine.ts'

export interface Verdict {
  readonly violations: readonly string[]
  /** The highest load of any node, as a share of what it has, of the resource where it is highest. */
  readonly load: number
  /** The same after the worst loss of one node or one zone, every standby of a lost primary being reckoned promoted. */
  readonly peak: number
}

/** Looks at a placement without the planner's own code: rules that it breaks, and how full it makes the nodes. */
export function check({ spec, snapshot }: Instance, assignment: Assignment): Verdict {
  const nodes = new Map(snapshot.nodes.map(node => [node.id, node]))
  const violations: string[] = []
  const used = new Map(snapshot.nodes.map(node => [node.id, [0, 0, 0, 0]]))
  const promised = new Map(snapshot.nodes.map(node => [node.id, [0, 0, 0, 0]]))
  for (const cluster of spec.clusters) {
    const ids = assignment.get(cluster.name) ?? []
    if (ids.length !== cluster.members) violations.push(`${cluster.name} has ${ids.length} members`)
    if (new Set(ids).size !== ids.length) violations.push(`${cluster.name} has two members on a node`)
    const zones = ids.map(id => nodes.get(id)?.labels['zone'])
    if (new Set(zones).size !== ids.length) violations.push(`${cluster.name} has two members in a zone`)
    if (new Set(ids.map(id => nodes.get(id)?.os)).size > 1) violations.push(`${cluster.name} has several platforms`)
    if (ids.some(id => nodes.get(id)?.state !== 'ready'))
      violations.push(`${cluster.name} is on a node that is not ready`)
    const { primary, standby } = demands(cluster)
    for (const [index, id] of ids.entries()) {
      add(used.get(id), index === 0 ? primary : standby)
      add(promised.get(id), primary)
    }
  }
  const { cores, memory, disk } = spec.fleet.parameters.limits
  for (const node of snapshot.nodes) {
    const has = capacities(node)
    for (const [index, limit] of [cores, memory, disk].entries()) {
      if ((promised.get(node.id)?.[index] ?? 0) > (has[index] ?? 0) * limit * (1 + 1e-9))
        violations.push(`${node.name} promises more than it may give`)
    }
  }
  const shareOf = (id: string, more: readonly number[] = []): number => {
    const node = nodes.get(id)
    const has = node === undefined ? [] : capacities(node)
    return Math.max(...has.map((capacity, index) => ((used.get(id)?.[index] ?? 0) + (more[index] ?? 0)) / capacity))
  }
  const load = Math.max(...snapshot.nodes.map(({ id }) => shareOf(id)))
  return { violations, load, peak: Math.max(load, peakOf({ spec, snapshot, assignment, shareOf })) }
}

function peakOf({
  spec,
  snapshot,
  assignment,
  shareOf,
}: Pick<Instance, 'spec' | 'snapshot'> & {
  readonly assignment: Assignment
  readonly shareOf: (id: string, more: readonly number[]) => number
}): number {
  const zoneOf = new Map(snapshot.nodes.map(({ id, labels }) => [id, labels['zone'] ?? '']))
  const losses = [
    ...snapshot.nodes.map(({ id }) => new Set([id])),
    ...[...new Set(zoneOf.values())].map(
      zone => new Set(snapshot.nodes.flatMap(({ id }) => (zoneOf.get(id) === zone ? [id] : []))),
    ),
  ]
  return Math.max(...losses.map(lost => afterLoss({ lost, clusters: spec.clusters, assignment, shareOf })))
}

function afterLoss({
  lost,
  clusters,
  assignment,
  shareOf,
}: {
  readonly lost: ReadonlySet<string>
  readonly clusters: readonly ClusterSpec[]
  readonly assignment: Assignment
  readonly shareOf: (id: string, more: readonly number[]) => number
}): number {
  const more = new Map<string, number[]>()
  for (const cluster of clusters) {
    const [primary, ...standbys] = assignment.get(cluster.name) ?? []
    if (primary === undefined || !lost.has(primary)) continue
    const demand = demands(cluster)
    for (const id of standbys.filter(each => !lost.has(each))) {
      const extra = more.get(id) ?? [0, 0, 0, 0]
      add(
        extra,
        demand.primary.map((amount, index) => amount - (demand.standby[index] ?? 0)),
      )
      more.set(id, extra)
    }
  }
  return Math.max(0, ...[...more].map(([id, extra]) => shareOf(id, extra)))
}

function add(sum: number[] | undefined, amounts: readonly number[]): void {
  for (const [index, amount] of amounts.entries()) if (sum !== undefined) sum[index] = (sum[index] ?? 0) + amount
}
