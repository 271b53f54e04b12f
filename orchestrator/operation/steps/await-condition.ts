import { DroverError } from '../../../shared/domain/errors.ts'
import type { PlanStep } from '../../../shared/domain/plan.ts'
import { deadlineController } from '../../../shared/lib/abort.ts'
import { evaluate } from '../conditions.ts'
import type { StepContext, StepResult } from './step-context.ts'

/** Waits until what is observed fulfils a condition; a time-out says what is still missing. */
export async function awaitCondition(
  step: Extract<PlanStep, { kind: 'await' }>,
  context: StepContext,
): Promise<StepResult> {
  const since = context.clock.monotonic()
  using deadline = deadlineController(step.timeoutMs, context.signal)
  let told = ''
  for (;;) {
    const verdict = evaluate(step.condition, context.fleet.observations())
    if (verdict.met) return { detail: `after ${((context.clock.monotonic() - since) / 1000).toFixed(1)} s` }
    context.signal.throwIfAborted()
    if (deadline.signal.aborted)
      throw new DroverError('timeout', `waited ${step.timeoutMs / 1000} s: ${verdict.missing}`, {
        retryable: false,
        hint: `the log of the part that is missing says why, for example on its host: journalctl -u 'drover-*' -n 50`,
      })
    if (verdict.missing !== told) context.progress((told = verdict.missing))
    await context.fleet.observed(deadline.signal)
  }
}
