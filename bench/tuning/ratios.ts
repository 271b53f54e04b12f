import { median } from '../bootstrap/statistics.ts'

/** The value of one contender in one round; higher is better. */
export interface Reading {
  readonly round: number
  readonly contender: string
  readonly value: number
}

export interface Ratio {
  /** The one with the highest median of all but the one compared. */
  readonly best: string
  /** Median of ours over median of the best. */
  readonly ofMedians: number
  /** Ours over the best's within one round, where the machine was most alike: smallest, middle and largest. */
  readonly byRound: { readonly least: number; readonly median: number; readonly most: number }
  /** True when we were slower in every round: then noise does not explain it. */
  readonly slower: boolean
}

/** Compares one contender with the best of the others; undefined when either side has no reading. */
export function ratioToBest(readings: readonly Reading[], ours: string, others: readonly string[]): Ratio | undefined {
  const mine = readings.filter(({ contender }) => contender === ours)
  const [best] = others
    .map(name => ({ name, values: readings.filter(({ contender }) => contender === name) }))
    .filter(({ values }) => values.length > 0)
    .map(({ name, values }) => ({ name, values, median: medianOf(values) }))
    .toSorted((left, right) => right.median - left.median)
  if (best === undefined || mine.length === 0) return undefined
  const byRound = mine.flatMap(({ round, value }) => {
    const other = best.values.find(reading => reading.round === round)
    return other === undefined ? [] : [value / other.value]
  })
  if (byRound.length === 0) return undefined
  const [least, most] = [Math.min(...byRound), Math.max(...byRound)]
  return {
    best: best.name,
    ofMedians: medianOf(mine) / best.median,
    byRound: { least, median: median(byRound), most },
    slower: most < 1,
  }
}

function medianOf(readings: readonly Reading[]): number {
  return median(readings.map(({ value }) => value))
}
