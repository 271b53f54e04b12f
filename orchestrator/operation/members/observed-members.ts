import type { Observations } from '../conditions.ts'
import type { StepContext } from '../steps/step-context.ts'
import { type Member, seenOf } from './member.ts'

const WAIT_MS = 15_000

type Tools = Pick<StepContext, 'fleet' | 'clock' | 'signal'>

/**
 * What is observed, as soon as every member is: an orchestrator that has just been started must be told again first, and an agent
 * that was killed comes back within seconds. After 15 s it is whatever is known then; the caller decides what a silent member means.
 */
export function observedMembers(members: readonly Member[], tools: Tools): Promise<Observations> {
  return observedWhen(observations => members.every(member => seenOf(member, observations) !== undefined), tools)
}

/** The same with less to wait for: as soon as `isEnough` says so. */
export async function observedWhen(
  isEnough: (observations: Observations) => boolean,
  { fleet, clock, signal }: Tools,
): Promise<Observations> {
  const since = clock.monotonic()
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)])
  for (;;) {
    const observations = fleet.observations()
    if (isEnough(observations) || clock.monotonic() - since >= WAIT_MS) return observations
    signal.throwIfAborted()
    await fleet.observed(deadline)
  }
}
