import type { Snapshot, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { platformsAmong } from '../node-view.ts'
import { lossKeys, numbered } from './failure-domains.ts'
import { type Amounts, type Capacity, capacityOf, ceilingOf } from './resources.ts'
import { compareNames, domainOf } from './spread.ts'

/** The nodes of a fleet by name, with what placement asks of each: an index stands for a node. */
export interface FleetNodes {
  readonly nodes: readonly SnapshotNode[]
  readonly capacities: readonly Capacity[]
  /** What members may demand there together. */
  readonly ceilings: readonly Amounts[]
  /** One over the capacity, to normalise a load by; 0 where nothing is known. */
  readonly inverse: readonly Amounts[]
  /** Nodes of one number fail together; see lossKeys. */
  readonly lossDomain: Int32Array
  /** The label that makes loss domains, `zone`; absent where only single nodes are reckoned with. */
  readonly lossLevel?: string
  /** Nodes of one number are one platform (S7). */
  readonly platform: Int32Array
  readonly indexOf: ReadonlyMap<string, number>
  /** Index by name and by address. */
  readonly find: (nameOrAddress: string) => number | undefined
}

export function fleetNodes(spec: FleetSpec, snapshot: Snapshot): FleetNodes {
  const nodes = snapshot.nodes.toSorted((left, right) => compareNames(left.name, right.name))
  const capacities = nodes.map(capacityOf)
  const keys = lossKeys(nodes, [...new Set(spec.clusters.flatMap(cluster => cluster.placement.spread))])
  const level = keys.at(-1)
  const byAddress = new Map(nodes.map((node, index) => [node.address, index]))
  const byName = new Map(nodes.map((node, index) => [node.name, index]))
  const usualWrites = median(capacities.flatMap(({ iops }) => iops ?? []))
  return {
    nodes,
    capacities,
    ceilings: capacities.map(capacity => ceilingOf(capacity, spec.fleet.parameters.limits)),
    inverse: capacities.map(capacity => inverseOf({ iops: usualWrites, ...capacity })),
    lossDomain: keys.length === 0 ? new Int32Array(nodes.length) : numbered(nodes.map(node => domainOf(node, keys))),
    ...(level === undefined ? {} : { lossLevel: level }),
    platform: numbered(nodes.map(platformsAmong(nodes))),
    indexOf: new Map(nodes.map((node, index) => [node.id, index])),
    find: nameOrAddress => byName.get(nameOrAddress) ?? byAddress.get(nameOrAddress),
  }
}

/** A disk that was not measured counts as the usual one among those that were, so that a probe alone makes no node look busy. */
function inverseOf({
  cores,
  memory,
  disk,
  iops,
}: { readonly [Key in keyof Capacity]: Capacity[Key] | undefined }): Amounts {
  const inverse = (value: number | undefined): number => (value === undefined || value <= 0 ? 0 : 1 / value)
  return [inverse(cores), inverse(memory), inverse(disk), inverse(iops)]
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]
}
