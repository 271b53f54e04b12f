import type { PoolerTarget } from '../../../shared/domain/command.ts'
import type { PsqlSession } from '../postgres/psql-session.ts'

/** A pooler whose clients wait, with the session over which it is released: no program has to be started for it. */
export interface Held {
  /** Monotonic milliseconds. */
  readonly since: number
  /** When the timer of systemd has released it, whatever becomes of this agent. */
  readonly until: number
  readonly session: PsqlSession
}

/** What this agent holds. */
export interface HeldPoolers {
  put(pooler: PoolerTarget, held: Held): void
  /** Absent when this agent does not hold it. */
  take(pooler: PoolerTarget): Held | undefined
  /** Clients wait now: whatever is not needed for them may be done later. */
  any(): boolean
}

export function createHeldPoolers(parts: { readonly monotonic: () => number }): HeldPoolers {
  const all = new Map<string, Held>()

  function forget(): void {
    for (const [name, { until, session }] of all) {
      if (parts.monotonic() < until) continue
      session.close()
      all.delete(name)
    }
  }

  return {
    put: (pooler, held) => {
      const name = nameOf(pooler)
      all.get(name)?.session.close()
      all.set(name, held)
    },
    take: pooler => {
      const name = nameOf(pooler)
      const held = all.get(name)
      all.delete(name)
      return held
    },
    any: () => {
      forget()
      return all.size > 0
    },
  }
}

/** An instance has a pooler for writers and one for readers. */
export function nameOf({ instance, port }: PoolerTarget): string {
  return `${instance}:${port}`
}
