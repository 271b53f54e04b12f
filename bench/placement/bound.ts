import highsModule from 'highs'
import type { SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { Instance } from './instance.ts'
import { model } from './lp-model.ts'
import { capacities } from './machine.ts'

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
 * Minimises the highest load under the same hard rules. Small instances are solved with whole members on single nodes; of
 * larger ones members may be split, which can only lower the result. Equal nodes of a zone are then one kind: by symmetry,
 * spreading evenly over them is as good as any. `reached` is the load of some placement that is known: one with less puts
 * nothing where it alone would load a node to more, so that may be ruled out, and the bound is the lower of the two.
 */
export async function boundOf(
  instance: Instance,
  reached: number,
  { relaxed = false }: { readonly relaxed?: boolean } = {},
): Promise<Bound> {
  const { nodes } = instance.snapshot
  const exact = !relaxed && nodes.length * instance.spec.clusters.length * 2 <= EXACT
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
