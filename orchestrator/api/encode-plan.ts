import type { Placement } from '../../proto/gen/drover/v1/Placement.ts'
import type { PlanResponse } from '../../proto/gen/drover/v1/PlanResponse.ts'
import type { Setting } from '../../proto/gen/drover/v1/Setting.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import type { PlacementExplanation, Plan, SettingExplanation } from '../../shared/domain/plan.ts'
import { describeStep } from './describe-step.ts'

/** A plan for people and scripts; manifests stay inside. */
export function encodePlan(plan: Plan, nodeNames: ReadonlyMap<NodeId, string>): PlanResponse {
  return {
    planId: plan.planId,
    baseRevision: plan.baseRevision,
    changes: plan.changes.map(({ verb, subject, reason, node, detail }) => ({
      verb,
      subject,
      reason,
      node: node ?? '',
      detail: detail ?? '',
    })),
    problems: plan.problems.map(problem => ({ ...problem })),
    placements: plan.placements.map(encodePlacement),
    settings: plan.settings.map(encodeSetting),
    phases: plan.phases.map(({ name, steps }) => ({ name, steps: steps.map(step => describeStep(step, nodeNames)) })),
  }
}

export function encodePlacement({ cluster, instance, node, because, rejected }: PlacementExplanation): Placement {
  return { cluster, instance, node, because, rejected: rejected.map(each => ({ ...each })) }
}

export function encodeSetting({ cluster, name, value, because, from }: SettingExplanation): Setting {
  return { cluster, name, value, because, from }
}
