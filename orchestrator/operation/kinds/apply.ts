import type { Plan } from '../../../shared/domain/plan.ts'
import type { FleetAccess } from '../dependencies.ts'
import type { OperationKind } from '../program.ts'
import { runStep, titleOf } from '../steps/run-step.ts'
import { awaitClients, isAwaitClients } from './await-clients.ts'
import { isSettingsStep, settingsProgram } from './settings-program.ts'

/** A Patroni that was stopped a moment ago is in etcd until its lease is over: 20 s to 120 s, by failover mode. */
const LEASES_RUN_OUT = { attempts: 32, backOff: { firstMs: 1_000, factor: 1.5, longestMs: 5_000 } } as const

/** A primary that is lost is not the last one: the next is there within half a minute, and each attempt waits a minute for it. */
const PRIMARIES_CHANGE = { attempts: 8, backOff: { firstMs: 1_000, factor: 1.5, longestMs: 10_000 } } as const

/**
 * Makes a plan so: phase after phase, the steps of a phase side by side. Nothing is taken back when a step fails: what is done
 * is part of what was asked for, and the next apply or a resume goes on from there.
 */
export function createApply(
  fleet: Pick<FleetAccess, 'putAppliedSpec' | 'putAppliedSettings'>,
): OperationKind<Plan, null> {
  return {
    kind: 'apply',
    async run(plan, op) {
      for (const phase of plan.phases) {
        op.phase(phase.name)
        for (const step of phase.steps) {
          if (isSettingsStep(step)) await settingsProgram(step, op)
          if (isAwaitClients(step)) await awaitClients(step, op)
        }
        const steps = phase.steps.flatMap(step =>
          isSettingsStep(step) || isAwaitClients(step)
            ? []
            : op.step({
                title: titleOf(step),
                ...('nodeId' in step ? { nodeId: step.nodeId } : {}),
                ...(step.kind === 'forget-scope' ? LEASES_RUN_OUT : {}),
                ...(step.kind === 'provision' || step.kind === 'retire-objects' ? PRIMARIES_CHANGE : {}),
                act: async context => ({ result: null, ...(await runStep(step, context)) }),
              }),
        )
        for (const outcome of await Promise.allSettled(steps)) if (outcome.status === 'rejected') throw outcome.reason
      }
      return { output: null, alongside: [fleet.putAppliedSpec(plan.spec), fleet.putAppliedSettings(plan.settings)] }
    },
  }
}
