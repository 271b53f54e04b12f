import { setTimeout as delay } from 'node:timers/promises'

/** Time as a dependency, so that tests own it. */
export interface Clock {
  /** Unix milliseconds; may jump when the machine's clock is set. */
  now(): number
  /** Milliseconds from an arbitrary start; never jumps. Use it for durations. */
  monotonic(): number
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    signal.throwIfAborted()
    try {
      await delay(ms, undefined, { signal })
    } catch (error) {
      signal.throwIfAborted()
      throw error
    }
  },
}
