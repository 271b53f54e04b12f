import type { PlanDraft } from '../../orchestrator/plan/plan.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import { afterSteps } from './plan-runner.ts'

/** The fleet as a plan leaves it that is interrupted after each number of steps, from none to all. */
export function interruptedAnywhere(
  from: Snapshot,
  plan: PlanDraft,
): readonly { readonly done: number; readonly stopped: Snapshot }[] {
  const count = plan.phases.flatMap(({ steps }) => steps).length
  return Array.from({ length: count + 1 }, (_, done) => ({ done, stopped: afterSteps(from, plan, done) }))
}
