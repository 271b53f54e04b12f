import type { Renewed } from '../../../../shared/domain/component.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { NodeId } from '../../../../shared/domain/ids.ts'
import type { PatroniTarget } from '../../../../shared/domain/patroni-target.ts'
import type { AwaitCondition } from '../../../../shared/domain/plan.ts'
import { freshObservations } from '../../members/fresh-observations.ts'
import type { HeldPoolers } from '../../members/hold-poolers.ts'
import type { ProgramStep } from '../../program.ts'
import { awaitCondition } from '../../steps/await-condition.ts'
import { resultOf } from '../../steps/outcome.ts'

const RENEW_MS = 90_000
const WELL_MS = 120_000
const ATTEMPTS = 3

export interface Unit {
  readonly nodeId: NodeId
  readonly unit: string
  readonly patroni?: PatroniTarget
}

/** `failed`: it does not come up, which has its own way back. `released`: clients are held no longer, and nothing was asked for. */
export interface RenewEnd {
  readonly failed?: string
  readonly released?: true
}

/** An agent that dies meanwhile is asked again: what runs from the new files already is left alone. */
export function renew({ nodeId, ...args }: Unit, held?: HeldPoolers): ProgramStep<RenewEnd> {
  return {
    title: `have ${args.unit} run from what is installed`,
    nodeId,
    attempts: ATTEMPTS,
    async act(context) {
      if (held !== undefined && context.clock.now() > held.beginUntil)
        return { result: { released: true }, detail: 'not yet: clients are held no longer' }
      try {
        const { operationId, stepId, attempt, signal } = context
        const command = { nodeId, kind: 'component.renew', args, timeoutMs: RENEW_MS } as const
        const outcome = await context.runner.run({ ...command, operationId, stepId, attempt, signal })
        const { renewed, tookMs } = resultOf(outcome) as Renewed
        return { result: {}, detail: renewed ? `${tookMs} ms` : 'it does already' }
      } catch (error) {
        context.signal.throwIfAborted()
        const { message, retryable } = DroverError.from(error)
        if (retryable && context.attempt < ATTEMPTS) throw error
        return { result: { failed: message }, detail: `warning: ${message}` }
      }
    },
  }
}

/** By what is seen from now on. That it does not come is a result. */
export function awaitWell(
  what: string,
  condition: AwaitCondition,
  nodes: readonly { readonly nodeId: NodeId }[],
): ProgramStep<RenewEnd> {
  return {
    title: `wait until ${what}`,
    async act(context) {
      try {
        await freshObservations(nodes, context)
        return { result: {}, ...(await awaitCondition({ kind: 'await', condition, timeoutMs: WELL_MS }, context)) }
      } catch (error) {
        context.signal.throwIfAborted()
        const { message } = DroverError.from(error)
        return { result: { failed: message }, detail: `warning: ${message}` }
      }
    },
  }
}
