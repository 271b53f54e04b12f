import type { CommandResult, PoolerTarget } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { HaproxyRouteArgs } from '../../../shared/domain/haproxy-route.ts'
import type { ClusterName } from '../../../shared/domain/ids.ts'
import type { ActResult, Program, ProgramStep } from '../program.ts'
import type { Member } from './member.ts'
import { memberCommand, poolerOf, readPoolerOf } from './member-command.ts'

/** How long running transactions may take to end once new ones are queued. */
const DRAIN_MS = 1_000
/** The timer that releases a pooler if nobody does: longer than a switchover takes, shorter than clients wait. */
const RELEASE_AFTER_MS = 15_000
/** For one pooler, with the return of its agent: much less than the timers. */
const HOLD_MS = 8_000
/** What is done behind held poolers has to begin so soon after the first of them: it must be over before the timers run out. */
const BEGIN_WITHIN_MS = 6_000
/** Where transactions do not end in time, or an agent is away, clients are let go, and holding is tried again. */
const HOLD_ATTEMPTS = 3

/** What this needs of a cluster. */
export interface PooledCluster {
  readonly cluster: ClusterName
  readonly members: readonly Member[]
}

/** Poolers that are held until their timers run out. */
export interface HeldPoolers {
  /** How long draining took at most. */
  readonly drainedMs: number
  /** By the orchestrator's clock: what needs them held must have begun by then. */
  readonly beginUntil: number
}

/** All poolers or none: where one cannot be held in time, all are released before the next try. */
export async function holdPoolers(
  { cluster, members }: PooledCluster,
  op: Pick<Program, 'step'>,
): Promise<HeldPoolers> {
  return await holdAll({ of: cluster, poolers: members.map(member => writersOf(member)) }, op)
}

/**
 * Throws when the poolers may no longer be held by the time that what begins now is over: an orchestrator that died has come back.
 * `timeout`, since before it died it may have begun, and a step's check then tells.
 */
export function assertHeld({ beginUntil }: HeldPoolers, now: number): void {
  if (now <= beginUntil) return
  throw new DroverError(
    'timeout',
    'too much time has passed since clients were held: their timers are about to release them',
    {
      retryable: false,
      hint: 'start it again',
    },
  )
}

/** All side by side, each by way of the new primary if there is one. Answers how long clients waited at most. */
export async function releasePoolers(
  { members }: Pick<PooledCluster, 'members'>,
  op: Pick<Program, 'step'>,
  route?: HaproxyRouteArgs,
): Promise<{ readonly heldMs: number }> {
  const released = await Promise.all(members.map(member => op.step(release(writersOf(member), route))))
  return { heldMs: Math.max(0, ...released.map(({ heldMs }) => heldMs ?? 0)) }
}

/** Those who read from one member wait. It has a pooler for readers, or nobody reads through one. */
export async function holdReaders(member: Member, op: Pick<Program, 'step'>): Promise<void> {
  const readers = readersOf(member)
  if (readers !== undefined) await holdAll({ of: member.instance, poolers: [readers] }, op)
}

/** Nothing happens where nobody is held. */
export async function releaseReaders(
  member: Member,
  op: Pick<Program, 'step'>,
): Promise<CommandResult<'pooler.release'>> {
  const readers = readersOf(member)
  return readers === undefined ? {} : op.step(release(readers))
}

interface Held {
  readonly member: Member
  readonly target: PoolerTarget
  readonly what: 'the pooler' | 'the readers'
}

function writersOf(member: Member): Held {
  return { member, target: poolerOf(member), what: 'the pooler' }
}

function readersOf(member: Member): Held | undefined {
  const target = readPoolerOf(member)
  return target === undefined ? undefined : { member, target, what: 'the readers' }
}

/** A pooler that nobody has held in time: its agent, or the orchestrator, was away. It may be held all the same. */
interface NotInTime {
  readonly held: false
  readonly why: string
}

async function holdAll(
  { of, poolers }: { readonly of: string; readonly poolers: readonly Held[] },
  op: Pick<Program, 'step'>,
): Promise<HeldPoolers> {
  let why: string | undefined
  for (let attempt = 1; attempt <= HOLD_ATTEMPTS; attempt += 1) {
    const holds = await Promise.all(poolers.map(pooler => op.step(hold(pooler))))
    const held = holds.flatMap(each => (each.held ? [each] : []))
    if (held.length === holds.length) {
      const beginUntil = Math.min(...held.map(({ askedAt }) => askedAt)) + BEGIN_WITHIN_MS
      return { drainedMs: Math.max(0, ...held.map(({ drainedMs }) => drainedMs)), beginUntil }
    }
    // The release waits for an agent that is away.
    await Promise.all(poolers.map(pooler => op.step(release(pooler))))
    await op.step(pause(attempt))
    why = holds.find(each => 'why' in each)?.why
  }
  if (why !== undefined)
    throw new DroverError('timeout', `clients of ${of} could not be held: ${why}`, {
      hint: 'drover status; try again when all members answer',
      retryable: false,
    })
  throw new DroverError('conflict', `transactions of ${of} do not end within ${DRAIN_MS} ms`, {
    hint: 'try again when long transactions are over: select * from pg_stat_activity order by xact_start',
    retryable: false,
  })
}

function hold({
  member,
  target,
  what,
}: Held): ProgramStep<(CommandResult<'pooler.hold'> & { readonly askedAt: number }) | NotInTime> {
  return {
    title: `hold ${what} of ${member.instance}`,
    nodeId: member.nodeId,
    // What did not come about in time is a result: all are released before anybody is asked again.
    attempts: 1,
    deadlineMs: HOLD_MS,
    async act(context) {
      const askedAt = context.clock.now()
      try {
        const args = { ...target, drainMs: DRAIN_MS, releaseAfterMs: RELEASE_AFTER_MS }
        const result = await memberCommand(context, { member, kind: 'pooler.hold', args })
        return {
          result: { ...result, askedAt },
          detail: result.held ? `drained in ${result.drainedMs} ms` : 'transactions are still open',
        }
      } catch (error) {
        context.signal.throwIfAborted()
        const { message, retryable } = DroverError.from(error)
        if (!retryable) throw error
        return notInTime(message)
      }
    },
    check: () => Promise.resolve(notInTime(`${member.instance} has not answered in time`)),
    compensate: async context => {
      const { heldMs } = await memberCommand(context, { member, kind: 'pooler.release', args: target })
      return heldMs === undefined ? null : { detail: `held for ${heldMs} ms` }
    },
  }
}

function notInTime(why: string): ActResult<NotInTime> {
  return { result: { held: false, why }, detail: `not held: ${why}` }
}

function release(
  { member, target, what }: Held,
  route?: HaproxyRouteArgs,
): ProgramStep<CommandResult<'pooler.release'>> {
  return {
    title: `release ${what} of ${member.instance}`,
    nodeId: member.nodeId,
    async act(context) {
      const args = { ...target, ...(route === undefined ? {} : { route }) }
      const result = await memberCommand(context, { member, kind: 'pooler.release', args })
      return { result, detail: tellRelease(result) }
    },
  }
}

function tellRelease({ heldMs, notRouted }: CommandResult<'pooler.release'>): string {
  const held = heldMs === undefined ? 'released' : `held for ${heldMs} ms`
  return notRouted === undefined ? held : `${held}; warning: ${notRouted}`
}

/** What was in the way may end. */
function pause(attempt: number): ProgramStep<null> {
  return {
    title: 'let clients go on',
    async act({ clock, signal }) {
      await clock.sleep(1_000 * attempt, signal)
      return { result: null, detail: `${attempt} s` }
    },
  }
}
