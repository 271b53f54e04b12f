import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { ClusterSpec } from '../../shared/domain/spec.ts'
import type { Instance } from './instance.ts'
import { capacities, demands } from './machine.ts'

export interface ModelInput {
  readonly instance: Instance
  /** Equal nodes of one zone. */
  readonly kinds: readonly (readonly SnapshotNode[])[]
  /** Whole members; then every kind is one node. */
  readonly exact: boolean
  /** A load that some placement is known to reach; what is better stays below it everywhere. */
  readonly reached: number
}

/** The placement of an instance as a linear program in CPLEX's LP format: minimise `t`, the highest load. */
export function model(input: ModelInput): string {
  const { instance, kinds, exact } = input
  const rows = [...assignmentRows(input), ...loadRows(input), ...wholeMemberRows(input)]
  const variables = instance.spec.clusters.flatMap((_, cluster) =>
    kinds.flatMap((_, kind) => [member(cluster, kind), primary(cluster, kind)]),
  )
  return [
    'Minimize',
    ' obj: t',
    'Subject To',
    ...rows.map((row, index) => ` r${index}: ${row}`),
    'Bounds',
    ...bounds(input),
    ...(exact ? ['Binary', ...variables.map(variable => ` ${variable}`)] : []),
    'End',
    '',
  ].join('\n')
}

/** How many members of a cluster are on a kind of node, and whether its primary is. */
function member(cluster: number, kind: number): string {
  return `x${cluster}_${kind}`
}

function primary(cluster: number, kind: number): string {
  return `p${cluster}_${kind}`
}

/** All members somewhere, one of them the primary, one in a zone at most. */
function assignmentRows({ instance, kinds }: ModelInput): readonly string[] {
  const zones = zonesOf(kinds)
  return instance.spec.clusters.flatMap(({ members }, cluster) => [
    `${kinds.map((_, kind) => member(cluster, kind)).join(' + ')} = ${members}`,
    `${kinds.map((_, kind) => primary(cluster, kind)).join(' + ')} = 1`,
    ...kinds.map((_, kind) => `${primary(cluster, kind)} - ${member(cluster, kind)} <= 0`),
    ...zones.map(own => `${own.map(kind => member(cluster, kind)).join(' + ')} <= 1`),
  ])
}

/** No node is loaded above `t`, and none promises more than the fleet's limits. */
function loadRows({ instance: { spec }, kinds }: ModelInput): readonly string[] {
  const { cores, memory, disk } = spec.fleet.parameters.limits
  return kinds.flatMap(([node, ...others], kind) => {
    const count = 1 + others.length
    return capacityOf(node).flatMap((capacity, resource) => {
      if (!Number.isFinite(capacity)) return []
      const limit = [cores, memory, disk][resource]
      const loads = spec.clusters.map((each, cluster) => load({ each, cluster, kind, resource, capacity }))
      const promises = spec.clusters.map(
        (each, cluster) => `${decimal((demands(each).primary[resource] ?? 0) / capacity)} ${member(cluster, kind)}`,
      )
      return [
        `${loads.join(' + ')} - ${count} t <= 0`,
        ...(limit === undefined ? [] : [`${promises.join(' + ')} <= ${limit * count}`]),
      ]
    })
  })
}

/** A member is on one node as a whole, so the one in a zone loads some node of it by itself at least. */
function wholeMemberRows({ instance: { spec }, kinds }: ModelInput): readonly string[] {
  return spec.clusters.flatMap((each, cluster) =>
    zonesOf(kinds).flatMap(own =>
      [0, 1, 2, 3].map(resource => {
        const loads = own.map(kind =>
          load({
            each,
            cluster,
            kind,
            resource,
            capacity: capacityOf(kinds[kind]?.[0])[resource] ?? Number.POSITIVE_INFINITY,
          }),
        )
        return `${loads.join(' + ')} - t <= 0`
      }),
    ),
  )
}

/** Nothing is where it would by itself load a node above what is reached. */
function bounds({ instance: { spec }, kinds, reached }: ModelInput): readonly string[] {
  return spec.clusters.flatMap((each, cluster) =>
    kinds.flatMap(([node], kind) => {
      const alone = (amounts: readonly number[]): number =>
        Math.max(...capacityOf(node).map((capacity, resource) => (amounts[resource] ?? 0) / capacity))
      const { primary: whole, standby } = demands(each)
      return [
        ` 0 <= ${member(cluster, kind)} <= ${alone(standby) > reached + 1e-9 ? 0 : 1}`,
        ` 0 <= ${primary(cluster, kind)} <= ${alone(whole) > reached + 1e-9 ? 0 : 1}`,
      ]
    }),
  )
}

/** A standby's share of a resource for each member, and what a primary takes more. */
function load({
  each,
  cluster,
  kind,
  resource,
  capacity,
}: {
  readonly each: ClusterSpec
  readonly cluster: number
  readonly kind: number
  readonly resource: number
  readonly capacity: number
}): string {
  const { primary: whole, standby } = demands(each)
  const [most, least] = [(whole[resource] ?? 0) / capacity, (standby[resource] ?? 0) / capacity]
  return `${decimal(least)} ${member(cluster, kind)} + ${decimal(most - least)} ${primary(cluster, kind)}`
}

function capacityOf(node: SnapshotNode | undefined): readonly number[] {
  return node === undefined ? [] : capacities(node)
}

function zonesOf(kinds: ModelInput['kinds']): readonly (readonly number[])[] {
  return [...Map.groupBy([...kinds.keys()], kind => kinds[kind]?.[0]?.labels['zone']).values()]
}

function decimal(value: number): string {
  return value.toFixed(12)
}
