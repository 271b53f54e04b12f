import type { Clock } from '../../shared/lib/clock.ts'

/**
 * Keeps a restart of the agent out of the middle of somebody's work. While it is closed no command is taken in: what comes meanwhile is
 * sent again to the agent that follows.
 */
export interface Quiet {
  /** A command is taken in: counted until its end. */
  begun(): void
  ended(): void
  /** False, and nothing happens, while anything but the caller's own command is under way. Opens by itself after a minute. */
  close(): boolean
  open(): void
  whenOpen(signal: AbortSignal): Promise<void>
}

/** By then the restart has come, or will not. */
const LONGEST_MS = 60_000
const LOOK_MS = 200

export function createQuiet(parts: {
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>
  /** Work that is no command: a repair of the agent's own, clients that it makes wait. */
  readonly isBusy: () => boolean
}): Quiet {
  const { clock, isBusy } = parts
  let running = 0
  let closedUntil = Number.NEGATIVE_INFINITY
  return {
    begun: () => {
      running += 1
    },
    ended: () => {
      running -= 1
    },
    close: () => {
      if (running > 1 || isBusy()) return false
      closedUntil = clock.monotonic() + LONGEST_MS
      return true
    },
    open: () => {
      closedUntil = Number.NEGATIVE_INFINITY
    },
    whenOpen: async signal => {
      while (clock.monotonic() < closedUntil) await clock.sleep(LOOK_MS, signal)
    },
  }
}
