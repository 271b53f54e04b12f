import { setTimeout as delay } from 'node:timers/promises'
import { DroverError } from '../../shared/domain/errors.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Executor } from './executor.ts'

const TIMEOUT_MS = 30_000
const LOOK_MS = 200
/** A server that stops at once takes less than this; after it whoever waits will see. */
const STOPPING_MS = 15_000
const UNDER_WAY = /reinitialize already in progress/i

/**
 * Throws the member's data away and clones it anew: Patroni stops the server, empties its data directory and copies, again
 * and again until a copy is whole. Answers once the old server is down. Asked while it does so already, it goes on. Errors: `conflict` with Patroni's
 * reason, which it has for a leader and for a cluster without one.
 */
export function createPatroniReinitialise(parts: {
  readonly client: TlsClient
  readonly monotonic: () => number
}): Executor<'patroni.reinitialise'> {
  return async ({ args, signal }) => {
    const { client, monotonic } = parts
    const answer = await client.request({
      url: `${args.patroniUrl}/reinitialize`,
      tls: args,
      method: 'POST',
      body: {},
      timeoutMs: TIMEOUT_MS,
      signal,
    })
    const message = answer.text.trim().slice(0, 300)
    if (answer.status !== 200 && !UNDER_WAY.test(message))
      throw new DroverError('conflict', `Patroni of ${args.instance} refused: ${message}`, { retryable: false })
    const since = monotonic()
    while ((await isServing()) && monotonic() - since < STOPPING_MS) await delay(LOOK_MS, undefined, { signal })
    return { message }

    async function isServing(): Promise<boolean> {
      const { text } = await client.request({
        url: `${args.patroniUrl}/patroni`,
        tls: args,
        timeoutMs: TIMEOUT_MS,
        signal,
      })
      return /"state": ?"(running|streaming)"/.test(text)
    }
  }
}
