import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stallOf, tellStall } from './stall.ts'

describe('what clients waited for', () => {
  it('is the parts that are known, and orders for the rest', () => {
    const awaited = { tookMs: 500, synchronousMs: 700 }
    const stall = stallOf({ stallMs: 1_000, drainedMs: 50, awaited })
    expect(stall).toEqual({ drain: 50, handOver: 500, synchronous: 200, orders: 250 })
    expect(tellStall(1_000, stall)).toBe(
      '1000 ms: transactions end (50 ms, 5 %); Patroni hands over (500 ms, 50 %); a standby confirms (200 ms, 20 %); orders (250 ms, 25 %)',
    )
  })

  it('has no wait for a standby where none was waited for', () => {
    expect(stallOf({ stallMs: 600, drainedMs: 0, awaited: { tookMs: 500 } })).toMatchObject({ synchronous: 0 })
  })

  it('is never more or less than the stall', () => {
    const ms = fc.nat(20_000)
    fc.assert(
      fc.property(ms, ms, ms, ms, (stallMs, drainedMs, tookMs, more) => {
        const parts = Object.values(stallOf({ stallMs, drainedMs, awaited: { tookMs, synchronousMs: tookMs + more } }))
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(0)
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(stallMs)
      }),
    )
  })
})
