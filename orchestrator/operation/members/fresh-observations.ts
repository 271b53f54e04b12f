import type { StepContext } from '../steps/step-context.ts'
import type { Member } from './member.ts'

const WAIT_MS = 15_000
/** The first answer may be of a look that had begun before it was asked for; an agent looks once at a time, so the second is not. */
const ANSWERS = 2

/**
 * Asks every member's agent to look again, and resolves when all have: what was seen before a server stopped says nothing of how
 * it is now. After 15 s it resolves all the same; the caller waits for a condition then, and an agent that is silent does not
 * fulfil it for ever.
 */
export async function freshObservations(
  members: readonly Pick<Member, 'nodeId'>[],
  {
    fleet,
    clock,
    signal,
  }: { readonly fleet: Pick<StepContext['fleet'], 'observations' | 'observed' | 'lookAgain'> } & Pick<
    StepContext,
    'clock' | 'signal'
  >,
): Promise<void> {
  const since = clock.monotonic()
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)])
  for (let answer = 1; answer <= ANSWERS; answer += 1) {
    const first = fleet.observations()
    const before = members.map(({ nodeId }) => ({ nodeId, at: first.get(nodeId)?.observedAt }))
    fleet.lookAgain(members.map(({ nodeId }) => nodeId))
    for (;;) {
      const now = fleet.observations()
      if (!before.some(({ nodeId, at }) => now.get(nodeId)?.observedAt === at)) break
      signal.throwIfAborted()
      if (deadline.aborted || clock.monotonic() - since >= WAIT_MS) return
      await fleet.observed(deadline)
    }
  }
}
