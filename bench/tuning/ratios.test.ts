import { describe, expect, it } from 'vitest'
import { confidence, type Reading, ratioToBest } from './ratios.ts'

describe('the ratio to the best of the others', () => {
  it('compares round by round, so that a busy spell meets both sides', () => {
    const readings = [...series('drover', [110, 11, 110]), ...series('a', [100, 10, 100])]
    expect(ratioToBest(readings, 'drover', ['a'])?.median).toBeCloseTo(1.1)
  })

  it('is that to the one who does best against ours', () => {
    const readings = [...series('drover', [100, 100]), ...series('a', [90, 80]), ...series('b', [125, 125])]
    expect(ratioToBest(readings, 'drover', ['a', 'b'])).toEqual({ other: 'b', median: 0.8, low: 0.8, high: 0.8 })
  })

  it('needs a round that both took part in', () => {
    const readings = [...series('drover', [10]), ...series('a', [20])]
    expect(ratioToBest(readings, 'drover', ['a', 'absent'])?.other).toBe('a')
    expect(ratioToBest(readings, 'absent', ['a'])).toBeUndefined()
    expect(ratioToBest(readings, 'drover', ['absent'])).toBeUndefined()
  })
})

/** The ranks are those of the usual tables: 6 values 1 and 6, 9 values 2 and 8, 10 values 2 and 9, 20 values 6 and 15. */
describe('the confidence interval of a median', () => {
  it.each([
    [3, 1, 3],
    [5, 1, 5],
    [6, 1, 6],
    [9, 2, 8],
    [10, 2, 9],
    [20, 6, 15],
  ])('of %i values goes from the one of rank %i to that of rank %i', (count, low, high) => {
    const values = Array.from({ length: count }, (_, index) => count - index)
    expect(confidence(values)).toEqual({ low, high })
  })
})

function series(contender: string, values: readonly number[]): readonly Reading[] {
  return values.map((value, index) => ({ round: index + 1, contender, value }))
}
