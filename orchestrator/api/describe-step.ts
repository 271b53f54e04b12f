import { assertNever } from '../../shared/domain/errors.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import type { AwaitCondition, PlanStep } from '../../shared/domain/plan.ts'
import { plural } from '../plan/problems.ts'

/** One step of a plan in one line. */
export function describeStep(step: PlanStep, nodeNames: ReadonlyMap<NodeId, string>): string {
  switch (step.kind) {
    case 'fill-packages':
      return `fetch ${plural(step.packages.length, 'package')} for ${step.os}`
    case 'converge':
      return `converge ${nodeNames.get(step.nodeId) ?? step.nodeId}`
    case 'await':
      return describeCondition(step.condition)
    case 'provision':
      return `create users and databases of ${step.cluster}`
    case 'configure-patroni':
      return `configure Patroni of ${step.cluster}`
    case 'mark-bootstrapped':
      return `mark ${step.cluster} as bootstrapped`
    case 'probe-disk':
      return `measure the disk of ${nodeNames.get(step.nodeId) ?? step.nodeId}`
    default:
      return assertNever(step)
  }
}

function describeCondition(condition: AwaitCondition): string {
  switch (condition.kind) {
    case 'etcd-healthy':
      return `wait for etcd on ${plural(condition.members.length, 'node')}`
    case 'leader':
      return `wait for a primary of ${condition.cluster}`
    case 'members-streaming':
      return `wait for ${condition.instances.join(', ')} to stream`
    case 'services-up':
      return `wait for the services of ${condition.cluster}`
    default:
      return assertNever(condition)
  }
}
