import type { Clock } from '../../../shared/lib/clock.ts'

export interface RateLimitOptions {
  readonly clock: Pick<Clock, 'monotonic'>
  /** Tokens that come back each second. */
  readonly perSecond: number
  /** Tokens a full bucket holds. */
  readonly burst: number
  /** Buckets kept at most; full ones are forgotten first, which changes nothing for their owner. */
  readonly maxKeys?: number
}

export type RateLimit = (key: string) => boolean

interface Bucket {
  tokens: number
  filledAt: number
}

/** One token bucket a key. The answer says whether this call may go ahead. */
export function createRateLimit(options: RateLimitOptions): RateLimit {
  const { clock, perSecond, burst, maxKeys = 10_000 } = options
  const buckets = new Map<string, Bucket>()
  return key => {
    const now = clock.monotonic()
    const bucket = buckets.get(key) ?? { tokens: burst, filledAt: now }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond)
    bucket.filledAt = now
    if (!buckets.has(key) && buckets.size >= maxKeys) forgetFull(now)
    buckets.set(key, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }

  function forgetFull(now: number): void {
    for (const [key, { tokens, filledAt }] of buckets) {
      if (tokens + ((now - filledAt) / 1000) * perSecond >= burst) buckets.delete(key)
    }
    const oldest = buckets.keys().next()
    if (buckets.size >= maxKeys && oldest.done !== true) buckets.delete(oldest.value)
  }
}
