import type { PostgresAwaited } from '../../../../shared/domain/command.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { HaproxyRouteArgs } from '../../../../shared/domain/haproxy-route.ts'
import { haproxySocket } from '../../../plan/render/paths.ts'
import { primaryOf } from '../../conditions.ts'
import { assertHeld, type HeldPoolers } from '../../members/hold-poolers.ts'
import type { Member } from '../../members/member.ts'
import { memberCommand, patroniOf, postgresOf } from '../../members/member-command.ts'
import type { ActResult, ProgramStep } from '../../program.ts'
import { QUICKLY } from '../../retry-policy.ts'
import { awaitCondition } from '../../steps/await-condition.ts'
import type { StepContext } from '../../steps/step-context.ts'
import type { Cast } from './cast.ts'
import { type StallParts, tellStall } from './stall.ts'

const WRITABLE_MS = 10_000
/** How long clients wait for a synchronous standby at most, once the candidate is writable. */
export const SYNCHRONOUS_MS = 3_000
/** For one that is asked whether it is writable already. */
const WRITABLE_BY_NOW_MS = 300
const REJOIN_MS = 120_000
/** So long after an interrupted request to hand over the old primary may still be stopping. */
const HANDED_OVER_MS = 10_000
/** Beyond its own time, for an agent that dies while it waits. */
const REPEATED_MS = 2_000
/** A client's transaction that is older than this would not end in time. */
const OLD_TRANSACTION_MS = 10_000

/** Errors: `conflict` with what speaks against a switchover at this moment. `isSynchronous`: commits wait for a standby. */
export function inspect({ leader, candidate }: Cast, isSynchronous: boolean): ProgramStep<null> {
  return {
    title: 'inspect the primary',
    nodeId: leader.nodeId,
    async act(context) {
      const seen = await memberCommand(context, { member: leader, kind: 'postgres.inspect', args: postgresOf(leader) })
      const standby = seen.standbys.find(({ instance }) => instance === candidate.instance)
      if (standby?.state !== 'streaming') throw refusal(`${candidate.instance} does not stream from ${leader.instance}`)
      if (isSynchronous && !['sync', 'quorum'].includes(standby.syncState))
        throw refusal(`${candidate.instance} does not confirm commits: Patroni hands over only to one that does`)
      if (seen.archiverFails)
        throw refusal(`the archiver of ${leader.instance} fails: a primary does not stop before its WAL is archived`)
      if (seen.oldestTransactionMs > OLD_TRANSACTION_MS)
        throw refusal(`a transaction has been open for ${Math.round(seen.oldestTransactionMs / 1000)} s`)
      return { result: null, detail: `${candidate.instance} lacks ${standby.lagBytes} bytes, ${standby.syncState}` }
    },
  }
}

export function checkpoint(member: Member): ProgramStep<null> {
  return {
    title: `checkpoint ${member.instance}`,
    nodeId: member.nodeId,
    async act(context) {
      const { tookMs } = await memberCommand(context, {
        member,
        kind: 'postgres.checkpoint',
        args: postgresOf(member),
        timeoutMs: 5 * 60_000,
      })
      return { result: null, detail: `${tookMs} ms` }
    },
  }
}

export function handOver({ cluster, leader, candidate }: Cast, held: HeldPoolers): ProgramStep<null> {
  return {
    title: `Patroni hands over to ${candidate.instance}`,
    nodeId: leader.nodeId,
    attempts: 1,
    async act(context) {
      assertHeld(held, context.clock.now())
      const args = { ...patroniOf(leader), candidate: candidate.instance }
      const { message } = await memberCommand(context, {
        member: leader,
        kind: 'patroni.switchover',
        args,
        timeoutMs: 90_000,
      })
      return { result: null, detail: message }
    },
    // The agent died or fell silent after it had asked: Patroni may have handed over all the same.
    async check({ fleet, clock, signal }) {
      const since = clock.monotonic()
      for (;;) {
        const primary = primaryOf(cluster, fleet.observations())
        if (primary?.instance === candidate.instance) return { result: null, detail: `${candidate.instance} leads` }
        if (clock.monotonic() - since > HANDED_OVER_MS) return null
        await fleet.observed(signal)
      }
    },
  }
}

/**
 * Over one connection, so that nothing has to be begun between the two. Clients must not wait for a standby that does not come: with
 * `sync` it is a preference, and `strict-sync` holds commits up by itself.
 */
export function awaitTakeover({ candidate }: Cast, awaitSynchronous: boolean): ProgramStep<PostgresAwaited> {
  return {
    title: `wait until ${candidate.instance} is writable${awaitSynchronous ? ', and a standby synchronous' : ''}`,
    nodeId: candidate.nodeId,
    ...QUICKLY,
    deadlineMs: WRITABLE_MS + (awaitSynchronous ? SYNCHRONOUS_MS : 0) + REPEATED_MS,
    act: context => awaitUntil(context, WRITABLE_MS),
    // Out of time because somebody died, yet it may lead: then there is no way back.
    check: context =>
      awaitUntil(context, WRITABLE_BY_NOW_MS).catch((error: unknown) => {
        if (DroverError.from(error).code !== 'timeout') throw error
        return null
      }),
  }

  async function awaitUntil(context: StepContext, timeoutMs: number): Promise<ActResult<PostgresAwaited>> {
    const result = await memberCommand(context, {
      member: candidate,
      kind: 'postgres.await',
      args: {
        ...postgresOf(candidate),
        until: 'writable',
        timeoutMs,
        ...(awaitSynchronous ? { synchronousWithinMs: SYNCHRONOUS_MS, wake: patroniOf(candidate) } : {}),
      },
    })
    return { result, detail: tell(result, awaitSynchronous) }
  }
}

function tell({ tookMs, synchronousMs }: PostgresAwaited, awaitSynchronous: boolean): string {
  const writable = `writable after ${tookMs} ms`
  if (!awaitSynchronous) return writable
  return synchronousMs === undefined
    ? `${writable}; warning: no synchronous standby within ${SYNCHRONOUS_MS} ms of it`
    : `${writable}, synchronous after ${synchronousMs} ms`
}

/** Of a primary that was restarted where it is. That no standby comes in time is a warning, as in a takeover. */
export function awaitSynchronous(member: Member): ProgramStep<null> {
  return {
    title: `wait until ${member.instance} is synchronous`,
    nodeId: member.nodeId,
    ...QUICKLY,
    deadlineMs: SYNCHRONOUS_MS + REPEATED_MS,
    async act(context) {
      const args = {
        ...postgresOf(member),
        until: 'synchronous',
        timeoutMs: SYNCHRONOUS_MS,
        wake: patroniOf(member),
      } as const
      return await memberCommand(context, { member, kind: 'postgres.await', args }).then(
        ({ tookMs }) => ({ result: null, detail: `after ${tookMs} ms` }),
        (error: unknown) => {
          if (DroverError.from(error).code !== 'timeout') throw error
          return { result: null, detail: `warning: no synchronous standby within ${SYNCHRONOUS_MS} ms` }
        },
      )
    },
  }
}

/** HAProxy would find out by itself with its next check. */
export function routeTo({ cluster, candidate, members }: Cast): HaproxyRouteArgs {
  const notTo = members.map(({ instance }) => instance).filter(name => name !== candidate.instance)
  return { socketPath: haproxySocket(cluster), section: 'write-hop', to: candidate.instance, notTo }
}

/** For people who look at the operation. */
export function account(stallMs: number, stall: StallParts): ProgramStep<null> {
  return {
    title: 'clients waited',
    act: () => Promise.resolve({ result: null, detail: tellStall(stallMs, stall) }),
  }
}

/** The old primary is back as a standby. */
export function verify({ cluster, candidate, members }: Cast): ProgramStep<null> {
  return {
    title: `wait for all members of ${cluster}`,
    async act(context) {
      const condition = {
        kind: 'members-streaming',
        cluster,
        instances: members.map(({ instance }) => instance),
        syncStandbys: 0,
      } as const
      const { detail } = await awaitCondition({ kind: 'await', condition, timeoutMs: REJOIN_MS }, context)
      return { result: null, detail: `${candidate.instance} leads, ${detail}` }
    },
  }
}

function refusal(why: string): DroverError {
  return new DroverError('conflict', why, { retryable: false })
}
