import highsModule from 'highs'
import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { Instance } from './instance.ts'
import { capacities, demands } from './machine.ts'

/** The module's types describe its CommonJS form; as an ES module its default is the loader itself. */
const loadHighs = highsModule as unknown as typeof highsModule.default

export interface Bound {
  /** No placement has a lower highest load. */
  readonly load: number
  /** The bound is reached by a placement: it is the optimum. */
  readonly exact: boolean
}

/** Above this many yes-or-no decisions the optimum takes too long to prove. */
const EXACT = 100
/** Seconds for the optimum; then what has been proven so far is the bound. */
const TIME = 120

/**
 * Minimises the highest load under the same hard rules: `x` counts the members of a cluster on a kind of node, `p` its
 * primary. Small instances are solved with whole members on single nodes; of larger ones members may be split, which can only
 * lower the result. Equal nodes of a zone are then one kind: by symmetry, spreading evenly over them is as good as any.
 * `reached` is the load of some placement that is known: one with less puts nothing where it alone would load a node
 * to more, so what is not split may be ruled out there, and the bound is the lower of the two.
 */
export async function boundOf(instance: Instance, reached: number): Promise<Bound> {
  const { nodes } = instance.snapshot
  const exact = nodes.length * instance.spec.clusters.length * 2 <= EXACT
  const kinds = exact ? nodes.map(node => [node]) : kindsOf(nodes)
  const highs = await loadHighs()
  const solution = highs.solve(model({ instance, kinds, exact, reached }), {
    output_flag: false,
    ...(exact ? { time_limit: TIME, mip_rel_gap: 1e-6 } : {}),
  })
  // Nothing below what is reached: then that is the optimum.
  if (solution.Status === 'Infeasible') return { load: reached, exact }
  if (solution.Status !== 'Optimal') throw new Error(`the bound of ${instance.name} was not found: ${solution.Status}`)
  return { load: Math.min(reached, solution.ObjectiveValue), exact }
}

function kindsOf(nodes: readonly SnapshotNode[]): readonly (readonly SnapshotNode[])[] {
  const alike = (node: SnapshotNode): string => JSON.stringify([node.labels['zone'], ...capacities(node).map(String)])
  return [...Map.groupBy(nodes, alike).values()]
}

function model({
  instance: { spec },
  kinds,
  exact,
  reached,
}: {
  readonly instance: Instance
  readonly kinds: readonly (readonly SnapshotNode[])[]
  readonly exact: boolean
  readonly reached: number
}): string {
  const { clusters } = spec
  const { cores, memory, disk } = spec.fleet.parameters.limits
  const x = (cluster: number, kind: number): string => `x${cluster}_${kind}`
  const p = (cluster: number, kind: number): string => `p${cluster}_${kind}`
  const zones = Map.groupBy([...kinds.keys()], kind => kinds[kind]?.[0]?.labels['zone'])
  const all = [...kinds.keys()]
  const rows = clusters.flatMap((cluster, index) => [
    `${all.map(kind => x(index, kind)).join(' + ')} = ${cluster.members}`,
    `${all.map(kind => p(index, kind)).join(' + ')} = 1`,
    ...all.map(kind => `${p(index, kind)} - ${x(index, kind)} <= 0`),
    ...[...zones.values()].map(own => `${own.map(kind => x(index, kind)).join(' + ')} <= 1`),
  ])
  const loads = kinds.flatMap((kind, number) => {
    const [node] = kind
    const has = node === undefined ? [] : capacities(node)
    return has.flatMap((capacity, resource) => {
      if (!Number.isFinite(capacity)) return []
      const terms = clusters.map((cluster, index) => {
        const { primary, standby } = demands(cluster)
        const [whole, part] = [(primary[resource] ?? 0) / capacity, (standby[resource] ?? 0) / capacity]
        return `${decimal(part)} ${x(index, number)} + ${decimal(whole - part)} ${p(index, number)}`
      })
      const promises = clusters.map(
        (cluster, index) => `${decimal((demands(cluster).primary[resource] ?? 0) / capacity)} ${x(index, number)}`,
      )
      const limit = [cores, memory, disk][resource]
      return [
        `${terms.join(' + ')} - ${kind.length} t <= 0`,
        ...(limit === undefined ? [] : [`${promises.join(' + ')} <= ${limit * kind.length}`]),
      ]
    })
  })
  // A member is on one node as a whole: in its zone it loads some node by itself at least.
  const single = clusters.flatMap((cluster, index) => {
    const { primary, standby } = demands(cluster)
    return [...zones.values()].flatMap(own =>
      [0, 1, 2, 3].map(resource => {
        const terms = own.map(kind => {
          const [node] = kinds[kind] ?? []
          const capacity = (node === undefined ? undefined : capacities(node)[resource]) ?? Number.POSITIVE_INFINITY
          const [whole, part] = [(primary[resource] ?? 0) / capacity, (standby[resource] ?? 0) / capacity]
          return `${decimal(part)} ${x(index, kind)} + ${decimal(whole - part)} ${p(index, kind)}`
        })
        return `${terms.join(' + ')} - t <= 0`
      }),
    )
  })
  const variables = clusters.flatMap((_, index) => all.flatMap(kind => [x(index, kind), p(index, kind)]))
  return [
    'Minimize',
    ' obj: t',
    'Subject To',
    ...[...rows, ...loads, ...single].map((row, index) => ` r${index}: ${row}`),
    'Bounds',
    ...clusters.flatMap((cluster, index) =>
      kinds.flatMap(([node], kind) => {
        const { primary, standby } = demands(cluster)
        const alone = (amounts: readonly number[]): number =>
          node === undefined ? 0 : shareOf(amounts, capacities(node))
        return [
          ` 0 <= ${x(index, kind)} <= ${alone(standby) > reached + 1e-9 ? 0 : 1}`,
          ` 0 <= ${p(index, kind)} <= ${alone(primary) > reached + 1e-9 ? 0 : 1}`,
        ]
      }),
    ),
    ...(exact ? ['Binary', ...variables.map(variable => ` ${variable}`)] : []),
    'End',
    '',
  ].join('\n')
}

function shareOf(amounts: readonly number[], has: readonly number[]): number {
  return Math.max(...amounts.map((amount, index) => amount / (has[index] ?? 1)))
}

function decimal(value: number): string {
  return value.toFixed(12)
}
