import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName } from '../../../../shared/domain/ids.ts'
import { isRunning } from '../../../../shared/domain/observation.ts'
import type { Observations } from '../../conditions.ts'
import { type Member, seenOf } from '../../members/member.ts'
import type { ProgramStep } from '../../program.ts'

const LOOK_MS = 1_000
/** Longer than Patroni's loop: it has seen each server and had its say. */
const STEADY_MS = 12_000
/** A server replays from its last restart point first. */
const DEADLINE_MS = 10 * 60_000

/** Until all members run, and none has started anew for a while. Errors: `timeout` with who does not. */
export function awaitSteady(cluster: ClusterName, members: readonly Member[]): ProgramStep<null> {
  return {
    title: `wait until ${cluster} runs steadily`,
    async act({ fleet, clock, signal }) {
      const began = clock.monotonic()
      let since = { key: '', at: began }
      for (;;) {
        const now = clock.monotonic()
        const { key, waitsFor } = lookAt(members, fleet.observations())
        if (key !== since.key || waitsFor !== null) since = { key, at: now }
        if (now - since.at >= STEADY_MS) return { result: null, detail: 'all members run' }
        if (now - began >= DEADLINE_MS)
          throw new DroverError('timeout', `${waitsFor ?? cluster} does not run steadily`, {
            hint: `drover status ${cluster}`,
          })
        await clock.sleep(LOOK_MS, signal)
      }
    },
  }
}

/** `key`: the same as long as nobody has started anew. Pure. */
export function lookAt(
  members: readonly Member[],
  observations: Observations,
): { readonly key: string; readonly waitsFor: InstanceName | null } {
  const seen = members.map(member => ({ member, now: seenOf(member, observations) }))
  const away = seen.find(({ now }) => !isRunning(now?.state))
  return {
    key: seen.map(({ now }) => now?.startedAt ?? '').join(),
    waitsFor: away?.member.instance ?? null,
  }
}
