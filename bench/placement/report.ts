import type { Bound } from './bound.ts'
import type { Verdict } from './check.ts'

export interface Result extends Verdict {
  readonly contender: string
  /** Processor time, which other work on the machine disturbs less than the clock. */
  readonly seconds: number
}

/** The bounds of a fleet in the order of the soft rules. */
export interface Bounds {
  /** Of the highest load after a loss. */
  readonly peak: Bound
  /** Of the highest load where no loss may lead to more than with Drover. */
  readonly loadWithinPeak: Bound
  /** Of the highest load, whatever a loss leads to. */
  readonly load: Bound
}

export interface Measured {
  readonly instance: string
  readonly bounds: Bounds
  readonly results: readonly Result[]
}

/** Drover aims at two hundredths above what is proven to be possible. */
export const AIM = 1.02

export function report(measured: readonly Measured[]): string {
  return [...measured.flatMap(block), ...summary(measured), ''].join('\n')
}

function block({ instance, bounds, results }: Measured): readonly string[] {
  const { peak, loadWithinPeak, load } = bounds
  return [
    instance,
    `  bounds: after a loss ${shown(peak)}; load with no more after a loss than Drover ${shown(loadWithinPeak)}; load alone ${shown(load)}`,
    '                after a loss   to bound     load   to bound   violations   processor',
    ...results.map(
      result =>
        `  ${result.contender.padEnd(14)}${share(result.peak).padStart(12)}   ${ratio(result.peak / peak.value)}   ${share(result.load)}   ${ratio(loadRatio(result, bounds))}   ${String(result.violations.length).padStart(10)}   ${result.seconds.toFixed(2).padStart(7)} s`,
    ),
    '',
  ]
}

function summary(measured: readonly Measured[]): readonly string[] {
  const own = measured.flatMap(({ instance, bounds, results }) =>
    results.flatMap(result => (result.contender === 'Drover' ? [{ instance, bounds, result }] : [])),
  )
  const violations = own.reduce((sum, { result }) => sum + result.violations.length, 0)
  const aims = [
    {
      what: 'highest load after a loss',
      ratios: own.map(({ instance, bounds, result }) => ({ instance, ratio: result.peak / bounds.peak.value })),
    },
    {
      what: 'highest load, with no more after a loss,',
      ratios: own.map(({ instance, bounds, result }) => ({ instance, ratio: loadRatio(result, bounds) })),
    },
  ]
  return [
    `aim: no hard violation: ${violations === 0 ? 'met' : `MISSED, ${violations}`}`,
    ...aims.flatMap(({ what, ratios }) => {
      const missed = ratios.filter(each => each.ratio > AIM)
      return [
        `aim: ${what} at most ${Math.round((AIM - 1) * 100)} % above the bound: ${missed.length === 0 ? 'met' : `MISSED in ${missed.length} of ${ratios.length}`}`,
        ...missed.map(each => `  ${each.instance}: ${((each.ratio - 1) * 100).toFixed(1)} % above`),
      ]
    }),
  ]
}

/** What leads to more after a loss than Drover does is measured by the bound of the load alone. */
function loadRatio({ contender, load }: Result, bounds: Bounds): number {
  return load / (contender === 'Drover' ? bounds.loadWithinPeak : bounds.load).value
}

function shown({ value, exact }: Bound): string {
  return `${value.toFixed(4)} (${exact ? 'optimum' : 'LP'})`
}

function share(value: number): string {
  return value.toFixed(3).padStart(6)
}

function ratio(value: number): string {
  return value.toFixed(3).padStart(8)
}
