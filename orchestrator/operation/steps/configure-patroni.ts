import { DroverError } from '../../../shared/domain/errors.ts'
import type { PlanStep } from '../../../shared/domain/plan.ts'
import { findPrimary } from './find-primary.ts'
import { resultOf } from './outcome.ts'
import type { StepContext, StepResult } from './step-context.ts'

const TIMEOUT_MS = 60_000

/** Patroni's dynamic configuration, through the REST API of the current primary. */
export async function configurePatroni(
  step: Extract<PlanStep, { kind: 'configure-patroni' }>,
  context: StepContext,
): Promise<StepResult> {
  const primary = await findPrimary(step.cluster, context)
  const manifest = await context.fleet.manifest(primary.nodeId)
  const watch = manifest?.watches.instances.find(({ instance }) => instance === primary.instance)
  if (watch === undefined)
    throw new DroverError('stale', `${primary.instance} is primary but not in its node's manifest: plan again`, {
      retryable: false,
    })
  const outcome = await context.runner.run({
    nodeId: primary.nodeId,
    kind: 'patroni.configure',
    args: {
      instance: primary.instance,
      patroniUrl: watch.patroniUrl,
      caPath: watch.caPath,
      certPath: watch.certPath,
      keyPath: watch.keyPath,
      patch: step.patch,
    },
    operationId: context.operationId,
    stepId: context.stepId,
    attempt: context.attempt,
    timeoutMs: TIMEOUT_MS,
    signal: context.signal,
    onProgress: context.progress,
  })
  const { changed } = resultOf(outcome) as { changed: boolean }
  return { detail: changed ? 'changed' : 'as it was' }
}
