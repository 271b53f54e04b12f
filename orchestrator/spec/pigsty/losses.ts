import type { ReportEntry } from './report.ts'

/** Values of one parameter that are lost for the same reason. */
export interface LossGroup {
  readonly module: string
  readonly parameter: string
  /** With the keys inside it, where all of these values have the same. */
  readonly key: string
  readonly count: number
  readonly reason: string
  readonly instead: string
  /** Parts of the values, where only parts are lost. */
  readonly names: readonly string[]
  /** Of the first one. */
  readonly line?: number
}

/** What is not carried over, by parameter and reason, in the order of the file. */
export function lossesOf(report: readonly ReportEntry[]): readonly LossGroup[] {
  const losses = new Map<string, LossGroup>()
  for (const { treatment, parameter, key, module, line } of report) {
    if (treatment.kind !== 'unsupported') continue
    const { reason, instead, names = [] } = treatment
    const group = JSON.stringify([parameter, reason, instead])
    const known = losses.get(group)
    losses.set(
      group,
      known === undefined
        ? { module, parameter, key, count: 1, reason, instead, names, ...(line === undefined ? {} : { line }) }
        : {
            ...known,
            count: known.count + 1,
            key: known.key === key ? key : parameter,
            names: [...new Set([...known.names, ...names])],
          },
    )
  }
  return [...losses.values()]
}
