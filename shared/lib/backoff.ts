export interface BackoffOptions {
  /** Ceiling of the first delay. Default 500 ms. */
  readonly minMs?: number
  /** Ceiling of every delay. Default 60 s. */
  readonly maxMs?: number
  /** After this long healthy the next failure starts from the beginning. Default 60 s. */
  readonly healthyMs?: number
  /** Uniform in [0, 1). Default Math.random. */
  readonly random?: () => number
}

export interface Backoff {
  /** Milliseconds to wait before the next attempt. */
  next(): number
  /** Tell how long the last attempt stayed healthy; short lives do not reset. */
  lived(ms: number): void
  reset(): void
}

/**
 * Exponential back-off with full jitter: uniform in [0, min(max, min·2ⁿ)), which spreads a herd best
 * (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export function createBackoff(options: BackoffOptions = {}): Backoff {
  const { minMs = 500, maxMs = 60_000, healthyMs = 60_000, random = Math.random } = options
  let attempt = 0
  return {
    next: () => {
      const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(attempt, 30))
      attempt += 1
      return random() * ceiling
    },
    lived: ms => {
      if (ms >= healthyMs) attempt = 0
    },
    reset: () => {
      attempt = 0
    },
  }
}
