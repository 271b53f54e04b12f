import type { ProvisionResult } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { PlanStep } from '../../../shared/domain/plan.ts'
import { findPrimary } from './find-primary.ts'
import { resultOf } from './outcome.ts'
import type { StepContext, StepResult } from './step-context.ts'

const TIMEOUT_MS = 5 * 60_000

/** Roles, databases and extensions, on whichever node holds the primary now. */
export async function provisionCluster(
  step: Extract<PlanStep, { kind: 'provision' }>,
  context: StepContext,
): Promise<StepResult> {
  const primary = await findPrimary(step.cluster, context)
  const target = step.byInstance[primary.instance]
  if (target === undefined)
    throw new DroverError('stale', `${primary.instance} is primary but not part of this plan: plan again`, {
      retryable: false,
    })
  const outcome = await context.runner.run({
    nodeId: target.nodeId,
    kind: 'postgres.provision',
    args: await context.secrets.resolve(target.args),
    operationId: context.operationId,
    stepId: context.stepId,
    attempt: context.attempt,
    timeoutMs: TIMEOUT_MS,
    signal: context.signal,
    onProgress: context.progress,
  })
  const { changes } = resultOf(outcome) as ProvisionResult
  for (const change of changes) context.progress(change)
  return { detail: `${changes.length} changes on ${primary.instance}` }
}
