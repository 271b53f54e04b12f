import type { NodeId, OperationId } from '../../../shared/domain/ids.ts'
import type { Plan, PlanStep } from '../../../shared/domain/plan.ts'
import { FLEET_LOCK } from '../journal.ts'
import { numberedSteps } from '../numbered-steps.ts'
import type { OperationRecord, StepRecord } from '../record.ts'
import { titleOf } from '../steps/run-step.ts'
import { isAwaitClients } from './await-clients.ts'
import { isSettingsStep } from './settings-program.ts'

/** The journal entries of a plan that is about to be applied. Pure. */
export function newApply(request: {
  readonly id: OperationId
  readonly plan: Plan
  readonly actor: string
  readonly now: number
  readonly nodeName: (nodeId: NodeId) => string
}): { readonly record: OperationRecord; readonly steps: readonly StepRecord[] } {
  const { id, plan, actor, now, nodeName } = request
  const numbered = [...numberedSteps(plan).values()]
  const clusters = [...new Set(numbered.flatMap(({ step }) => clusterOf(step) ?? []))].sort()
  const nodes = [...new Set(numbered.flatMap(({ step }) => (step.kind === 'converge' ? step.nodeId : [])))].sort()
  return {
    record: {
      id,
      kind: 'apply',
      subject:
        clusters.length > 0
          ? clusters.join(', ')
          : nodes.map(nodeName).join(', ') || (plan.spec.fleet.name ?? 'the fleet'),
      clusters,
      // An apply may touch any node and any allocation, so that two never run side by side.
      locks: [FLEET_LOCK],
      requestedBy: actor,
      createdAt: now,
      status: { state: 'pending' },
      pivoted: false,
    },
    steps: numbered.flatMap(({ id: stepId, phase, step }) =>
      isSettingsStep(step) || isAwaitClients(step)
        ? []
        : [
            {
              id: stepId,
              phase,
              title: titleOf(step),
              ...('nodeId' in step ? { nodeId: step.nodeId, node: nodeName(step.nodeId) } : {}),
              status: { state: 'pending', attempt: 1 },
            },
          ],
    ),
  }
}

function clusterOf(step: PlanStep): string | null {
  if ('cluster' in step) return step.cluster
  return step.kind === 'await' && 'cluster' in step.condition ? step.condition.cluster : null
}
