import { setTimeout as delay } from 'node:timers/promises'
import { DroverError } from '../../shared/domain/errors.ts'

export interface WaitOptions {
  /** Completes the sentence "waited 5 s for ...". */
  readonly what: string
  readonly timeoutMs: number
  readonly intervalMs?: number
  readonly signal?: AbortSignal
  readonly check: () => Promise<boolean>
  /** More to say when the wait ends in vain. */
  readonly explain?: () => Promise<string>
}

/** Polls a condition until it holds. Throws `timeout` with what was waited for, or the signal's reason. */
export async function waitUntil(options: WaitOptions): Promise<void> {
  const deadline = performance.now() + options.timeoutMs
  for (;;) {
    options.signal?.throwIfAborted()
    if (await options.check()) return
    if (performance.now() > deadline) throw await timeoutError(options)
    await delay(options.intervalMs ?? 20, undefined, options.signal === undefined ? {} : { signal: options.signal })
  }
}

async function timeoutError({ what, timeoutMs, explain }: WaitOptions): Promise<DroverError> {
  const more = await explain?.()
  return new DroverError('timeout', `waited ${timeoutMs / 1000} s for ${what}${more === undefined ? '' : `\n${more}`}`)
}
