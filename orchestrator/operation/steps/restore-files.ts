import { DroverError } from '../../../shared/domain/errors.ts'
import type { PlanStep } from '../../../shared/domain/plan.ts'
import { resultOf } from './outcome.ts'
import type { StepContext, StepResult } from './step-context.ts'

const TIMEOUT_MS = 60_000

/** A member's Patroni writes PostgreSQL's files anew, after what ALTER SYSTEM has set was taken back. Restarts nothing. */
export async function restoreFiles(
  step: Extract<PlanStep, { kind: 'restore-files' }>,
  context: StepContext,
): Promise<StepResult> {
  const { nodeId, instance, reset } = step
  const watch = (await context.fleet.manifest(nodeId))?.watches.instances.find(each => each.instance === instance)
  if (watch === undefined)
    throw new DroverError('stale', `${instance} is not in the manifest of its node: plan again`, { retryable: false })
  const { patroniUrl, caPath, certPath, keyPath, socketDirectory, postgresPort: port } = watch
  const patroni = { instance, patroniUrl, caPath, certPath, keyPath }
  const outcome = await context.runner.run({
    nodeId,
    kind: 'patroni.reload',
    args: { instance, socketDirectory, port, patroni, ...(reset.length === 0 ? {} : { reset }) },
    operationId: context.operationId,
    stepId: context.stepId,
    attempt: context.attempt,
    timeoutMs: TIMEOUT_MS,
    signal: context.signal,
    onProgress: context.progress,
  })
  const { tookMs } = resultOf(outcome) as { readonly tookMs: number }
  return { detail: `${reset.length === 0 ? '' : `${reset.join(', ')} taken back; `}read after ${tookMs} ms` }
}
