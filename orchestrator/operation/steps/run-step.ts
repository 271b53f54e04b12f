import { assertNever } from '../../../shared/domain/errors.ts'
import type { PlainStep, PlanStep } from '../../../shared/domain/plan.ts'
import { plural } from '../../plan/problems.ts'
import { awaitCondition } from './await-condition.ts'
import { changeVoter, markVoters } from './change-voter.ts'
import { configurePatroni } from './configure-patroni.ts'
import { convergeNode } from './converge-node.ts'
import { eraseInstance, forgetScope, releaseSlot } from './erase-instance.ts'
import { fillPackages } from './fill-packages.ts'
import { markBootstrapped } from './mark-bootstrapped.ts'
import { markDeparted, markErased, markStarted } from './mark-tombstones.ts'
import { probeDisk } from './probe-disk.ts'
import { provisionCluster } from './provision-cluster.ts'
import { restoreFiles } from './restore-files.ts'
import { retireObjects, retireTitle } from './retire-objects.ts'
import type { StepContext, StepResult } from './step-context.ts'
import { voterTitle } from './voter-title.ts'

/** One attempt. Every step is idempotent: run again, it finds its work done. */
export function runStep(step: PlainStep, context: StepContext): Promise<StepResult> {
  switch (step.kind) {
    case 'fill-packages':
      return fillPackages(step, context)
    case 'converge':
      return convergeNode(step, context)
    case 'await':
      return awaitCondition(step, context)
    case 'provision':
      return provisionCluster(step, context)
    case 'configure-patroni':
      return configurePatroni(step, context)
    case 'mark-bootstrapped':
      return markBootstrapped(step, context)
    case 'retire-objects':
      return retireObjects(step, context)
    case 'mark-started':
      return markStarted(step, context)
    case 'mark-departed':
      return markDeparted(step, context)
    case 'erase-instance':
      return eraseInstance(step, context)
    case 'forget-scope':
      return forgetScope(step, context)
    case 'release-slot':
      return releaseSlot(step, context)
    case 'restore-files':
      return restoreFiles(step, context)
    case 'mark-erased':
      return markErased(step, context)
    case 'change-voter':
      return changeVoter(step, context)
    case 'mark-voters':
      return markVoters(step, context)
    case 'probe-disk':
      return probeDisk(step, context)
    default:
      return assertNever(step)
  }
}

/** What the step does, for a timeline. */
export function titleOf(step: PlainStep): string {
  switch (step.kind) {
    case 'fill-packages':
      return `fetch packages for ${step.os}`
    case 'converge':
      return 'converge'
    case 'await':
      return awaitTitle(step.condition)
    case 'provision':
      return `provision ${step.cluster}`
    case 'configure-patroni':
      return `configure Patroni of ${step.cluster}`
    case 'retire-objects':
      return retireTitle(step)
    case 'mark-bootstrapped':
      return `mark ${step.cluster} as bootstrapped`
    case 'mark-started':
      return `mark ${step.cluster} as started`
    case 'mark-departed':
      return `begin the tombstone of ${step.instances.join(', ')}`
    case 'erase-instance':
      return `erase the data of ${step.args.instance}`
    case 'forget-scope':
      return `forget ${step.member ?? step.cluster} in etcd`
    case 'release-slot':
      return `release the slot of ${step.member}`
    case 'restore-files':
      return `write the files of ${step.instance} anew`
    case 'mark-erased':
      return `end the tombstone of ${step.instances.join(', ')}`
    case 'change-voter':
      return voterTitle(step.change)
    case 'mark-voters':
      return 'mark voters'
    case 'probe-disk':
      return 'measure the disk'
    default:
      return assertNever(step)
  }
}

function awaitTitle(condition: Extract<PlanStep, { kind: 'await' }>['condition']): string {
  switch (condition.kind) {
    case 'etcd-healthy':
      return 'wait for etcd'
    case 'leader':
      return `wait for a primary of ${condition.cluster}`
    case 'members-streaming':
      return `wait for ${plural(condition.instances.length, 'member')} of ${condition.cluster}`
    case 'withdrawn':
      return `wait until ${condition.instance} is withdrawn`
    case 'led-by':
      return `see that ${condition.instance} leads`
    case 'services-up':
      return `wait for the services of ${condition.cluster}`
    default:
      return assertNever(condition)
  }
}
