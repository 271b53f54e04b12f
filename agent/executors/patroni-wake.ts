import { setTimeout as delay } from 'node:timers/promises'
import type { PatroniTarget } from '../../shared/domain/patroni-target.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'

/** Wakes a Patroni; never throws, since it only shortens a wait. */
export type PatroniWake = (target: PatroniTarget, signal: AbortSignal) => Promise<void>

const INTERVAL_MS = 100
const TIMEOUT_MS = 2_000

/** Once. A change of the configuration to what it is already writes nothing, and makes Patroni look at its cluster at once. */
export function createPatroniWakeOnce(parts: { readonly client: TlsClient }): PatroniWake {
  return async (target, signal) => {
    const url = `${target.patroniUrl}/config`
    const body = { postgresql: { use_slots: true } }
    await parts.client
      .request({ url, tls: target, method: 'PATCH', body, timeoutMs: TIMEOUT_MS, signal })
      .catch(() => undefined)
  }
}

/** Every 100 ms until the signal fires. */
export function createPatroniWake(parts: { readonly client: TlsClient }): PatroniWake {
  const wakeOnce = createPatroniWakeOnce(parts)
  return async (target, signal) => {
    while (!signal.aborted) {
      await wakeOnce(target, signal)
      await delay(INTERVAL_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}
