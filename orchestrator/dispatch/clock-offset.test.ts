import { describe, expect, it } from 'vitest'
import { ClockOffset } from './clock-offset.ts'

function after(...readings: readonly number[]): number {
  const offset = new ClockOffset()
  for (const reading of readings) offset.read(1_000_000 + reading, 1_000_000)
  return offset.ms
}

describe("an agent's clock", () => {
  it('is ahead as soon as one message says so', () => {
    expect(after(90_000)).toBe(90_000)
    expect(after(-5, -3, -4, 90_000)).toBe(90_000)
  })

  it('is not behind because a message came late', () => {
    expect(after(-14_000)).toBe(0)
    expect(after(-5, -3, -14_000)).toBe(-3)
    expect(after(-5, -14_000, -8000)).toBe(-5)
  })

  it('is behind when three messages in a row say so, and far behind when one does', () => {
    expect(after(-14_020, -14_004, -14_011)).toBe(-14_004)
    expect(after(-600_000)).toBe(-600_000)
  })

  it('is right again after it was set back, three messages later', () => {
    expect(after(90_000, 90_000, 90_000, -2, -4, -3)).toBe(-2)
  })
})
