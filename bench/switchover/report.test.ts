import { describe, expect, it } from 'vitest'
import type { Comparison, Measured } from './compare.ts'
import { percentile, report } from './report.ts'

describe('the report of compared switchovers', () => {
  it('adds up what failed, counts clean rounds, and spreads the stall', () => {
    const lines = report(comparison).split('\n')
    expect(lines.find(line => line.startsWith('patronictl'))?.split(/\s+/)).toEqual(
      'patronictl 700 1 0 1 of 3 900 3000 4100 4100'.split(' '),
    )
    expect(lines.find(line => line.startsWith('drover'))?.split(/\s+/)).toEqual(
      'drover 0 0 0 3 of 3 400 500 600 600'.split(' '),
    )
  })

  it("says where Drover's stall goes", () => {
    expect(report(comparison)).toMatch(/Patroni hands over +300 +300 +300 +300\n/)
  })

  it('has no parts without Drover', () => {
    const bare = comparison.switchovers.filter(({ side }) => side === 'patronictl')
    expect(report({ ...comparison, switchovers: bare })).not.toContain('where')
  })
})

it('a percentile is one of the values', () => {
  expect(percentile([5, 1, 4, 2, 3], 0.9)).toBe(5)
  expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3)
  expect(() => percentile([], 0.5)).toThrow('no values')
})

const comparison: Comparison = {
  rounds: 3,
  clients: 8,
  stockPatroni: false,
  switchovers: [
    measured('patronictl', { failed: 300, inDoubt: 1, stallMs: 4_100 }),
    measured('patronictl', { failed: 400, stallMs: 3_000 }),
    measured('patronictl', { stallMs: 900 }),
    measured('drover', { stallMs: 400 }),
    measured('drover', { stallMs: 500 }),
    measured('drover', { stallMs: 600 }),
  ],
}

function measured(side: Measured['side'], more: Partial<Measured>): Measured {
  const stall = { drain: 10, handOver: 300, synchronous: 50, orders: 40 }
  return {
    round: 1,
    side,
    acknowledged: 1_000,
    failed: 0,
    inDoubt: 0,
    lost: 0,
    stallMs: 0,
    errors: {},
    ...(side === 'drover' ? { told: { stallMs: 400, stall } } : {}),
    ...more,
  }
}
