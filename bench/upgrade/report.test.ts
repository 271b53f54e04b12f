import { describe, expect, it } from 'vitest'
import type { Measured } from './compare.ts'
import { report } from './report.ts'

describe('the report of compared upgrades', () => {
  const comparison = {
    rounds: 2,
    clients: 4,
    from: '17.11',
    to: '17.12',
    upgrades: [
      measured('usual', { failed: 400, stallMs: 4_000, seconds: 40 }),
      measured('drover', { stallMs: 800, seconds: 80 }),
      measured('drover', { stallMs: 400, seconds: 60 }),
      measured('usual', { failed: 300, inDoubt: 1, stallMs: 2_000, seconds: 30 }),
    ],
    fleet: { clusters: 6, members: 8, atOnce: 4, perNode: 2, seconds: 90 },
  }

  it('adds up what failed, spreads stall and time, and says how many times as long the usual way takes', () => {
    const lines = report(comparison).split('\n')
    const cells = (name: string) => lines.find(line => line.startsWith(name))?.split(/\s{2,}/)
    expect(cells('usual  ')).toEqual(['usual', '700', '1', '0', '3000', '4000', '35', '40'])
    expect(cells('drover')).toEqual(['drover', '0', '0', '0', '600', '800', '70', '80'])
    expect(cells('usual /')).toEqual(['usual / drover', '5.0 times', '0.5 times'])
    expect(lines.at(-2)).toContain('90 s, 4.0 clusters a minute')
  })

  it('has no ratio of a side that was not measured', () => {
    const upgrades = comparison.upgrades.filter(({ side }) => side === 'drover')
    expect(report({ ...comparison, upgrades })).not.toContain('times')
  })
})

function measured(side: Measured['side'], more: Partial<Measured>): Measured {
  const none = { acknowledged: 1_000, failed: 0, inDoubt: 0, lost: 0, stallMs: 0, seconds: 0, errors: {} }
  return { round: 1, side, ...none, ...more }
}
