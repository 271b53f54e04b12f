import type { ZodType } from 'zod'
import type { ClusterName } from '../../../../shared/domain/ids.ts'
import type { Plan, PlanIntent } from '../../../../shared/domain/plan.ts'
import type { FleetSpec } from '../../../../shared/domain/spec.ts'
import { putAppliedSettings, putAppliedSpec } from '../../../inventory/fleet-state.ts'
import { FLEET_LOCK } from '../../journal.ts'
import { createApply } from '../apply.ts'
import { onRequest, type RequestDesk, type RequestedKind } from '../requested-kind.ts'

/** What is asked for, in the planner's terms. */
export interface PlannedWork<Output> {
  readonly clusters: readonly ClusterName[]
  readonly subject: string
  readonly spec: FleetSpec
  readonly intent: PlanIntent
  readonly output: Output
}

const apply = createApply({ putAppliedSpec, putAppliedSettings })

interface PlannedInput<Output> {
  readonly plan: Plan
  readonly output: Output
}

/**
 * An operation that is a plan of its own: made against the fleet when it is asked for, from the spec that was applied last, and
 * carried out like an apply. Nothing is taken back when a step fails: a resume goes on from there, and so does the next apply.
 */
export function plannedKind<Request, Output>(definition: {
  readonly kind: string
  readonly request: ZodType<Request>
  /** Errors: `invalid`, `not-found` or `conflict` with what speaks against it. */
  ask(request: Request, desk: RequestDesk): Promise<PlannedWork<Output>>
}): RequestedKind {
  return onRequest<Request, PlannedInput<Output>, Output>({
    kind: {
      kind: definition.kind,
      run: async ({ plan, output }, op) => ({ ...(await apply.run(plan, op)), output }),
    },
    request: definition.request,
    async prepare(request, desk) {
      const { clusters, subject, spec, intent, output } = await definition.ask(request, desk)
      const plan = await desk.plan({ spec, intent })
      return {
        subject,
        clusters,
        // It may touch any node and any allocation, like an apply.
        locks: [FLEET_LOCK],
        input: { plan, output },
        decisions: [desk.fleet.putAllocations(plan.allocations), desk.fleet.putExplanations(plan)],
      }
    },
  })
}
