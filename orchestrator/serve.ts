import { type StartOptions, startOrchestrator } from './compose/start-orchestrator.ts'

/** Runs until the signal aborts, then stops cleanly. Throws what keeps it from starting, naming port, path or file. */
export async function serve(options: StartOptions & { readonly signal: AbortSignal }): Promise<void> {
  const running = await startOrchestrator(options)
  const { promise, resolve } = Promise.withResolvers<void>()
  options.signal.addEventListener('abort', () => resolve(), { once: true })
  if (options.signal.aborted) resolve()
  await promise
  await running.stop()
}
