import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName } from '../../../../shared/domain/ids.ts'
import type { PatroniSurvey } from '../../../../shared/domain/patroni-survey.ts'
import { primaryOf } from '../../conditions.ts'
import { type Member, membersOf, seenOf } from '../../members/member.ts'
import { memberCommand, patroniFrom, patroniOf, postgresOf } from '../../members/member-command.ts'
import type { ProgramStep } from '../../program.ts'
import { QUICKLY } from '../../retry-policy.ts'
import { hasAgentDied } from '../../steps/outcome.ts'
import type { Verdict } from './verdict.ts'

/** An agent that was killed is back within this; one that is still silent then counts as dead. */
const SILENCE_MS = 15_000
/** A member that lives answers sooner, even when others do not. */
const SURVEY_MS = 12_000
/** Patroni's round, its race for the lease, and the promotion itself, beyond the lease. */
const PROMOTION_MS = 30_000
const WRITABLE_MS = 10_000

export interface Living {
  /** Those whose agents can be told something. */
  readonly members: readonly Member[]
  readonly all: readonly Member[]
}

/** Waits a moment for agents, never for all of them. Errors: `unavailable` when none lives. */
export function findLiving(cluster: ClusterName): ProgramStep<Living> {
  return {
    title: `look who lives of ${cluster}`,
    async act({ fleet, clock, signal }) {
      const all = membersOf(cluster, await fleet.manifests())
      const since = clock.monotonic()
      for (;;) {
        const observations = fleet.observations()
        const members = all.filter(member => seenOf(member, observations) !== undefined)
        const isOver = clock.monotonic() - since > SILENCE_MS
        if (members.length === all.length || (isOver && members.length > 0))
          return { result: { members, all }, detail: members.map(({ instance }) => instance).join(', ') }
        if (isOver) throw new DroverError('unavailable', `no agent of ${cluster} is connected`, { retryable: false })
        await fleet.observed(signal)
      }
    },
  }
}

/** Null for one that cannot say: its Patroni is dead, or without etcd. An agent that dies meanwhile is asked again when it is back. */
export function survey(member: Member, { all }: Living): ProgramStep<PatroniSurvey | null> {
  return {
    title: `ask ${member.instance} whom it sees`,
    nodeId: member.nodeId,
    ...QUICKLY,
    async act(context) {
      const others = all
        .filter(other => other.instance !== member.instance)
        .map(other => ({
          instance: other.instance,
          patroniUrl: patroniFrom(member, other).patroniUrl,
          address: other.watch.address,
          postgresPort: other.watch.postgresPort,
        }))
      const args = { ...patroniOf(member), others }
      return await memberCommand(context, { member, kind: 'patroni.survey', args, timeoutMs: SURVEY_MS }).then(
        result => ({ result, detail: tell(result) }),
        (error: unknown) => {
          context.signal.throwIfAborted()
          if (hasAgentDied(error) && context.attempt < QUICKLY.attempts) throw error
          return { result: null, detail: `cannot say: ${DroverError.from(error).message}` }
        },
      )
    },
  }
}

function tell({ leader, answers, paused }: PatroniSurvey): string {
  const seen = answers.map(({ instance, role, state }) => `${instance} ${role} ${state}`).join(', ')
  return `${leader === undefined ? 'nobody holds the lease' : `${leader} holds the lease`}; ${seen}${paused ? '; paused' : ''}`
}

/** A step, so that what was decided is in the journal. */
export function decide({ cluster }: { readonly cluster: ClusterName }, verdict: () => Verdict): ProgramStep<Verdict> {
  return {
    title: `decide about ${cluster}`,
    attempts: 1,
    async act() {
      const result = verdict()
      const detail =
        result.kind === 'done'
          ? `Patroni has failed over by itself: ${result.to} leads`
          : `${result.to} takes over from ${result.from}, ${tellLoss(result.lostAtMost)}`
      return { result, detail }
    },
  }
}

function tellLoss({ knownBytes, unknownMs }: { readonly knownBytes: number; readonly unknownMs: number }): string {
  if (knownBytes === 0 && unknownMs === 0) return 'nothing acknowledged is lost'
  return `${knownBytes} bytes and the last ${unknownMs / 1000} s of commits may be lost`
}

export function memberNamed(instance: InstanceName, { members }: Living): Member {
  const found = members.find(member => member.instance === instance)
  if (found === undefined) throw new DroverError('internal', `${instance} was chosen and does not live`)
  return found
}

/** `askedAt`: Unix milliseconds. */
export function promote(member: Member, cluster: ClusterName): ProgramStep<{ readonly askedAt: number }> {
  return {
    title: `ask Patroni to promote ${member.instance}`,
    nodeId: member.nodeId,
    async act(context) {
      const askedAt = context.clock.now()
      const { message } = await memberCommand(context, {
        member,
        kind: 'patroni.failover',
        args: patroniOf(member),
        timeoutMs: 90_000,
      })
      return { result: { askedAt }, detail: message }
    },
    // The agent fell silent after it had asked.
    async check({ fleet, clock }) {
      const leads = primaryOf(cluster, fleet.observations())?.instance === member.instance
      return leads ? { result: { askedAt: clock.now() }, detail: `${member.instance} leads` } : null
    },
  }
}

/** The old lease has to end first, so that this may take as long as it lives. */
export function awaitPromoted(member: Member, leaseMs: number): ProgramStep<{ readonly writableAt: number }> {
  return {
    title: `wait until ${member.instance} is writable`,
    nodeId: member.nodeId,
    attempts: Math.ceil((leaseMs + PROMOTION_MS) / WRITABLE_MS),
    backOff: { firstMs: 100, factor: 1, longestMs: 100 },
    async act(context) {
      const args = { ...postgresOf(member), until: 'writable', timeoutMs: WRITABLE_MS } as const
      const { tookMs } = await memberCommand(context, { member, kind: 'postgres.await', args })
      return { result: { writableAt: context.clock.now() }, detail: `after ${tookMs} ms` }
    },
  }
}

/** As a client would, and rolled back. */
export function probeWrite(member: Member): ProgramStep<null> {
  return {
    title: `write to ${member.instance}, and roll it back`,
    nodeId: member.nodeId,
    async act(context) {
      const { tookMs } = await memberCommand(context, {
        member,
        kind: 'postgres.probe-write',
        args: postgresOf(member),
      })
      return { result: null, detail: `${tookMs} ms` }
    },
  }
}
