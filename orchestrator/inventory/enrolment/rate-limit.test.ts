import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../test/support/manual-clock.ts'
import { Nonces } from './nonces.ts'
import { createRateLimit } from './rate-limit.ts'

describe('a rate limit', () => {
  it('lets a burst through and then its rate, for each key by itself', async () => {
    const clock = new ManualClock()
    const allow = createRateLimit({ clock, perSecond: 1, burst: 2 })
    expect([allow('a'), allow('a'), allow('a'), allow('b')]).toEqual([true, true, false, true])
    await clock.advance(1000)
    expect([allow('a'), allow('a')]).toEqual([true, false])
  })

  it('remembers a bounded number of keys', () => {
    const allow = createRateLimit({ clock: new ManualClock(), perSecond: 1, burst: 1, maxKeys: 2 })
    expect(['a', 'b', 'c', 'c'].map(allow)).toEqual([true, true, true, false])
  })
})

describe('nonces', () => {
  it('are good once and for five minutes', async () => {
    const clock = new ManualClock()
    const nonces = new Nonces(clock)
    const [once, late] = [nonces.issue(), nonces.issue()]
    expect([nonces.take(once), nonces.take(once)]).toEqual([true, false])
    await clock.advance(5 * 60_000 + 1)
    expect(nonces.take(late)).toBe(false)
    expect(nonces.take(Buffer.alloc(32))).toBe(false)
  })

  it('are bounded: the oldest go first', () => {
    const nonces = new Nonces(new ManualClock())
    const first = nonces.issue()
    for (let count = 0; count < 10_000; count += 1) nonces.issue()
    expect(nonces.take(first)).toBe(false)
  })
})
