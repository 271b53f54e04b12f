import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ProgramStep } from '../../program.ts'

export type Tried<Result> = { readonly result: Result } | { readonly refused: string }

/** The last failure of a step as what it says. What may pass is tried again first. */
export function asResult<Result>(step: ProgramStep<Result>): ProgramStep<Tried<Result>> {
  const { title, nodeId, attempts = 3 } = step
  return {
    title,
    ...(nodeId === undefined ? {} : { nodeId }),
    attempts,
    async act(context) {
      try {
        const { result, ...told } = await step.act(context)
        return { result: { result }, ...told }
      } catch (error) {
        context.signal.throwIfAborted()
        const { message, retryable } = DroverError.from(error)
        if (retryable && context.attempt < attempts) throw error
        return { result: { refused: message }, detail: `warning: ${message}` }
      }
    },
  }
}
