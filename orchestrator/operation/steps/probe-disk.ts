import { DroverError } from '../../../shared/domain/errors.ts'
import type { FsyncProbe } from '../../../shared/domain/facts.ts'
import type { PlanStep } from '../../../shared/domain/plan.ts'
import { resultOf } from './outcome.ts'
import type { StepContext, StepResult } from './step-context.ts'

/** The probe stops itself after 5 s; a disk that hangs is given up by the agent after 15. */
const TIMEOUT_MS = 20_000

/** Measures how long a durable write takes on a node and keeps the figure. Whatever goes wrong is a word in the timeline, never a failure. */
export async function probeDisk(
  step: Extract<PlanStep, { kind: 'probe-disk' }>,
  context: StepContext,
): Promise<StepResult> {
  try {
    const outcome = await context.runner.run({
      nodeId: step.nodeId,
      kind: 'disk.probe',
      args: { directory: step.directory },
      operationId: context.operationId,
      stepId: context.stepId,
      attempt: context.attempt,
      timeoutMs: TIMEOUT_MS,
      signal: context.signal,
      onProgress: context.progress,
    })
    const probe = resultOf(outcome) as FsyncProbe
    const doubt = probe.suspicious === undefined ? '' : `; warning: ${probe.suspicious}`
    return {
      detail: `fsync p50 ${probe.p50Micros} µs, p99 ${probe.p99Micros} µs${doubt}`,
      alongside: [context.fleet.putFsync(step.nodeId, probe)],
    }
  } catch (error) {
    context.signal.throwIfAborted()
    return { detail: `warning: not measured: ${DroverError.from(error).message}` }
  }
}
