import { setTimeout as delay } from 'node:timers/promises'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Exec } from '../host/host.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Executor } from './executor.ts'
import { psql } from './postgres/psql.ts'
import { quoteIdentifier } from './postgres/quote.ts'

const INTERVAL_MS = 100
const ASK_TIMEOUT_MS = 5_000
/** Patroni reads its file when it has finished what it does. */
const WAIT_MS = 30_000

/** Errors: `unavailable` when Patroni or PostgreSQL does not answer, `timeout` when the configuration is not read in time. */
export function createPatroniReload(parts: {
  readonly exec: Exec
  readonly monotonic: () => number
  readonly client: TlsClient
}): Executor<'patroni.reload'> {
  return async ({ args, signal }) => {
    const since = parts.monotonic()
    const readAt = (): Promise<string> =>
      psql({ ...args, exec: parts.exec, database: 'postgres', sql: 'SELECT pg_conf_load_time();', signal })
    const { patroni, reset = [] } = args
    if (reset.length > 0) await psql({ ...args, exec: parts.exec, database: 'postgres', sql: takenBack(reset), signal })
    const before = await readAt()
    const url = `${patroni.patroniUrl}/reload`
    const answer = await parts.client.request({ url, tls: patroni, method: 'POST', timeoutMs: ASK_TIMEOUT_MS, signal })
    if (answer.status !== 202 && answer.status !== 200)
      throw new DroverError('unavailable', `Patroni of ${args.instance} answered ${answer.status} to POST /reload`)
    for (;;) {
      if ((await readAt()) !== before) return { tookMs: Math.round(parts.monotonic() - since) }
      if (parts.monotonic() - since > WAIT_MS)
        throw new DroverError('timeout', `${args.instance} did not read its configuration within ${WAIT_MS} ms`)
      await delay(INTERVAL_MS, undefined, { signal })
    }
  }
}

/** ALTER SYSTEM takes a name only as it stands in its text. */
function takenBack(names: readonly string[]): string {
  return names.map(name => `ALTER SYSTEM RESET ${name.split('.').map(quoteIdentifier).join('.')};`).join('\n')
}
