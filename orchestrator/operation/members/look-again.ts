import { DroverError } from '../../../shared/domain/errors.ts'
import type { Observations } from '../conditions.ts'
import type { StepContext } from '../steps/step-context.ts'
import type { Member } from './member.ts'
import { observedMembers } from './observed-members.ts'

/** A busy host may miss some questions of its agent: what is not well is looked at again for as long. */
const PATIENCE_MS = 20_000
const LOOK_AGAIN_MS = 1_000

/**
 * What `judge` makes of the members as they are observed. It throws a `retryable` error for what may pass by itself: that is thrown only
 * when it has not passed after 20 s, and then is one to give up at.
 */
export async function lookAgain<Found>(
  members: readonly Member[],
  judge: (observations: Observations) => Found,
  context: Pick<StepContext, 'fleet' | 'clock' | 'signal' | 'progress'>,
): Promise<Found> {
  const since = context.clock.monotonic()
  for (;;) {
    const observations = await observedMembers(members, context)
    try {
      return judge(observations)
    } catch (thrown) {
      const error = DroverError.from(thrown)
      if (!error.retryable) throw error
      if (context.clock.monotonic() - since > PATIENCE_MS) throw given(error)
      context.progress(error.message)
      await context.clock.sleep(LOOK_AGAIN_MS, context.signal)
    }
  }
}

/** The same, for whoever would try again. */
function given(error: DroverError): DroverError {
  const { code, message, hint, cause } = error
  return new DroverError(code, message, { retryable: false, cause, ...(hint === undefined ? {} : { hint }) })
}
