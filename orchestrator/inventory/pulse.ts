import { abortable } from '../../shared/lib/abort.ts'

/**
 * Says that something changed, without saying what: waiters look for themselves. A change between two waits is never
 * lost, because each wait names the version it has seen.
 */
export class Pulse {
  #version = 0
  #waiting: { readonly promise: Promise<void>; readonly resolve: () => void } = newGate()

  get version(): number {
    return this.#version
  }

  beat(): void {
    this.#version += 1
    this.#waiting.resolve()
    this.#waiting = newGate()
  }

  /** Resolves with the version as soon as it is above the one seen. */
  async after(seen: number, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted()
    while (this.#version <= seen) await abortable(this.#waiting.promise, signal)
    return this.#version
  }
}

function newGate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { promise, resolve }
}
