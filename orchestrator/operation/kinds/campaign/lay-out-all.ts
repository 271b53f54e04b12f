import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName, NodeId } from '../../../../shared/domain/ids.ts'
import type { FleetRuntime, RuntimeId } from '../../../../shared/domain/runtime.ts'
import type { RuntimeTrial, RuntimeTrialArgs } from '../../../../shared/domain/runtime-trial.ts'
import type { Program } from '../../program.ts'
import { fetchRuntime, layOut, tryRuntimeWith } from '../upgrade/steps.ts'
import { asResult } from './as-result.ts'
import type { Chosen } from './choose-all.ts'

const NODES_AT_ONCE = 16

/** How a version fared on one node, for the clusters with members there. */
export interface TrialReport {
  readonly nodeId: NodeId
  readonly clusters: readonly ClusterName[]
  readonly trial: RuntimeTrial | { readonly refused: string }
}

/**
 * Every version lies on every node that is to run it, and has run there with what its clusters load, before any server of the fleet
 * stops. What does not work is a result: whoever is refused is told of all nodes at once.
 */
export async function layOutAll(chosen: Chosen, op: Program): Promise<readonly TrialReport[]> {
  op.phase('lay out and try')
  const runtimes = new Map(chosen.runtimes.map(runtime => [runtime.id, runtime]))
  const jobs = jobsOf(chosen)
  const needed = chosen.runtimes.filter(({ id }) => jobs.some(job => job.runtimes.includes(id)))
  for (const runtime of needed) await op.step(fetchRuntime(runtime))
  const found = await op.each({ items: jobs, atOnce: NODES_AT_ONCE }, async (job, lane) => {
    const { nodeId } = job
    const broken = new Map<RuntimeId, string>()
    for (const id of job.runtimes) {
      const laidOut = await lane.step(asResult(layOut(nodeId, runtimeIn(runtimes, id))))
      if ('refused' in laidOut) broken.set(id, laidOut.refused)
    }
    const reports: TrialReport[] = []
    for (const { clusters, args } of job.trials) {
      const refused = args.runtime === null ? undefined : broken.get(args.runtime)
      const trial = refused === undefined ? await lane.step(asResult(tryRuntimeWith(nodeId, args))) : { refused }
      reports.push({ nodeId, clusters, trial: 'refused' in trial ? trial : trial.result })
    }
    return reports
  })
  return found.flat()
}

interface NodeJob {
  readonly nodeId: NodeId
  readonly runtimes: readonly RuntimeId[]
  /** Each different one once. */
  readonly trials: readonly { readonly clusters: readonly ClusterName[]; readonly args: RuntimeTrialArgs }[]
}

/** Clusters that have their version already need nothing. Pure. */
export function jobsOf({ targets }: Pick<Chosen, 'targets'>): readonly NodeJob[] {
  const wanted = targets
    .filter(({ changes }) => changes.length > 0)
    .flatMap(target => target.nodes.map(nodeId => ({ nodeId, target })))
  return [...Map.groupBy(wanted, ({ nodeId }) => nodeId)].map(([nodeId, all]) => {
    const trials = Map.groupBy(all, ({ target: { trial, runtime } }) => JSON.stringify({ ...trial, runtime }))
    return {
      nodeId,
      runtimes: [...new Set(all.flatMap(({ target }) => target.runtime ?? []))],
      trials: [...trials.values()].flatMap(same => {
        const [first] = same
        if (first === undefined) return []
        const { trial, runtime } = first.target
        return [{ clusters: same.map(({ target }) => target.cluster), args: { ...trial, runtime } }]
      }),
    }
  })
}

function runtimeIn(runtimes: ReadonlyMap<RuntimeId, FleetRuntime>, id: RuntimeId): FleetRuntime {
  const runtime = runtimes.get(id)
  if (runtime === undefined) throw new DroverError('internal', `runtime ${id} was not chosen`)
  return runtime
}
