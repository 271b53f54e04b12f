import type { LabContext } from '../deploy/lab/lab-context.ts'

/** To take away what an interrupted bench has made: its own signal has fired and would end that, too. */
export function ending(context: LabContext): LabContext {
  return { ...context, signal: new AbortController().signal }
}
