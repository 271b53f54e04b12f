import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeFacts } from '../../shared/domain/facts.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Log } from '../../shared/lib/log.ts'

/** The facts of the node as they travel. */
export interface FactsReporter {
  /** Hash of the latest facts; empty before the first collection. */
  hash(): string
  json(): Buffer | null
  /** Collects now, for a caller that wants the facts themselves. */
  collect(signal: AbortSignal): Promise<NodeFacts>
  /** Called with every new body. Returns the way to stop it. */
  onChange(listener: (json: Buffer) => void): () => void
  /** Collects now and then; soon after {@link refreshSoon}. Resolves when aborted. */
  run(signal: AbortSignal): Promise<void>
  refreshSoon(): void
}

const EVERY_MS = 10 * 60_000
const RETRY_MS = 60_000

export function createFactsReporter(parts: {
  readonly collect: (signal: AbortSignal) => Promise<NodeFacts>
  readonly hashOf: (facts: NodeFacts) => string
  readonly clock: Clock
  readonly log: Log
}): FactsReporter {
  const listeners = new Set<(json: Buffer) => void>()
  let current: { readonly hash: string; readonly json: Buffer } | null = null
  let wake = new AbortController()

  async function collect(signal: AbortSignal): Promise<NodeFacts> {
    const facts = await parts.collect(signal)
    const hash = parts.hashOf(facts)
    if (hash !== current?.hash) {
      current = { hash, json: Buffer.from(JSON.stringify(facts)) }
      for (const listener of listeners) listener(current.json)
    }
    return facts
  }

  async function tryCollect(signal: AbortSignal): Promise<number> {
    try {
      await collect(signal)
      return EVERY_MS * (0.9 + Math.random() * 0.2)
    } catch (error) {
      if (!signal.aborted) parts.log.warn('facts could not be collected', { reason: DroverError.from(error).message })
      return RETRY_MS
    }
  }

  return {
    hash: () => current?.hash ?? '',
    json: () => current?.json ?? null,
    collect,
    onChange: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refreshSoon: () => wake.abort(),
    run: async signal => {
      while (!signal.aborted) {
        wake = new AbortController()
        const pauseMs = await tryCollect(signal)
        await parts.clock.sleep(pauseMs, AbortSignal.any([signal, wake.signal])).catch(() => undefined)
      }
    },
  }
}
