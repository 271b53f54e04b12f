import { assertNever } from '../../shared/domain/errors.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import type { AwaitCondition, PlanStep } from '../../shared/domain/plan.ts'
import { retireTitle } from '../operation/steps/retire-objects.ts'
import { voterTitle } from '../operation/steps/voter-title.ts'
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
    case 'compare-settings':
      return `compare what Patroni, files and servers of ${step.cluster} say`
    case 'restart-members':
      return `restart members of ${step.cluster} that wait for it, one after the other`
    case 'await-clients':
      return `wait for the clients of ${plural(step.poolers.length, 'pooler')} to leave`
    case 'retire-objects':
      return retireTitle(step)
    case 'mark-bootstrapped':
      return `mark ${step.cluster} as bootstrapped`
    case 'mark-started':
      return `mark ${step.cluster} as started`
    case 'mark-departed':
      return `begin the tombstone of ${step.instances.join(', ')}`
    case 'erase-instance':
      return `erase the data of ${step.args.instance} on ${nodeNames.get(step.nodeId) ?? step.nodeId}`
    case 'forget-scope':
      return `forget ${step.member ?? step.cluster} in etcd`
    case 'release-slot':
      return `release the replication slot of ${step.member}`
    case 'restore-files':
      return `write the files of ${step.instance} anew`
    case 'mark-erased':
      return `end the tombstone of ${step.instances.join(', ')}`
    case 'change-voter':
      return voterTitle(step.change)
    case 'mark-voters':
      return `keep who votes in etcd: ${[...step.joined, ...step.left.map(name => `without ${name}`)].join(', ')}`
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
    case 'withdrawn':
      return `wait until ${condition.instance} confirms nothing and cannot be promoted`
    case 'led-by':
      return `see that ${condition.instance} still leads ${condition.cluster}`
    case 'services-up':
      return `wait for the services of ${condition.cluster}`
    default:
      return assertNever(condition)
  }
}
