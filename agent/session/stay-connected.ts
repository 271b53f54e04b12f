import { DroverError } from '../../shared/domain/errors.ts'
import { createBackoff } from '../../shared/lib/backoff.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Log } from '../../shared/lib/log.ts'
import type { NodeRecord } from './identity-store.ts'
import type { SessionEnd } from './session.ts'

export interface ConnectionParts {
  readonly session: (target: { address: string; record: NodeRecord }, signal: AbortSignal) => Promise<SessionEnd>
  /** A certificate through the enrol listener, for one that has expired. */
  readonly recover: (target: { address: string; record: NodeRecord }, signal: AbortSignal) => Promise<NodeRecord>
  readonly saveRecord: (record: NodeRecord) => Promise<void>
  /** Unix milliseconds at which the record's certificate ends. */
  readonly expiryOf: (record: NodeRecord) => number
  /** Whether this node was given another invitation than the one it used. */
  readonly hasFreshToken: (record: NodeRecord) => Promise<boolean>
  readonly clock: Clock
  readonly log: Log
  readonly random?: () => number
}

/**
 * Keeps a session open: full-jitter back-off of 0.5–60 s between failures, reset after a minute of health; the addresses take turns.
 * Resolves when this node has to join anew; rejects only when aborted.
 */
export async function stayConnected(start: NodeRecord, parts: ConnectionParts, signal: AbortSignal): Promise<'rejoin'> {
  const { clock, log, random = Math.random } = parts
  const backoff = createBackoff({ random })
  let record = start
  for (let turn = 0; ; turn += 1) {
    const startedAt = clock.monotonic()
    try {
      if (clock.now() >= parts.expiryOf(record)) {
        log.warn('the certificate has expired; proving the identity key for a new one')
        record = await parts.recover({ address: pick(record.enrolAddresses, turn), record }, signal)
        await parts.saveRecord(record)
      }
      const end = await parts.session({ address: pick(record.meshAddresses, turn), record }, signal)
      if (end.kind === 'renewed') {
        log.info('certificate renewed')
        record = end.record
        continue
      }
      // Spread over the announced time, so that a restarted orchestrator is not met by everyone at once.
      const waitMs = end.reconnectAfterMs * (0.5 + random() * 0.5)
      log.info('the orchestrator said goodbye', { reason: end.reason, nextMs: Math.round(waitMs) })
      backoff.reset()
      await clock.sleep(waitMs, signal)
    } catch (error) {
      signal.throwIfAborted()
      backoff.lived(clock.monotonic() - startedAt)
      const waitMs = backoff.next()
      const { code, message, hint } = DroverError.from(error)
      log.warn('no session, trying again', { code, reason: message, hint, nextMs: Math.round(waitMs) })
      if (await parts.hasFreshToken(record)) return 'rejoin'
      await clock.sleep(waitMs, signal)
    }
  }
}

function pick(addresses: readonly string[], turn: number): string {
  const address = addresses[turn % Math.max(1, addresses.length)]
  if (address === undefined) throw new DroverError('invalid', 'this node knows no address of its orchestrator')
  return address
}
