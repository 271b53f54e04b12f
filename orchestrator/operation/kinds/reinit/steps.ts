import { DroverError } from '../../../../shared/domain/errors.ts'
import type { InstanceObservation } from '../../../../shared/domain/observation.ts'
import { deadlineController } from '../../../../shared/lib/abort.ts'
import type { Observations } from '../../conditions.ts'
import { seenOf } from '../../members/member.ts'
import { memberCommand, patroniOf, postgresOf } from '../../members/member-command.ts'
import type { ProgramStep } from '../../program.ts'
import { QUICKLY } from '../../retry-policy.ts'
import type { Subject } from './subject.ts'

const STOP_MS = 60_000
const CONFIRMER_MS = 30_000
/** The whole database is copied, and more slowly than it could be. */
const CLONE_MS = 24 * 3_600_000
/** Patroni tries again by itself; so often, and something has to be mended first. */
const MOST_COPIES = 4

/** Asking twice does no harm: Patroni answers that it is at it. */
export function reinitialise({ member }: Subject): ProgramStep<{ readonly at: number }> {
  return {
    title: `Patroni reinitialises ${member.instance}`,
    nodeId: member.nodeId,
    async act(context) {
      const args = patroniOf(member)
      const { message } = await memberCommand(context, {
        member,
        kind: 'patroni.reinitialise',
        args,
        timeoutMs: STOP_MS,
      })
      return { result: { at: context.clock.now() }, detail: message }
    },
  }
}

/** The primary's Patroni is woken until it has named another one, since commits wait for that. */
export function awaitOtherConfirmer({ primary }: Subject): ProgramStep<null> {
  return {
    title: `wait until another standby confirms commits of ${primary.instance}`,
    nodeId: primary.nodeId,
    // To wait does no harm: an agent that dies meanwhile waits anew.
    ...QUICKLY,
    async act(context) {
      const args = {
        ...postgresOf(primary),
        until: 'synchronous' as const,
        timeoutMs: CONFIRMER_MS,
        wake: patroniOf(primary),
      }
      const waited = memberCommand(context, { member: primary, kind: 'postgres.await', args, timeoutMs: STOP_MS })
      // With `sync` it is a preference: a cluster of two goes on without.
      return await waited.then(
        ({ tookMs }) => ({ result: null, detail: `after ${tookMs} ms` }),
        (error: unknown) => {
          if (DroverError.from(error).code !== 'timeout') throw error
          return { result: null, detail: 'warning: nobody confirms commits until the clone is done' }
        },
      )
    },
  }
}

/** Errors: `failed` when copies break off again and again, `timeout`. */
export function awaitClone(subject: Subject): ProgramStep<{ readonly until: number }> {
  const { member } = subject
  return {
    title: `wait until ${member.instance} is cloned and streams`,
    nodeId: member.nodeId,
    attempts: 1,
    async act({ fleet, clock, signal, progress }) {
      const since = clock.monotonic()
      using deadline = deadlineController(CLONE_MS, signal)
      let state = ''
      let told = ''
      let copies = 0
      for (;;) {
        const observations = fleet.observations()
        if (isCloned(subject, observations)) break
        signal.throwIfAborted()
        const now = seenOf(member, observations)
        if (now?.state === 'creating replica' && state !== now.state) copies += 1
        if (copies > MOST_COPIES)
          throw new DroverError('failed', `${MOST_COPIES} copies for ${member.instance} broke off`, {
            retryable: false,
            hint: `the host says why: journalctl -u ${member.watch.patroniUnit} -n 50`,
          })
        if (deadline.signal.aborted)
          throw new DroverError('timeout', `${member.instance} was not cloned within a day`, { retryable: false })
        state = now?.state ?? state
        if (told !== sentenceOf(now)) progress((told = sentenceOf(now)))
        await fleet.observed(deadline.signal)
      }
      const seconds = ((clock.monotonic() - since) / 1000).toFixed(1)
      return { result: { until: clock.now() }, detail: `after ${seconds} s` }
    },
  }
}

/** Another server than before that the primary sends its WAL to. */
export function isCloned({ member, primary, startedAt }: Subject, observations: Observations): boolean {
  const now = seenOf(member, observations)
  const sent = seenOf(primary, observations)?.replication?.find(({ name }) => name === member.instance)
  return (
    now !== undefined &&
    (now.state === 'running' || now.state === 'streaming') &&
    now.startedAt !== undefined &&
    now.startedAt !== startedAt &&
    (sent === undefined ? now.state === 'streaming' : sent.state === 'streaming')
  )
}

function sentenceOf(now: InstanceObservation | undefined): string {
  return now === undefined ? 'its node is silent' : [now.state, ...((now.detail ?? '') ? [now.detail] : [])].join(', ')
}
