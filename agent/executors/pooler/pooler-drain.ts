import { setTimeout as delay } from 'node:timers/promises'
import type { Exec } from '../../host/host.ts'
import type { Executor } from '../executor.ts'
import { poolerShow } from './show.ts'

const LOOK_MS = 500
/** PgBouncer's own, where its console is. */
const CONSOLE = 'pgbouncer'

/** Waits until no client is connected, or the time is over; answers how many are left. Nobody is sent away. */
export function createPoolerDrain(parts: {
  readonly exec: Exec
  readonly monotonic: () => number
}): Executor<'pooler.drain'> {
  return async ({ args, signal }) => {
    const since = parts.monotonic()
    for (;;) {
      const rows = await poolerShow({ exec: parts.exec, target: args, command: 'SHOW CLIENTS', signal })
      const clients = rows.filter(({ database }) => database !== CONSOLE).length
      if (clients === 0 || parts.monotonic() - since >= args.timeoutMs) return { clients }
      await delay(LOOK_MS, undefined, { signal })
    }
  }
}
