import { median } from '../bootstrap/statistics.ts'

/** The value of one contender in one round; higher is better. */
export interface Reading {
  readonly round: number
  readonly contender: string
  readonly value: number
}

/** Ours over another's, within one round, where the machine was most alike. */
export interface Ratio {
  readonly other: string
  /** The middle one of the rounds. */
  readonly median: number
  /** Where the true median is, with 95 % confidence; with fewer than six rounds no more than their range. */
  readonly low: number
  readonly high: number
}

/** Compares one contender with whom of the others it stands worst to; undefined when no round has both. */
export function ratioToBest(readings: readonly Reading[], ours: string, others: readonly string[]): Ratio | undefined {
  const ratios = others.flatMap(other => {
    const byRound = roundByRound(readings, ours, other)
    return byRound.length === 0 ? [] : [{ other, median: median(byRound), ...confidence(byRound) }]
  })
  return ratios.toSorted((left, right) => left.median - right.median)[0]
}

function roundByRound(readings: readonly Reading[], ours: string, other: string): readonly number[] {
  return readings
    .filter(({ contender }) => contender === ours)
    .flatMap(({ round, value }) => {
      const match = readings.find(reading => reading.contender === other && reading.round === round)
      return match === undefined ? [] : [value / match.value]
    })
}

/**
 * The order statistics between which the median lies with 95 % confidence, whatever the distribution (Conover, Practical
 * Nonparametric Statistics, section 3.2): as many are left out at each end as a fair coin shows heads in n throws with a
 * probability of 2.5 % or less.
 */
export function confidence(values: readonly number[]): { readonly low: number; readonly high: number } {
  const sorted = values.toSorted((left, right) => left - right)
  const count = sorted.length
  let leftOut = 0
  let probability = 0.5 ** count
  let tail = probability
  while (tail <= 0.025) {
    leftOut += 1
    probability *= (count - leftOut + 1) / leftOut
    tail += probability
  }
  const first = Math.max(0, leftOut - 1)
  return { low: sorted[first] ?? Number.NaN, high: sorted[count - 1 - first] ?? Number.NaN }
}
