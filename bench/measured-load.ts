import type { Lab } from '../deploy/lab/lab.ts'
import { startWriterLoad, writesGoOn } from '../test/support/writer-load.ts'

/** What clients that write through a service saw of what was done meanwhile. */
export interface MeasuredLoad {
  readonly acknowledged: number
  readonly failed: number
  readonly inDoubt: number
  /** Acknowledged, and not there afterwards. */
  readonly lost: number
  /** Longest time in which no client committed. */
  readonly stallMs: number
  readonly errors: Readonly<Record<string, number>>
}

const THINK_MS = 5
const PATIENCE_MS = 30_000
/** Of writing before and after. */
const WRITES = 300

/** Does the work while clients write, and looks up every acknowledged write afterwards. */
export async function measureUnderLoad<Result>(
  load: { readonly lab: Lab; readonly url: string; readonly run: string; readonly clients: number },
  work: () => Promise<Result>,
): Promise<{ readonly seen: MeasuredLoad; readonly result: Result }> {
  const { lab, ...options } = load
  await using writers = await startWriterLoad(lab, { ...options, thinkMs: THINK_MS, patienceMs: PATIENCE_MS })
  await writesGoOn(writers, WRITES, PATIENCE_MS)
  const result = await work()
  await writesGoOn(writers, WRITES, PATIENCE_MS * 2)
  const { acknowledged, failed, inDoubt, longestStallMs, errors } = await writers.stop()
  const { lost } = await writers.verify(load.url)
  const seen = { acknowledged, failed, inDoubt, lost: lost.length, stallMs: Math.round(longestStallMs), errors }
  return { seen, result }
}
