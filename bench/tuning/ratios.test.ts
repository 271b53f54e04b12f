import { describe, expect, it } from 'vitest'
import { type Reading, ratioToBest } from './ratios.ts'

describe('the ratio to the best of the others', () => {
  it('compares medians, and rounds one by one', () => {
    const readings = [
      ...series('drover', [100, 120, 110]),
      ...series('a', [100, 100, 100]),
      ...series('b', [50, 70, 60]),
    ]
    expect(ratioToBest(readings, 'drover', ['a', 'b'])).toEqual({
      best: 'a',
      ofMedians: 1.1,
      byRound: { least: 1, median: 1.1, most: 1.2 },
      slower: false,
    })
  })

  it('is that of a slower one only when it was slower in every round', () => {
    const against = (values: readonly number[]): boolean | undefined =>
      ratioToBest([...series('drover', values), ...series('a', [100, 100, 100])], 'drover', ['a'])?.slower
    expect(against([90, 95, 99])).toBe(true)
    expect(against([80, 85, 101])).toBe(false)
  })

  it('takes no side that was not measured for the best', () => {
    const readings = [...series('drover', [10]), ...series('a', [20])]
    expect(ratioToBest(readings, 'drover', ['a', 'absent'])?.best).toBe('a')
    expect(ratioToBest(readings, 'absent', ['a'])).toBeUndefined()
    expect(ratioToBest(readings, 'drover', ['absent'])).toBeUndefined()
  })
})

function series(contender: string, values: readonly number[]): readonly Reading[] {
  return values.map((value, index) => ({ round: index + 1, contender, value }))
}
