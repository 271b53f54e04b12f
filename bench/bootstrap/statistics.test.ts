import { describe, expect, it } from 'vitest'
import { median, summary } from './statistics.ts'

describe('a summary of measurements', () => {
  it('takes the middle value, whatever the order', () => {
    expect(median([9, 1, 4])).toBe(4)
  })

  it('takes the mean of the two middle values of an even number', () => {
    expect(median([1, 10, 2, 4])).toBe(3)
  })

  it('shows median and range', () => {
    expect(summary([7.049, 6.2, 6.6])).toBe('6.60 [6.20..7.05]')
  })

  it('refuses to summarise nothing', () => {
    expect(() => median([])).toThrow('no values')
  })
})
