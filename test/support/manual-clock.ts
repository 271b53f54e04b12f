import type { Clock } from '../../shared/lib/clock.ts'

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/** A clock that stands still until the test moves it. */
export class ManualClock implements Clock {
  #now: number
  #elapsed = 0
  #sleepers: Sleeper[] = []

  constructor(now = 1_750_000_000_000) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#elapsed
  }

  /** How many callers wait in `sleep` right now. */
  get sleeping(): number {
    return this.#sleepers.length
  }

  /** Moves time on and wakes, in order, everyone whose time has come. Resolves after they have run. */
  async advance(ms: number): Promise<void> {
    const target = this.#elapsed + ms
    for (let next = this.#due(target); next !== undefined; next = this.#due(target)) {
      this.#move(next.at - this.#elapsed)
      this.#sleepers = this.#sleepers.filter(sleeper => sleeper !== next)
      next.wake()
      await new Promise(resolve => setImmediate(resolve))
    }
    this.#move(target - this.#elapsed)
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason)
        return
      }
      const onAbort = () => {
        this.#sleepers = this.#sleepers.filter(other => other !== sleeper)
        reject(signal.reason)
      }
      const sleeper: Sleeper = {
        at: this.#elapsed + Math.max(0, ms),
        wake: () => {
          signal.removeEventListener('abort', onAbort)
          resolve()
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#sleepers.push(sleeper)
    })
  }

  #due(target: number): Sleeper | undefined {
    return this.#sleepers.filter(sleeper => sleeper.at <= target).sort((a, b) => a.at - b.at)[0]
  }

  #move(ms: number): void {
    this.#elapsed += ms
    this.#now += ms
  }
}
