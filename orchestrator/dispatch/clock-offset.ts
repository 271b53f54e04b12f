const READINGS = 3
/** A session in which messages take longer has ended. */
const LATE_AT_MOST_MS = 60_000

/**
 * How far an agent's clock is from the orchestrator's, by the time that each of its messages says. Messages may be late, on a busy machine
 * by many seconds, and are never early: of the last few the largest reading is nearest to the truth, and only that many together can say
 * that a clock is a little behind.
 */
export class ClockOffset {
  readonly #readings: number[] = []

  /** Agent clock minus orchestrator clock, milliseconds. */
  get ms(): number {
    const largest = Math.max(...this.#readings)
    const maybeLate = this.#readings.length < READINGS && largest > -LATE_AT_MOST_MS
    return maybeLate ? Math.max(largest, 0) : largest
  }

  /** `agentTime`, `now`: Unix milliseconds of either clock, when the message was sent and when it came. */
  read(agentTime: number, now: number): void {
    this.#readings.push(agentTime - now)
    if (this.#readings.length > READINGS) this.#readings.shift()
  }
}
