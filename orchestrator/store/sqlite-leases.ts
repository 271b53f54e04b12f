import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Writer } from './sqlite-writer.ts'
import type { Lease, Mutation, TransactionResult } from './store.ts'

export interface LeaseKeeper {
  grant(ttlMs: number): Promise<Lease>
  stop(): void
}

interface Held {
  readonly ttlMs: number
  readonly controller: AbortController
  expiresAt: number
}

/** Expires leases by the monotonic clock. Those found in the file at the start live for their whole time again. */
export function createLeaseKeeper(parts: {
  readonly database: DatabaseSync
  readonly clock: Clock
  readonly write: Writer
  readonly commit: (work: () => TransactionResult) => Promise<TransactionResult>
}): LeaseKeeper {
  const { database, clock, write, commit } = parts
  const held = new Map<string, Held>()
  const insert = database.prepare('INSERT INTO lease (id, ttl_ms) VALUES (?, ?)')
  const remove = database.prepare('DELETE FROM lease WHERE id = ?')
  const selectKeys = database.prepare('SELECT key FROM entry WHERE lease = ?')
  for (const row of database.prepare('SELECT id, ttl_ms FROM lease').all())
    hold(String(row['id']), Number(row['ttl_ms']))

  return {
    grant: async ttlMs => {
      if (!(ttlMs > 0)) throw new DroverError('invalid', `a lease of ${ttlMs} ms would never live`)
      const id = randomUUID()
      await commit(() => {
        insert.run(id, Math.ceil(ttlMs))
        return write({ success: [] })
      })
      hold(id, ttlMs)
      return { id, keepAlive: () => keepAlive(id), revoke: () => revoke(id) }
    },
    stop: () => {
      for (const { controller } of held.values()) controller.abort()
      held.clear()
    },
  }

  function hold(id: string, ttlMs: number): void {
    const lease: Held = { ttlMs, controller: new AbortController(), expiresAt: clock.monotonic() + ttlMs }
    held.set(id, lease)
    void expire(id, lease)
  }

  async function expire(id: string, lease: Held): Promise<void> {
    const { signal } = lease.controller
    try {
      for (let left = lease.ttlMs; left > 0; left = lease.expiresAt - clock.monotonic()) await clock.sleep(left, signal)
      await revoke(id)
    } catch {
      // Stopped or revoked; or the disk is full, then the keys stay until the store is opened again.
    }
  }

  async function keepAlive(id: string): Promise<void> {
    const lease = held.get(id)
    if (lease === undefined) throw new DroverError('not-found', `lease ${id} has expired`)
    lease.expiresAt = clock.monotonic() + lease.ttlMs
  }

  async function revoke(id: string): Promise<void> {
    const lease = held.get(id)
    held.delete(id)
    lease?.controller.abort()
    await commit(() => {
      const keys = selectKeys.all(id).map(row => String(row['key']))
      remove.run(id)
      return write({ success: keys.map((key): Mutation => ({ kind: 'delete', key })) })
    })
  }
}
