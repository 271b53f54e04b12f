import { DroverError } from '../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName, NodeId } from '../../../shared/domain/ids.ts'
import { primaryOf } from '../conditions.ts'
import type { FleetAccess } from '../dependencies.ts'
import type { StepContext } from './step-context.ts'

const WAIT_MS = 60_000

/** The current primary, wherever it is; a retryable error when there is none for a minute. */
export async function findPrimary(
  cluster: ClusterName,
  context: Pick<StepContext, 'signal'> & { readonly fleet: Pick<FleetAccess, 'observations' | 'observed'> },
): Promise<{ readonly nodeId: NodeId; readonly instance: InstanceName }> {
  const deadline = AbortSignal.any([context.signal, AbortSignal.timeout(WAIT_MS)])
  for (;;) {
    const primary = primaryOf(cluster, context.fleet.observations())
    if (primary !== null) return primary
    context.signal.throwIfAborted()
    if (deadline.aborted)
      throw new DroverError('unavailable', `${cluster} has no primary`, { hint: `drover status ${cluster}` })
    await context.fleet.observed(deadline)
  }
}
