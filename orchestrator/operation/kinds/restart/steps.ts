import type { PatroniRestart, PostgresInspection } from '../../../../shared/domain/command.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { InstanceName } from '../../../../shared/domain/ids.ts'
import { primaryOf } from '../../conditions.ts'
import { freshObservations } from '../../members/fresh-observations.ts'
import type { HeldPoolers } from '../../members/hold-poolers.ts'
import type { Member } from '../../members/member.ts'
import { memberCommand, patroniFrom, patroniOf, postgresOf } from '../../members/member-command.ts'
import type { ProgramStep } from '../../program.ts'
import { awaitCondition } from '../../steps/await-condition.ts'
import { type PrimaryWay, primaryWay } from './primary-way.ts'
import { membersIn, type Scene } from './scene.ts'

/** A standby replays from its last restart point first. */
const STANDBY_MS = 10 * 60_000
/** Clients are held for the primary, and their poolers let go by themselves after 15 s. */
const PRIMARY_MS = 12_000
const PRIMARY_START_SECONDS = 10
/** Patroni lets the lease go at its next look, and a standby takes it. */
const NEW_LEADER_MS = 60_000
const ONE_LOOK_MS = 1_000
const STREAMING_MS = 10 * 60_000
/** A client's transaction that is older than this would not end in time. */
const OLD_TRANSACTION_MS = 10_000
/** What waits to be archived may go meanwhile. */
const ARCHIVE_LOOKS = 10
const ARCHIVE_PAUSE_MS = 2_000

const ATTEMPTS = 3

/** `late`: nobody knows what is with it. */
export type Restarted = PatroniRestart | { readonly state: 'late'; readonly because: string }

export function restartStandby(scene: Scene, member: Member, startedAt: number): ProgramStep<Restarted> {
  return restart(member, {
    startedAt,
    until: 'running',
    ...(scene.leader === member ? {} : { onlyAs: 'replica', wake: patroniFrom(member, scene.leader) }),
    startTimeoutSeconds: STANDBY_MS / 1000,
    timeoutMs: STANDBY_MS,
  })
}

/** `released`: an orchestrator that was away came back when clients were held no longer, and has not asked for anything. */
export function restartPrimary(
  member: Member,
  startedAt: number,
  held: HeldPoolers,
): ProgramStep<Restarted | { readonly state: 'released' }> {
  const step = restart(member, {
    startedAt,
    until: 'writable',
    startTimeoutSeconds: PRIMARY_START_SECONDS,
    timeoutMs: PRIMARY_MS,
  })
  return {
    ...step,
    async act(context) {
      if (context.clock.now() <= held.beginUntil) return step.act(context)
      return { result: { state: 'released' }, detail: 'not yet: clients are held no longer' }
    },
  }
}

type RestartOptions = Omit<
  Parameters<typeof memberCommand<'patroni.restart'>>[1]['args'],
  keyof ReturnType<typeof patroniOf> | 'postgres' | 'unit'
>

/** What went wrong is a result: a restart that was tried is not tried again when the operation goes on after a crash. */
function restart(member: Member, options: RestartOptions): ProgramStep<Restarted> {
  return {
    title: `restart ${member.instance}`,
    nodeId: member.nodeId,
    attempts: ATTEMPTS,
    backOff: { firstMs: 300, factor: 2, longestMs: 1_000 },
    async act(context) {
      const args = { ...patroniOf(member), postgres: postgresOf(member), unit: member.watch.patroniUnit, ...options }
      try {
        const timeoutMs = options.timeoutMs + 10_000
        const result = await memberCommand(context, { member, kind: 'patroni.restart', args, timeoutMs })
        return { result, detail: result.state === 'restarted' ? `${result.tookMs} ms` : `refused: ${result.because}` }
      } catch (error) {
        context.signal.throwIfAborted()
        const { code, message } = DroverError.from(error)
        // An agent that died meanwhile is asked once more: a server that has started since is left alone.
        if (code === 'unavailable' && context.attempt < ATTEMPTS) throw error
        if (code !== 'timeout' && code !== 'unavailable') throw error
        return { result: { state: 'late', because: message }, detail: `warning: ${message}` }
      }
    },
  }
}

/** Errors: `conflict` with what speaks against stopping the primary at this moment. */
export function inspectPrimary(leader: Member, look: number): ProgramStep<PostgresInspection> {
  return {
    title: 'inspect the primary',
    nodeId: leader.nodeId,
    async act(context) {
      if (look > 0) await context.clock.sleep(ARCHIVE_PAUSE_MS, context.signal)
      const seen = await memberCommand(context, { member: leader, kind: 'postgres.inspect', args: postgresOf(leader) })
      if (seen.archiverFails)
        throw refusal(`the archiver of ${leader.instance} fails: a primary does not stop before its WAL is archived`)
      if (seen.oldestTransactionMs > OLD_TRANSACTION_MS)
        throw refusal(`a transaction has been open for ${Math.round(seen.oldestTransactionMs / 1000)} s`)
      return { result: seen, detail: `${seen.archiveBacklog} WAL files wait to be archived` }
    },
  }
}

export function mayLookAgain({ archiveBacklog }: PostgresInspection, look: number): boolean {
  return archiveBacklog > 0 && look < ARCHIVE_LOOKS
}

export function choosePrimaryWay(scene: Scene, seen: PostgresInspection): ProgramStep<PrimaryWay> {
  return {
    title: 'choose how the primary restarts',
    async act() {
      const way = primaryWay(
        seen,
        scene.standbys.some(({ isSynchronous }) => isSynchronous),
      )
      return { result: way, detail: `${way.way === 'in-place' ? 'in place' : 'by a switchover'}: ${way.because}` }
    },
  }
}

/** How long a new leader is waited for: where nobody else may lead, only the old one could be back by now. Pure. */
export function newLeaderMs({ standbys }: Pick<Scene, 'standbys'>): number {
  return standbys.some(({ mayLead }) => mayLead) ? NEW_LEADER_MS : ONE_LOOK_MS
}

/** After a primary that did not come back: the one that leads now, or null when there is nobody. */
export function findLeader(scene: Scene): ProgramStep<InstanceName | null> {
  const { cluster } = scene
  return {
    title: `wait for a primary of ${cluster}`,
    async act(context) {
      const condition = { kind: 'leader', cluster } as const
      try {
        await awaitCondition({ kind: 'await', condition, timeoutMs: newLeaderMs(scene) }, context)
      } catch (error) {
        context.signal.throwIfAborted()
        return { result: null, detail: `warning: ${DroverError.from(error).message}` }
      }
      const leader = primaryOf(cluster, context.fleet.observations())?.instance ?? null
      return { result: leader, detail: leader === null ? 'nobody' : `${leader} leads` }
    },
  }
}

/** Every member streams, and as many confirm commits as before. */
export function awaitAllStreaming(scene: Scene): ProgramStep<null> {
  const { cluster, synchronous } = scene
  return {
    title: `wait for all members of ${cluster}`,
    async act(context) {
      await freshObservations(membersIn(scene), context)
      const instances = membersIn(scene).map(({ instance }) => instance)
      const condition = { kind: 'members-streaming', cluster, instances, syncStandbys: synchronous } as const
      return { result: null, ...(await awaitCondition({ kind: 'await', condition, timeoutMs: STREAMING_MS }, context)) }
    },
  }
}

function refusal(why: string): DroverError {
  return new DroverError('conflict', why, { retryable: false })
}
