import { randomBytes } from 'node:crypto'
import type { Clock } from '../../../shared/lib/clock.ts'
import { NONCE_BYTES } from '../../../shared/signing/join-token.ts'

const LIFETIME_MS = 5 * 60_000
const MAX_NONCES = 10_000

/** Nonces given out and not used yet: each good once, for five minutes, until the orchestrator restarts. */
export class Nonces {
  readonly #clock: Pick<Clock, 'monotonic'>
  /** Oldest first. */
  readonly #expiries = new Map<string, number>()

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  issue(): Buffer {
    this.#dropOld()
    const nonce = randomBytes(NONCE_BYTES)
    this.#expiries.set(nonce.toString('base64'), this.#clock.monotonic() + LIFETIME_MS)
    return nonce
  }

  /** Whether the nonce was given out, is fresh, and was not used before; from now on it is used. */
  take(nonce: Uint8Array): boolean {
    const key = Buffer.from(nonce).toString('base64')
    const expiry = this.#expiries.get(key)
    this.#expiries.delete(key)
    return expiry !== undefined && expiry >= this.#clock.monotonic()
  }

  #dropOld(): void {
    const now = this.#clock.monotonic()
    for (const [key, expiry] of this.#expiries) {
      if (expiry >= now && this.#expiries.size < MAX_NONCES) return
      this.#expiries.delete(key)
    }
  }
}
