import type { PoolerHold, PoolerHoldArgs, PoolerReleaseArgs, PoolerTarget } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import { deadlineController, linkedController } from '../../../shared/lib/abort.ts'
import type { Converse, Exec } from '../../host/host.ts'
import type { Executor } from '../executor.ts'
import { openPsqlSession } from '../postgres/psql-session.ts'
import { poolerConsole } from './console.ts'
import { createDeadMan } from './dead-man.ts'
import { type Held, type HeldPoolers, nameOf } from './held-poolers.ts'
import { routeHaproxy } from './route-haproxy.ts'

const RESUME_TIMEOUT_MS = 5_000
/** Clients must not wait for a HAProxy that does not answer. */
const ROUTE_TIMEOUT_MS = 300

export interface PoolerExecutors {
  readonly hold: Executor<'pooler.hold'>
  readonly release: Executor<'pooler.release'>
}

/** A hold that is under way: a release gives it up instead of waiting for it. */
interface Holding {
  readonly giveUp: () => void
  readonly ended: Promise<unknown>
}

export function createPoolerExecutors(parts: {
  readonly exec: Exec
  readonly converse: Converse
  readonly monotonic: () => number
  readonly held: HeldPoolers
}): PoolerExecutors {
  const { exec, converse, monotonic, held } = parts
  const deadMan = createDeadMan({ exec })
  const underWay = new Map<string, Holding>()

  async function hold(args: PoolerHoldArgs, signal: AbortSignal): Promise<PoolerHold> {
    const session = await openPsqlSession(converse, { ...args, user: 'pgbouncer', database: 'pgbouncer' })
    try {
      await deadMan.arm(args, args.releaseAfterMs, signal)
    } catch (error) {
      session.close()
      throw error
    }
    const since = monotonic()
    using drain = deadlineController(args.drainMs, signal)
    try {
      await session.ask('PAUSE', drain.signal)
    } catch (error) {
      // Also when it is given up: what was said may have been heard, and nothing must be heard after the timer is disarmed.
      await session.kill()
      using undoing = deadlineController(RESUME_TIMEOUT_MS)
      await resume(args, undoing.signal)
      await deadMan.disarm(args, undoing.signal)
      if (drain.signal.aborted && !signal.aborted) return { held: false }
      throw error
    }
    held.put(args, { since, until: since + args.releaseAfterMs, session })
    return { held: true, drainedMs: Math.round(monotonic() - since) }
  }

  async function release(
    target: PoolerTarget,
    session: Held['session'] | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    using deadline = deadlineController(RESUME_TIMEOUT_MS, signal)
    try {
      if (session === undefined) await resume(target, signal)
      else await session.ask('RESUME', deadline.signal).catch(error => ignoreNotHeld(error))
    } catch (error) {
      signal.throwIfAborted()
      if (session === undefined) throw error
      await resume(target, signal)
    } finally {
      session?.close()
    }
  }

  async function resume(target: PoolerTarget, signal: AbortSignal): Promise<void> {
    await poolerConsole({ exec, target, command: 'RESUME', timeoutMs: RESUME_TIMEOUT_MS, signal }).catch(ignoreNotHeld)
  }

  return {
    hold: async ({ args, signal }) => {
      using holding = linkedController(signal)
      const ended = hold(args, holding.signal)
      const giveUp = (): void =>
        holding.abort(new DroverError('aborted', 'the pooler was released while it was being held'))
      underWay.set(nameOf(args), { giveUp, ended })
      try {
        return await ended
      } finally {
        underWay.delete(nameOf(args))
      }
    },
    release: async ({ args, signal }) => {
      await giveUpHolding(underWay.get(nameOf(args)))
      const notRouted = await tryToRoute(args, signal)
      const was = held.take(args)
      await release(args, was?.session, signal)
      const heldMs = was === undefined ? {} : { heldMs: Math.round(monotonic() - was.since) }
      await deadMan.disarm(args, signal)
      return { ...heldMs, ...(notRouted === undefined ? {} : { notRouted }) }
    },
  }
}

async function giveUpHolding(holding: Holding | undefined): Promise<void> {
  if (holding === undefined) return
  holding.giveUp()
  await holding.ended.catch(() => undefined)
}

async function tryToRoute({ route }: PoolerReleaseArgs, signal: AbortSignal): Promise<string | undefined> {
  if (route === undefined) return undefined
  using deadline = deadlineController(ROUTE_TIMEOUT_MS, signal)
  return await routeHaproxy(route, deadline.signal).then(
    () => undefined,
    (error: unknown) => DroverError.from(error).message,
  )
}

/** PgBouncer calls it an error to release what is not held; the wish is fulfilled all the same. */
function ignoreNotHeld(error: unknown): void {
  if (!/not paused/i.test(DroverError.from(error).message)) throw error
}
