import { type StartOptions, startOrchestrator } from './compose/start-orchestrator.ts'

/** Runs until the signal aborts, or another orchestrator takes the fleet over, then stops cleanly. Throws the latter, and what keeps it from starting, naming port, path or file. */
export async function serve(options: StartOptions & { readonly signal: AbortSignal }): Promise<void> {
  const running = await startOrchestrator(options)
  const { promise, resolve } = Promise.withResolvers<void>()
  const { lost } = running.core
  const ends = AbortSignal.any([options.signal, lost])
  ends.addEventListener('abort', () => resolve(), { once: true })
  if (ends.aborted) resolve()
  await promise
  await running.stop()
  if (lost.aborted && !options.signal.aborted) throw lost.reason
}
