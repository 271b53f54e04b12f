import type { ReportEntry } from './report.ts'

/** Values of one parameter that are lost for the same reason. */
export interface Loss {
  readonly module: string
  readonly parameter: string
  readonly count: number
  readonly reason: string
  readonly instead: string
  /** Of the first one. */
  readonly line?: number
}

/** What is not carried over, by parameter and reason, in the order of the file. */
export function lossesOf(report: readonly ReportEntry[]): readonly Loss[] {
  const losses = new Map<string, Loss>()
  for (const { treatment, parameter, module, line } of report) {
    if (treatment.kind !== 'unsupported') continue
    const { reason, instead } = treatment
    const key = JSON.stringify([parameter, reason, instead])
    const known = losses.get(key)
    const first = line === undefined ? {} : { line }
    losses.set(
      key,
      known === undefined
        ? { module, parameter, count: 1, reason, instead, ...first }
        : { ...known, count: known.count + 1 },
    )
  }
  return [...losses.values()]
}
