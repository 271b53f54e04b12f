import type { PlanStep } from '../../../shared/domain/plan.ts'
import { onPrimary } from './on-primary.ts'
import type { StepContext, StepResult } from './step-context.ts'

const TIMEOUT_MS = 5 * 60_000

/** Roles, databases and extensions, on whichever node holds the primary now. */
export async function provisionCluster(
  { cluster, byInstance }: Extract<PlanStep, { kind: 'provision' }>,
  context: StepContext,
): Promise<StepResult> {
  const call = { kind: 'postgres.provision', cluster, byInstance, timeoutMs: TIMEOUT_MS } as const
  const { instance, result } = await onPrimary(call, context)
  for (const change of result.changes) context.progress(change)
  return { detail: `${result.changes.length} changes on ${instance}` }
}
