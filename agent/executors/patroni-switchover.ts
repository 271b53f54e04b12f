import { DroverError } from '../../shared/domain/errors.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Executor } from './executor.ts'

/** Patroni answers when the new primary has its lease, or says why not. */
const TIMEOUT_MS = 60_000

/** Errors: `conflict` with Patroni's reason when it refuses, `unavailable` when it does not answer. */
export function createPatroniSwitchover(parts: { readonly client: TlsClient }): Executor<'patroni.switchover'> {
  return async ({ args, signal }) => {
    const answer = await parts.client.request({
      url: `${args.patroniUrl}/switchover`,
      tls: args,
      method: 'POST',
      body: { leader: args.instance, candidate: args.candidate },
      timeoutMs: TIMEOUT_MS,
      signal,
    })
    const message = answer.text.trim().slice(0, 300)
    if (answer.status === 200 || answer.status === 202) return { message }
    throw new DroverError('conflict', `Patroni of ${args.instance} refused: ${message}`, { retryable: false })
  }
}
