import type { Core } from './core.ts'

const COMPACT_MS = 10 * 60_000

/** What has to be done now and then, until the signal aborts: quiet sessions end, old store history goes. */
export function startUpkeep(parts: {
  readonly core: Core
  readonly heartbeatMs: number
  readonly signal: AbortSignal
}): void {
  const { core, heartbeatMs, signal } = parts
  void every(heartbeatMs, async () => core.sessions.checkAlive())
  let compactTo = 0
  void every(COMPACT_MS, async () => {
    if (compactTo > 0) await core.store.compact(compactTo)
    compactTo = await core.store.revision()
  })

  async function every(ms: number, work: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      await core.clock.sleep(ms, signal).catch(() => undefined)
      if (signal.aborted) return
      await work().catch((error: unknown) => core.log.error('upkeep failed', { error }))
    }
  }
}
