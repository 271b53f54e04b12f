import { DroverError } from '../../shared/domain/errors.ts'
import type { EtcdObservation } from '../../shared/domain/observation.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Log } from '../../shared/lib/log.ts'
import type { Operations } from './operations.ts'

const LOOK_EVERY_MS = 60_000
/** Defragmenting again sooner would only cost. */
const PAUSE_MS = 3_600_000
const FRAGMENTED = 0.5
const WORTH_BYTES = 100 * 1024 ** 2

/** Has etcd defragmented when much of its database is free pages, or it has run out of space. Ends when aborted. */
export async function runEtcdCare(
  parts: {
    readonly voters: () => readonly EtcdObservation[]
    readonly operations: Pick<Operations, 'begin'>
    readonly clock: Clock
    readonly log: Log
  },
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, operations } = parts
  let notBefore = Number.NEGATIVE_INFINITY
  while (!signal.aborted) {
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined)
    if (signal.aborted) return
    if (clock.monotonic() < notBefore || !parts.voters().some(needsDefragmenting)) continue
    try {
      const operationId = await operations.begin({ kind: 'etcd-defrag', request: {}, actor: 'drover' })
      notBefore = clock.monotonic() + PAUSE_MS
      log.info('defragmenting etcd', { operationId })
    } catch (error) {
      const { code, message } = DroverError.from(error)
      if (code !== 'locked') log.warn('etcd was not defragmented', { reason: message })
    }
  }
}

/** Pure. */
export function needsDefragmenting({ alarms = [], dbSizeBytes, dbSizeInUseBytes }: EtcdObservation): boolean {
  if (alarms.includes('NOSPACE')) return true
  if (dbSizeBytes === undefined || dbSizeInUseBytes === undefined || dbSizeBytes < WORTH_BYTES) return false
  return 1 - dbSizeInUseBytes / dbSizeBytes >= FRAGMENTED
}
