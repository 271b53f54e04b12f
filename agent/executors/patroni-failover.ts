import { DroverError } from '../../shared/domain/errors.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Executor } from './executor.ts'

/** Patroni watches for twice its loop wait, or 20 s; the candidate may need longer, for the old lease has to end first. */
const TIMEOUT_MS = 60_000
const STILL_WAITING = /status unknown/i

/**
 * Names this member as the one to be promoted. Patroni promotes it when nobody holds the lease any more, not before: the order
 * stays in etcd until then, and keeps all others from being promoted. Errors: `conflict` with Patroni's reason when it refuses,
 * `unavailable` when it does not answer.
 */
export function createPatroniFailover(parts: { readonly client: TlsClient }): Executor<'patroni.failover'> {
  return async ({ args, signal }) => {
    const answer = await parts.client.request({
      url: `${args.patroniUrl}/failover`,
      tls: args,
      method: 'POST',
      body: { candidate: args.instance },
      timeoutMs: TIMEOUT_MS,
      signal,
    })
    const message = answer.text.trim().slice(0, 300)
    if (answer.status === 200 || answer.status === 202 || STILL_WAITING.test(message)) return { message }
    throw new DroverError('conflict', `Patroni of ${args.instance} refused: ${message}`, { retryable: false })
  }
}
