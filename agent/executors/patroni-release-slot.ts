import { setTimeout as delay } from 'node:timers/promises'
import type { ReleaseSlotArgs } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Exec } from '../host/host.ts'
import type { TlsClient } from '../observe/mutual-tls.ts'
import type { Executor } from './executor.ts'
import { psql } from './postgres/psql.ts'

const REQUEST_MS = 10_000
const LOOK_MS = 1_000
/** Patroni knows a member that left until its key in etcd runs out, and looks at its slots once a round. */
const WAIT_MS = 90_000

/**
 * Lets the primary drop the replication slot of a member that left, which would hold WAL for nobody. Patroni 4 keeps such a
 * slot for half an hour, and makes it anew when it is dropped by hand; so its patience (`member_slots_ttl`) is taken to a second until the slot
 * has gone, and then back to the default. Slots of members that are there are not touched by that. Errors: `timeout` when the slot
 * stays: then it goes by itself after half an hour.
 */
export function createPatroniReleaseSlot(parts: {
  readonly exec: Exec
  readonly client: TlsClient
  readonly monotonic: () => number
}): Executor<'patroni.release-slot'> {
  const { exec, client, monotonic } = parts
  return async ({ args, signal }) => {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(args.member))
      throw new DroverError('invalid', `${JSON.stringify(args.member)} is no name of a member`)
    if (!(await isThere(args, signal))) return { released: false }
    const since = monotonic()
    try {
      while (await isThere(args, signal)) {
        if (monotonic() - since > WAIT_MS)
          throw new DroverError('timeout', `the slot of ${args.member} stays`, { retryable: false })
        // Also wakes Patroni, so that it looks at its slots at once.
        await patch(args, { member_slots_ttl: 1 }, signal)
        await delay(LOOK_MS, undefined, { signal })
      }
      return { released: true }
    } finally {
      await patch(args, { member_slots_ttl: null }, AbortSignal.timeout(REQUEST_MS))
    }
  }

  async function isThere({ postgres, member }: ReleaseSlotArgs, signal: AbortSignal): Promise<boolean> {
    const sql = `SELECT count(*) FROM pg_replication_slots WHERE slot_name = '${slotName(member)}';`
    return (await psql({ ...postgres, exec, database: 'postgres', sql, signal })).trim() !== '0'
  }

  async function patch(args: ReleaseSlotArgs, body: unknown, signal: AbortSignal): Promise<void> {
    const url = `${args.patroniUrl}/config`
    const answer = await client.request({ url, tls: args, method: 'PATCH', body, timeoutMs: REQUEST_MS, signal })
    if (answer.status !== 200)
      throw new DroverError('unavailable', `Patroni of ${args.instance} answered ${answer.status} to PATCH /config`)
  }
}

/** As Patroni names the slots of its members. */
function slotName(member: string): string {
  return member.replaceAll('-', '_')
}
