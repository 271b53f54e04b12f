import type { CommandArgs, CommandResult } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName, NodeId } from '../../../shared/domain/ids.ts'
import { primaryOf } from '../conditions.ts'
import type { CommandRunner, FleetAccess } from '../dependencies.ts'
import type { Secrets } from '../secrets.ts'
import { findPrimary } from './find-primary.ts'
import { resultOf } from './outcome.ts'
import type { StepContext } from './step-context.ts'

/** What only a primary takes. */
type PrimaryKind = 'postgres.provision' | 'postgres.retire' | 'postgres.update-extensions'

interface PrimaryCall<K extends PrimaryKind> {
  readonly kind: K
  readonly cluster: ClusterName
  readonly byInstance: Readonly<Record<InstanceName, { readonly nodeId: NodeId; readonly args: CommandArgs<K> }>>
  readonly timeoutMs: number
}

/** What of a step's tools it takes. */
export interface PrimaryContext
  extends Pick<StepContext, 'operationId' | 'stepId' | 'attempt' | 'signal' | 'progress'> {
  readonly fleet: Pick<FleetAccess, 'observations' | 'observed'>
  readonly runner: Pick<CommandRunner, 'run'>
  readonly secrets: Pick<Secrets, 'resolve'>
}

/**
 * Runs a command on whichever node holds the primary now. When somebody else leads before it has answered, nobody waits for the
 * old one, which may be dead: the error is retryable, and the next attempt goes to the new primary. The old one refuses the command
 * should it still get it, since it is a standby then. Errors: `stale` when the primary is no part of the plan.
 */
export async function onPrimary<K extends PrimaryKind>(
  { kind, cluster, byInstance, timeoutMs }: PrimaryCall<K>,
  context: PrimaryContext,
): Promise<{ readonly instance: InstanceName; readonly result: CommandResult<K> }> {
  const { instance } = await findPrimary(cluster, context)
  const target = byInstance[instance]
  if (target === undefined)
    throw new DroverError('stale', `${instance} is primary but not part of this plan: plan again`, {
      retryable: false,
    })
  const done = new AbortController()
  const moved = new AbortController()
  const watching = watch({ cluster, instance, moved }, context, AbortSignal.any([context.signal, done.signal]))
  try {
    const outcome = await context.runner.run({
      nodeId: target.nodeId,
      kind,
      args: await context.secrets.resolve(target.args),
      operationId: context.operationId,
      stepId: context.stepId,
      attempt: context.attempt,
      timeoutMs,
      signal: AbortSignal.any([context.signal, moved.signal]),
      onProgress: context.progress,
    })
    return { instance, result: resultOf(outcome) as CommandResult<K> }
  } catch (error) {
    context.signal.throwIfAborted()
    throw moved.signal.aborted ? moved.signal.reason : error
  } finally {
    done.abort()
    await watching
  }
}

/** Aborts `moved` when another member is seen to lead. Ends with the signal. */
async function watch(
  {
    cluster,
    instance,
    moved,
  }: { readonly cluster: ClusterName; readonly instance: InstanceName; readonly moved: AbortController },
  { fleet }: Pick<PrimaryContext, 'fleet'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const leader = primaryOf(cluster, fleet.observations())
    if (leader !== null && leader.instance !== instance)
      return moved.abort(
        new DroverError('unavailable', `${leader.instance} has taken over from ${instance} in the middle of it`, {
          retryable: true,
        }),
      )
    await fleet.observed(signal).catch(() => undefined)
  }
}
