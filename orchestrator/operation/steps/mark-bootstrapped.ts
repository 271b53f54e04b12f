import type { PlanStep } from '../../../shared/domain/plan.ts'
import type { StepContext, StepResult } from './step-context.ts'

/** From here on the cluster holds data: no later plan bootstraps it again. */
export async function markBootstrapped(
  step: Extract<PlanStep, { kind: 'mark-bootstrapped' }>,
  context: StepContext,
): Promise<StepResult> {
  return { detail: 'holds data', alongside: [context.fleet.putBootstrapped(step.cluster)] }
}
