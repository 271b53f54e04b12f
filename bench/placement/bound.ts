import highsModule from 'highs'
import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { Instance } from './instance.ts'
import { type Highest, type ModelInput, model } from './lp-model.ts'
import { capacities } from './machine.ts'

/** The module's types describe its CommonJS form; as an ES module its default is the loader itself. */
const loadHighs = highsModule as unknown as typeof highsModule.default

export interface Bound {
  /** No placement is lower. */
  readonly value: number
  /** A placement reaches it: it is the optimum. */
  readonly exact: boolean
}

export interface BoundInput {
  readonly instance: Instance
  readonly objective: keyof Highest
  /** What a known placement reaches. That of the objective makes the bound higher; the other one must not be exceeded. */
  readonly reached: Highest
  /** Members may be split even in a small instance. */
  readonly relaxed?: boolean
}

/** Above this many yes-or-no decisions the optimum takes too long to prove. */
const EXACT = 100
/** Seconds for the optimum. */
const TIME = 120
/** Pairs of a cluster and a kind of node up to which ceilings are tried, and how often the interval is halved. */
const TRIED = 300
const HALVES = 16

/**
 * Minimises the highest load, or that after a loss, under the same hard rules. Small instances are solved with whole members
 * on single nodes; of larger ones members may be split, which can only lower the result. Equal nodes of a zone are then one
 * kind: by symmetry, spreading evenly over them is as good as any. A placement below a ceiling puts nothing where it alone
 * is above it, and gives no node a part of a grain of cores: ceilings for which that leaves nothing are bounds as well.
 */
export async function boundOf({ instance, objective, reached, relaxed = false }: BoundInput): Promise<Bound> {
  const { nodes } = instance.snapshot
  const exact = !relaxed && nodes.length * instance.spec.clusters.length * 2 <= EXACT
  const kinds = exact ? nodes.map(node => [node]) : kindsOf(nodes)
  const highs = await loadHighs()
  /** The lowest value of what is not above a ceiling; undefined when there is nothing. */
  const lowest = (ceiling: Highest): number | undefined => {
    const input: ModelInput = { instance, kinds, exact, objective, ceiling }
    const limits = exact ? { time_limit: TIME, mip_rel_gap: 1e-6 } : {}
    const { Status, ObjectiveValue } = highs.solve(model(input), { output_flag: false, ...limits })
    if (Status === 'Infeasible') return undefined
    if (Status !== 'Optimal') throw new Error(`the bound of ${instance.name} was not found: ${Status}`)
    return ObjectiveValue
  }
  const most = reached[objective]
  const first = lowest(reached) ?? most
  if (exact || kinds.length * instance.spec.clusters.length > TRIED || !Number.isFinite(most))
    return { value: Math.min(most, first), exact }
  let [below, above] = [first, most]
  for (let half = 0; half < HALVES; half += 1) {
    const ceiling = (below + above) / 2
    if (lowest({ ...reached, [objective]: ceiling }) === undefined) below = ceiling
    else above = ceiling
  }
  return { value: Math.min(most, below), exact }
}

function kindsOf(nodes: readonly SnapshotNode[]): readonly (readonly SnapshotNode[])[] {
  const alike = (node: SnapshotNode): string => JSON.stringify([node.labels['zone'], ...capacities(node).map(String)])
  return [...Map.groupBy(nodes, alike).values()]
}
