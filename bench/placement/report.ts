import type { Verdict } from './check.ts'

export interface Result extends Verdict {
  readonly contender: string
  /** Processor time, which other work on the machine disturbs less than the clock. */
  readonly seconds: number
}

export interface Measured {
  readonly instance: string
  readonly bound: number
  readonly exact: boolean
  readonly results: readonly Result[]
}

/** Drover aims at two hundredths above what is proven to be possible. */
export const AIM = 1.02

export function report(measured: readonly Measured[]): string {
  return [...measured.flatMap(block), ...summary(measured), ''].join('\n')
}

function block({ instance, bound, exact, results }: Measured): readonly string[] {
  return [
    `${instance}   ${exact ? 'optimum' : 'bound of the LP relaxation'} ${share(bound)}`,
    '                  load   to bound   after a loss   violations   processor',
    ...results.map(
      ({ contender, load, peak, violations, seconds }) =>
        `  ${contender.padEnd(14)}${share(load)}   ${(load / bound).toFixed(3).padStart(8)}   ${share(peak).padStart(12)}   ${String(violations.length).padStart(10)}   ${seconds.toFixed(2).padStart(7)} s`,
    ),
    '',
  ]
}

function summary(measured: readonly Measured[]): readonly string[] {
  const own = measured.flatMap(({ instance, bound, results }) =>
    results.flatMap(result =>
      result.contender === 'Drover' ? [{ instance, ...result, ratio: result.load / bound }] : [],
    ),
  )
  const missed = own.filter(({ ratio }) => ratio > AIM)
  const violations = own.reduce((sum, each) => sum + each.violations.length, 0)
  return [
    `aim: no hard violation: ${violations === 0 ? 'met' : `MISSED, ${violations}`}`,
    `aim: highest load at most ${Math.round((AIM - 1) * 100)} % above the bound: ${missed.length === 0 ? 'met' : `MISSED in ${missed.length} of ${own.length}`}`,
    ...missed.map(({ instance, ratio }) => `  ${instance}: ${((ratio - 1) * 100).toFixed(1)} % above`),
  ]
}

function share(value: number): string {
  return value.toFixed(3).padStart(6)
}
