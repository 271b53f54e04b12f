import type { Observations } from '../conditions.ts'
import type { StepContext } from '../steps/step-context.ts'
import { type Member, seenOf } from './member.ts'

const WAIT_MS = 15_000

/**
 * What is observed, as soon as every member is: an orchestrator that has just been started must be told again first, and an agent
 * that was killed comes back within seconds. After 15 s it is whatever is known then; the caller decides what a silent member means.
 */
export async function observedMembers(
  members: readonly Member[],
  { fleet, clock, signal }: Pick<StepContext, 'fleet' | 'clock' | 'signal'>,
): Promise<Observations> {
  const since = clock.monotonic()
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)])
  for (;;) {
    const observations = fleet.observations()
    const isComplete = members.every(member => seenOf(member, observations) !== undefined)
    if (isComplete || clock.monotonic() - since >= WAIT_MS) return observations
    signal.throwIfAborted()
    await fleet.observed(deadline)
  }
}
