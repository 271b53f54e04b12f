import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { ClusterSpec } from '../../shared/domain/spec.ts'
import type { Instance } from './instance.ts'
import { capacities, demands } from './machine.ts'

/** Highest shares of a node: in operation, and after the worst loss. Infinite where nothing is asked. */
export interface Highest {
  readonly load: number
  readonly peak: number
}

export interface ModelInput {
  readonly instance: Instance
  /** Equal nodes of one zone. */
  readonly kinds: readonly (readonly SnapshotNode[])[]
  /** Whole members; then every kind is one node. */
  readonly exact: boolean
  readonly objective: keyof Highest
  /** Only placements that are not above it are looked at. */
  readonly ceiling: Highest
}

/**
 * The placement of an instance as a linear program in CPLEX's LP format: minimises the highest load, or the highest after a
 * loss. Zones are what is lost: a primary's standbys are in other zones, so losing its node alone promotes no more.
 */
export function model(input: ModelInput): string {
  const { instance, kinds, exact, objective, ceiling } = input
  const peaks = objective === 'peak' || Number.isFinite(ceiling.peak)
  const rows = [
    ...assignmentRows(input),
    ...loadRows(input),
    ...wholeMemberRows(input),
    ...(peaks ? [...standbyRows(input), ...peakRows(input), 'load - peak <= 0'] : []),
  ]
  const variables = instance.spec.clusters.flatMap((_, cluster) =>
    kinds.flatMap((_, kind) => [member(cluster, kind), primary(cluster, kind)]),
  )
  return [
    'Minimize',
    ` obj: ${objective}`,
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

/** Standbys on a kind of node whose primary is in a zone. */
function standby({
  cluster,
  kind,
  zone,
}: {
  readonly cluster: number
  readonly kind: number
  readonly zone: number
}): string {
  return `s${cluster}_${kind}_${zone}`
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

/** No node is loaded above `load`, and none promises more than the fleet's limits. */
function loadRows({ instance: { spec }, kinds, ceiling }: ModelInput): readonly string[] {
  const { cores, memory, disk } = spec.fleet.parameters.limits
  return kinds.flatMap(([node, ...others], kind) => {
    const count = 1 + others.length
    return capacityOf(node).flatMap((capacity, resource) => {
      if (!Number.isFinite(capacity)) return []
      const limit = [cores, memory, disk][resource]
      const loads = spec.clusters.map((each, cluster) => load({ each, cluster, kind, resource, capacity })).join(' + ')
      const promises = spec.clusters.map(
        (each, cluster) => `${decimal((demands(each).primary[resource] ?? 0) / capacity)} ${member(cluster, kind)}`,
      )
      return [
        `${loads} - ${count} load <= 0`,
        ...wholeGrains({ clusters: spec.clusters, resource, capacity, ceiling: ceiling.load }).map(
          most => `${loads} <= ${decimal(count * most)}`,
        ),
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
          load({ each, cluster, kind, resource, capacity: capacityIn(kinds, kind, resource) }),
        )
        return `${loads.join(' + ')} - load <= 0`
      }),
    ),
  )
}

/** A member is the primary, or a standby of one in another zone, in which there is one then. */
function standbyRows({ instance: { spec }, kinds }: ModelInput): readonly string[] {
  const zones = zonesOf(kinds)
  return spec.clusters.flatMap((_, cluster) =>
    zones.flatMap((own, here) => {
      const elsewhere = [...zones.entries()].filter(([zone]) => zone !== here)
      return [
        ...own.map(kind => {
          const standbys = elsewhere.map(([zone]) => ` - ${standby({ cluster, kind, zone })}`).join('')
          return `${member(cluster, kind)} - ${primary(cluster, kind)}${standbys} = 0`
        }),
        ...elsewhere.map(([zone, there]) => {
          const standbys = own.map(kind => standby({ cluster, kind, zone })).join(' + ')
          return `${standbys} - ${there.map(kind => primary(cluster, kind)).join(' - ')} <= 0`
        }),
      ]
    }),
  )
}

/** No node is above `peak` when a zone is lost; and every member leads some day, so alone it needs what a primary needs. */
function peakRows({ instance: { spec }, kinds, ceiling }: ModelInput): readonly string[] {
  const zones = zonesOf(kinds)
  const afterLosses = zones.flatMap((own, here) =>
    own.flatMap(kind =>
      capacityOf(kinds[kind]?.[0]).flatMap((capacity, resource) =>
        Number.isFinite(capacity)
          ? [...zones.keys()].filter(zone => zone !== here).map(zone => ({ kind, capacity, resource, zone }))
          : [],
      ),
    ),
  )
  return [
    ...afterLosses.flatMap(({ kind, capacity, resource, zone }) => {
      const count = kinds[kind]?.length ?? 0
      const shares = spec.clusters.map((each, cluster) => {
        const { primary: whole, standby: part } = demands(each)
        const more = ((whole[resource] ?? 0) - (part[resource] ?? 0)) / capacity
        const before = load({ each, cluster, kind, resource, capacity })
        return more === 0 ? before : `${before} + ${decimal(more)} ${standby({ cluster, kind, zone })}`
      })
      return [
        `${shares.join(' + ')} - ${count} peak <= 0`,
        ...wholeGrains({ clusters: spec.clusters, resource, capacity, ceiling: ceiling.peak }).map(
          most => `${shares.join(' + ')} <= ${decimal(count * most)}`,
        ),
      ]
    }),
    ...spec.clusters.flatMap((each, cluster) =>
      zones.flatMap(own =>
        [0, 1, 2, 3].map(resource => {
          const whole = demands(each).primary[resource] ?? 0
          const alone = own.map(
            kind => `${decimal(whole / capacityIn(kinds, kind, resource))} ${member(cluster, kind)}`,
          )
          return `${alone.join(' + ')} - peak <= 0`
        }),
      ),
    ),
  ]
}

/** Nothing is where it would by itself be above the ceiling. */
function bounds({ instance: { spec }, kinds, ceiling }: ModelInput): readonly string[] {
  const most = (value: number): string => (Number.isFinite(value) ? decimal(value + 1e-9) : '10')
  return [
    ` 0 <= load <= ${most(ceiling.load)}`,
    ` 0 <= peak <= ${most(ceiling.peak)}`,
    ...spec.clusters.flatMap((each, cluster) =>
      kinds.flatMap(([node], kind) => {
        const alone = (amounts: readonly number[]): number =>
          Math.max(...capacityOf(node).map((capacity, resource) => (amounts[resource] ?? 0) / capacity))
        const { primary: whole, standby: part } = demands(each)
        const mayLead = alone(whole) <= Math.min(ceiling.load, ceiling.peak) + 1e-9
        const mayFollow = alone(part) <= ceiling.load + 1e-9 && alone(whole) <= ceiling.peak + 1e-9
        return [
          ` 0 <= ${member(cluster, kind)} <= ${mayLead || mayFollow ? 1 : 0}`,
          ` 0 <= ${primary(cluster, kind)} <= ${mayLead ? 1 : 0}`,
        ]
      }),
    ),
  ]
}

/** Cores are demanded in grains, so what a node gives is a multiple of one: the highest that is not above the ceiling. */
function wholeGrains({
  clusters,
  resource,
  capacity,
  ceiling,
}: {
  readonly clusters: readonly ClusterSpec[]
  readonly resource: number
  readonly capacity: number
  readonly ceiling: number
}): readonly number[] {
  if (resource !== 0 || !Number.isFinite(ceiling)) return []
  const amounts = clusters.flatMap(each => [demands(each).primary[0] ?? 0, demands(each).standby[0] ?? 0])
  const grain = amounts.map(amount => Math.round(amount * 1000)).reduce(commonDivisor, 0) / 1000
  return grain === 0 ? [] : [(Math.floor((ceiling * capacity) / grain + 1e-6) * grain) / capacity]
}

function commonDivisor(left: number, right: number): number {
  return right === 0 ? left : commonDivisor(right, left % right)
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
  const { primary: whole, standby: part } = demands(each)
  const [most, least] = [(whole[resource] ?? 0) / capacity, (part[resource] ?? 0) / capacity]
  return `${decimal(least)} ${member(cluster, kind)} + ${decimal(most - least)} ${primary(cluster, kind)}`
}

function capacityIn(kinds: ModelInput['kinds'], kind: number, resource: number): number {
  return capacityOf(kinds[kind]?.[0])[resource] ?? Number.POSITIVE_INFINITY
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
