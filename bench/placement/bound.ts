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
 */
export async function boundOf(instance: Instance): Promise<Bound> {
  const { nodes } = instance.snapshot
  const exact = nodes.length * instance.spec.clusters.length * 2 <= EXACT
  const kinds = exact ? nodes.map(node => [node]) : kindsOf(nodes)
  const highs = await loadHighs()
  const solution = highs.solve(model({ instance, kinds, exact }), {
    output_flag: false,
    ...(exact ? { time_limit: TIME, mip_rel_gap: 1e-6 } : {}),
  })
  if (solution.Status !== 'Optimal') throw new Error(`the bound of ${instance.name} was not found: ${solution.Status}`)
  return { load: solution.ObjectiveValue, exact }
}

function kindsOf(nodes: readonly SnapshotNode[]): readonly (readonly SnapshotNode[])[] {
  const alike = (node: SnapshotNode): string => JSON.stringify([node.labels['zone'], ...capacities(node).map(String)])
  return [...Map.groupBy(nodes, alike).values()]
}

function model({
  instance: { spec },
  kinds,
  exact,
}: {
  readonly instance: Instance
  readonly kinds: readonly (readonly SnapshotNode[])[]
  readonly exact: boolean
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
  const variables = clusters.flatMap((_, index) => all.flatMap(kind => [x(index, kind), p(index, kind)]))
  return [
    'Minimize',
    ' obj: t',
    'Subject To',
    ...[...rows, ...loads].map((row, index) => ` r${index}: ${row}`),
    'Bounds',
    ...variables.map(variable => ` 0 <= ${variable} <= 1`),
    ...(exact ? ['Binary', ...variables.map(variable => ` ${variable}`)] : []),
    'End',
    '',
  ].join('\n')
}

function decimal(value: number): string {
  return value.toFixed(12)
}
