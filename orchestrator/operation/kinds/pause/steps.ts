import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName } from '../../../../shared/domain/ids.ts'
import type { Observations } from '../../conditions.ts'
import { type Member, membersOf, seenOf } from '../../members/member.ts'
import { memberCommand, patroniOf, postgresOf } from '../../members/member-command.ts'
import { observedMembers, observedWhen } from '../../members/observed-members.ts'
import type { ProgramStep } from '../../program.ts'
import { findPrimary } from '../../steps/find-primary.ts'
import type { StepContext } from '../../steps/step-context.ts'

/** Every Patroni reads its configuration once in its loop wait, which is 20 s at most. */
const NOTICED_MS = 60_000
const SYNCHRONOUS_MS = 10_000

/** A member whose host cannot be told has no timer, and could not be told of the end. Errors: `conflict`. */
export function findAll(cluster: ClusterName): ProgramStep<readonly Member[]> {
  return {
    title: `look at ${cluster}`,
    async act(context) {
      const members = membersOf(cluster, await context.fleet.manifests())
      const observations = await observedMembers(members, context)
      const silent = members.find(member => seenOf(member, observations) === undefined)
      if (silent !== undefined)
        throw new DroverError(
          'conflict',
          `the agent of ${silent.instance} is silent, and a timer has to run on every host`,
          {
            retryable: false,
            hint: `drover status ${cluster}`,
          },
        )
      return { result: members, detail: members.map(({ instance }) => instance).join(', ') }
    },
  }
}

export function arm(member: Member, until: number): ProgramStep<null> {
  return {
    title: `arm the timer of ${member.instance}`,
    nodeId: member.nodeId,
    async act(context) {
      await setDeadline(member, until, context)
      return { result: null, detail: `goes off at ${new Date(until).toISOString()}` }
    },
    // Left alone when the cluster was paused in time: then the timer is what ends it.
    async compensate(context) {
      await setDeadline(member, null, context)
      return { detail: 'taken away' }
    },
  }
}

export function disarm(member: Member): ProgramStep<null> {
  return {
    title: `take the timer of ${member.instance} away`,
    nodeId: member.nodeId,
    async act(context) {
      await setDeadline(member, null, context)
      return { result: null, detail: 'done' }
    },
  }
}

async function setDeadline(member: Member, until: number | null, context: StepContext): Promise<void> {
  await memberCommand(context, { member, kind: 'patroni.pause-deadline', args: { ...patroniOf(member), until } })
}

interface Change {
  readonly cluster: ClusterName
  readonly members: readonly Member[]
  readonly to: boolean
}

/** In Patroni's configuration, which all members read. */
export function setPause({ cluster, members, to }: Change): ProgramStep<null> {
  return {
    ...configuring(
      { cluster, members, title: to ? 'turn automatic failover off' : 'turn automatic failover on' },
      {
        pause: to ? true : null,
      },
    ),
    ...(to ? { compensate: context => configure({ cluster, members }, { pause: null }, context) } : {}),
  }
}

export function setSynchronous({ cluster, members, to }: Change): ProgramStep<null> {
  const title = to ? 'have Patroni name synchronous standbys again' : 'have Patroni forget synchronous standbys'
  return configuring({ cluster, members, title }, { synchronous_mode: to })
}

function configuring(
  { title, ...change }: Omit<Change, 'to'> & { readonly title: string },
  patch: Readonly<Record<string, unknown>>,
): ProgramStep<null> {
  return { title, act: async context => ({ result: null, ...(await configure(change, patch, context)) }) }
}

/** Through the primary, as any other change of it; without one, through whoever lives. */
async function configure(
  { members }: Omit<Change, 'to'>,
  patch: Readonly<Record<string, unknown>>,
  context: StepContext,
): Promise<{ readonly detail: string }> {
  const member = await whoeverAnswers(members, context)
  const args = { ...patroniOf(member), patch }
  const { changed } = await memberCommand(context, { member, kind: 'patroni.configure', args })
  return { detail: changed ? 'changed' : 'as it was' }
}

/** Waited for when nobody does yet. */
async function whoeverAnswers(members: readonly Member[], context: StepContext): Promise<Member> {
  const answering = (observations: Observations): Member | undefined =>
    members.find(member => {
      const seen = seenOf(member, observations)
      return seen !== undefined && seen.state !== 'unreachable'
    })
  const found = answering(await observedWhen(observations => answering(observations) !== undefined, context))
  if (found === undefined) throw new DroverError('unavailable', 'no Patroni of the cluster answers')
  return found
}

/** Until every member whose Patroni answers has noticed. */
export function awaitPause({ cluster, members, to }: Change): ProgramStep<null> {
  return {
    title: `wait until ${cluster} is ${to ? 'paused' : 'no longer paused'}`,
    async act({ fleet, clock, signal }) {
      const since = clock.monotonic()
      for (;;) {
        const observations = fleet.observations()
        const late = members.filter(member => {
          const seen = seenOf(member, observations)
          return seen !== undefined && seen.state !== 'unreachable' && (seen.paused ?? false) !== to
        })
        if (late.length === 0) return { result: null, detail: `all members agree` }
        if (clock.monotonic() - since > NOTICED_MS)
          throw new DroverError('timeout', `${late.map(({ instance }) => instance).join(', ')} did not notice`)
        await fleet.observed(signal)
      }
    },
  }
}

/** PostgreSQL's own word, not Patroni's. */
export function isSynchronous(cluster: ClusterName, members: readonly Member[]): ProgramStep<boolean> {
  return {
    title: `see whether a standby of ${cluster} is synchronous`,
    async act(context) {
      const primary = await findPrimary(cluster, context)
      const member = members.find(({ instance }) => instance === primary.instance)
      if (member === undefined) throw new DroverError('stale', `${primary.instance} is primary and not known`)
      const args = {
        ...postgresOf(member),
        until: 'synchronous',
        timeoutMs: SYNCHRONOUS_MS,
        wake: patroniOf(member),
      } as const
      return await memberCommand(context, { member, kind: 'postgres.await', args }).then(
        () => ({ result: true, detail: 'one is' }),
        (error: unknown) => {
          if (DroverError.from(error).code !== 'timeout') throw error
          return { result: false, detail: 'none is' }
        },
      )
    },
  }
}
