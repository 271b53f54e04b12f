import { DroverError } from '../../../shared/domain/errors.ts'
import type { ConvergeResult, ItemResult } from '../../../shared/domain/manifest.ts'
import type { PlanStep } from '../../../shared/domain/plan.ts'
import { firstFew } from '../../../shared/lib/first-few.ts'
import { resultOf } from './outcome.ts'
import type { StepContext, StepResult } from './step-context.ts'

/** Installing packages on slow disks is what this has to last for. */
const TIMEOUT_MS = 10 * 60_000
/** What a person can still read in one line. */
const SHOWN_FAILURES = 5

/** Converges a node to its manifest; the manifest counts as the node's own once every item is in place. */
export async function convergeNode(
  step: Extract<PlanStep, { kind: 'converge' }>,
  context: StepContext,
): Promise<StepResult> {
  const { nodeId, manifest } = step
  const outcome = await context.runner.run({
    nodeId,
    kind: 'converge',
    args: { manifest: await context.secrets.resolve(manifest), dryRun: false },
    operationId: context.operationId,
    stepId: context.stepId,
    attempt: context.attempt,
    timeoutMs: TIMEOUT_MS,
    signal: context.signal,
    onProgress: context.progress,
  })
  const { items } = resultOf(outcome) as ConvergeResult
  refuseFailures(items)
  await context.fleet.recordManifest(nodeId, manifest, context.operationId)
  const changed = items.filter(item => item.status === 'changed').length
  return { detail: `${changed} of ${items.length} items changed` }
}

function refuseFailures(items: readonly ItemResult[]): void {
  const failed = items.filter(item => item.status === 'failed')
  if (failed.length === 0) return
  // Packages come in together, and fail with one reason.
  const reasons = [...Map.groupBy(failed, ({ kind, detail }) => `${kind} ${detail ?? ''}`).values()]
  const said = reasons.map(same => {
    const names = same.map(({ name }) => name).join(', ')
    return `${same[0]?.kind ?? ''} ${names}: ${same[0]?.detail ?? 'failed'}`
  })
  throw new DroverError('failed', firstFew(said, SHOWN_FAILURES), { retryable: true })
}
