import type { PoolerTarget } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { Exec } from '../../host/host.ts'
import type { Executor } from '../executor.ts'
import { poolerConsole } from './console.ts'
import { createDeadMan } from './dead-man.ts'

const RESUME_TIMEOUT_MS = 5_000

export interface PoolerExecutors {
  readonly hold: Executor<'pooler.hold'>
  readonly release: Executor<'pooler.release'>
}

/** Both know since when this agent holds which pooler. */
export function createPoolerExecutors(parts: {
  readonly exec: Exec
  readonly monotonic: () => number
}): PoolerExecutors {
  const { exec, monotonic } = parts
  const deadMan = createDeadMan({ exec })
  const heldSince = new Map<string, number>()

  async function resume(target: PoolerTarget, signal: AbortSignal): Promise<void> {
    await poolerConsole({ exec, target, command: 'RESUME', timeoutMs: RESUME_TIMEOUT_MS, signal }).catch(ignoreNotHeld)
  }

  return {
    hold: async ({ args, signal }) => {
      await deadMan.arm(args, args.releaseAfterMs, signal)
      const since = monotonic()
      try {
        await poolerConsole({ exec, target: args, command: 'PAUSE', timeoutMs: args.drainMs, signal })
      } catch (error) {
        await resume(args, signal)
        await deadMan.disarm(args, signal)
        if (DroverError.from(error).code === 'timeout') return { held: false }
        throw error
      }
      heldSince.set(args.instance, since)
      return { held: true, drainedMs: Math.round(monotonic() - since) }
    },
    release: async ({ args, signal }) => {
      await resume(args, signal)
      const since = heldSince.get(args.instance)
      const heldMs = since === undefined ? {} : { heldMs: Math.round(monotonic() - since) }
      heldSince.delete(args.instance)
      await deadMan.disarm(args, signal)
      return heldMs
    },
  }
}

/** PgBouncer calls it an error to release what is not held; the wish is fulfilled all the same. */
function ignoreNotHeld(error: unknown): void {
  if (!/not paused/i.test(DroverError.from(error).message)) throw error
}
