import type { KernelSetting } from '../../proto/gen/drover/v1/KernelSetting.ts'
import type { Layout } from '../../proto/gen/drover/v1/Layout.ts'
import type { Placement } from '../../proto/gen/drover/v1/Placement.ts'
import type { PlanResponse } from '../../proto/gen/drover/v1/PlanResponse.ts'
import type { Setting } from '../../proto/gen/drover/v1/Setting.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import type {
  KernelExplanation,
  PlacementExplanation,
  PlacementLayout,
  Plan,
  SettingExplanation,
} from '../../shared/domain/plan.ts'
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
    kernel: plan.kernel.map(encodeKernel),
    layout: encodeLayout(plan.layout),
    ...(plan.rebalance === undefined ? {} : { rebalance: encodeRebalance(plan.rebalance) }),
    phases: plan.phases.map(({ name, steps }) => ({ name, steps: steps.map(step => describeStep(step, nodeNames)) })),
  }
}

export function encodePlacement({ cluster, instance, node, because, rejected }: PlacementExplanation): Placement {
  return { cluster, instance, node, because, rejected: rejected.map(each => ({ ...each })) }
}

export function encodeSetting(setting: SettingExplanation): Setting {
  const { cluster, instance, name, value, because, from, apply, replaces } = setting
  return {
    cluster,
    instance: instance ?? '',
    name,
    value,
    because,
    from,
    apply: apply ?? '',
    ...(replaces === undefined ? {} : { replaces }),
  }
}

function encodeKernel({ node, name, value, because, from }: KernelExplanation): KernelSetting {
  return { node, name, value, because, from }
}

function encodeLayout({ levels, nodes }: PlacementLayout): Layout {
  return {
    levels: [...levels],
    nodes: nodes.map(({ node, labels, voter, instances, load }) => ({
      node,
      labels: { ...labels },
      voter: voter ?? '',
      instances: instances.map(({ instance, cluster, purpose }) => ({ instance, cluster, purpose })),
      load: { ...load },
    })),
  }
}

function encodeRebalance({
  moves,
  before,
  after,
}: NonNullable<Plan['rebalance']>): NonNullable<PlanResponse['rebalance']> {
  return { moves: moves.map(move => ({ ...move, kind: move.kind ?? 'move' })), before, after }
}
