import type { NodeObservation } from '../../shared/domain/observation.ts'
import type { Clock } from '../../shared/lib/clock.ts'

/** Looks at the node again and again; tells what it saw when it differs, and at least now and then. */
export interface ObservationLoop {
  run(emit: (json: Buffer) => void, signal: AbortSignal): Promise<void>
  /** Look at once, and closely for a while. */
  wake(): void
  /** The next observation is emitted even when nothing changed. */
  repeat(): void
}

const CALM_MS = 2_000
const CLIENTS_WAIT_MS = 25
const ATTENTIVE_MS = 250
const ATTENTIVE_FOR_MS = 60_000
const AT_LEAST_EVERY_MS = 10_000

export function createObservationLoop(parts: {
  readonly observe: (signal: AbortSignal) => Promise<NodeObservation>
  /** Milliseconds since the last command. */
  readonly idleMs: () => number
  /** Nothing is looked at meanwhile: a look costs processor time, of Patroni too, just when it decides how long clients wait. */
  readonly clientsWait: () => boolean
  readonly clock: Clock
}): ObservationLoop {
  const { clock } = parts
  let wake = new AbortController()
  let lastText = ''
  let lastAt = Number.NEGATIVE_INFINITY

  async function once(emit: (json: Buffer) => void, signal: AbortSignal): Promise<void> {
    const observation = await parts.observe(signal)
    const { observedAt: _, ...seen } = observation
    const text = JSON.stringify(seen)
    const now = clock.monotonic()
    if (text === lastText && now - lastAt < AT_LEAST_EVERY_MS) return
    lastText = text
    lastAt = now
    emit(Buffer.from(JSON.stringify(observation)))
  }

  return {
    wake: () => wake.abort(),
    repeat: () => {
      lastText = ''
      wake.abort()
    },
    run: async (emit, signal) => {
      lastText = ''
      while (!signal.aborted) {
        wake = new AbortController()
        while (parts.clientsWait()) await clock.sleep(CLIENTS_WAIT_MS, signal)
        await once(emit, signal)
        const pauseMs = parts.idleMs() < ATTENTIVE_FOR_MS ? ATTENTIVE_MS : CALM_MS
        await clock.sleep(pauseMs, AbortSignal.any([signal, wake.signal])).catch(() => undefined)
      }
    },
  }
}
