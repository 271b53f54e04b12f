import type { Observations } from '../../conditions.ts'
import type { ProgramStep } from '../../program.ts'

const LOOK_MS = 1_000
/** What is not well for so long is not well: a member that is looked at in the wrong moment is forgiven. */
const PATIENCE_MS = 5_000

/** What is wrong now, by name; made from what is seen when the watch begins. */
export type Watch = (first: Observations) => (now: Observations) => ReadonlyMap<string, string>

/**
 * Looks for a while. Answers, by name, with what is wrong; the first trouble that lasts ends the watch. It is a result, for the way back
 * is part of the program.
 */
export function watchFor(
  { what, soakMs }: { readonly what: string; readonly soakMs: number },
  watch: Watch,
): ProgramStep<Readonly<Record<string, string>>> {
  return {
    title: `watch ${what} for ${Math.round(soakMs / 1000)} s`,
    async act({ fleet, clock, signal }) {
      const began = clock.monotonic()
      const troublesNow = watch(fleet.observations())
      let sick = new Map<string, { readonly because: string; readonly since: number }>()
      for (;;) {
        const now = clock.monotonic()
        sick = new Map(
          [...troublesNow(fleet.observations())].map(([name, because]) => [
            name,
            { because, since: sick.get(name)?.since ?? now },
          ]),
        )
        const lasting = [...sick].filter(([, { since }]) => now - since >= PATIENCE_MS)
        if (lasting.length > 0) {
          const result = Object.fromEntries(lasting.map(([name, { because }]) => [name, because]))
          return { result, detail: `warning: ${Object.values(result).join('; ')}` }
        }
        if (now - began >= soakMs && sick.size === 0) return { result: {}, detail: 'all are well' }
        await clock.sleep(LOOK_MS, signal)
      }
    },
  }
}
