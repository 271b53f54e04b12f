import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName } from '../../../../shared/domain/ids.ts'
import type { PatroniSurvey } from '../../../../shared/domain/patroni-survey.ts'

export interface FailoverRequest {
  readonly cluster: ClusterName
  /** Absent: the best candidate. */
  readonly to?: InstanceName
  /** The candidate by name, when it may lack acknowledged commits. */
  readonly acceptDataLoss?: InstanceName
}

/** What is lost at most of what was acknowledged. Both 0: nothing. */
export interface LossBound {
  /** WAL of the old primary that the candidate was known to lack when Patroni last heard of both. */
  readonly knownBytes: number
  /** So long before its death the old primary may have acknowledged commits of which nobody else knows, milliseconds. */
  readonly unknownMs: number
}

export type Verdict =
  /** Patroni has done it by itself. */
  | { readonly kind: 'done'; readonly from: InstanceName; readonly to: InstanceName }
  | {
      readonly kind: 'go'
      readonly from: InstanceName
      readonly to: InstanceName
      readonly lostAtMost: LossBound
      /** Patroni waits so long at most for the old primary's lease to end, milliseconds. */
      readonly leaseMs: number
    }

/** What is known without asking anybody. */
export interface KnownCluster {
  /** What durability promised of acknowledged commits. */
  readonly isSynchronous: boolean
  /** All members, dead ones included: Patroni forgets those when their leases end. */
  readonly members: readonly InstanceName[]
}

/** A promotion of Patroni's that is not older than this is what whoever asks for a failover has been waiting for. */
const MEANWHILE_MS = 10 * 60_000

/**
 * Whether somebody may be promoted, and who: from what every living member's Patroni says. Throws `conflict` with what speaks
 * against it. Invariants (S3): nobody is promoted while any member can still talk to a primary, for that one may acknowledge
 * commits, with or without its lease; and nobody who may lack an acknowledged commit, unless that loss was accepted by name. Pure.
 */
export function failoverVerdict(
  request: FailoverRequest,
  surveys: ReadonlyMap<InstanceName, PatroniSurvey>,
  { isSynchronous, members }: KnownCluster,
): Verdict {
  const { cluster } = request
  const [view] = [...surveys.values()]
  if (view === undefined) throw refusal(cluster, 'no member of it that lives can be asked')
  const answers = [...surveys.values()].flatMap(seen => seen.answers)
  const primary = answers.find(({ role }) => role === 'primary' || role === 'standby-leader')
  const away = silent(surveys, members)
  if (primary !== undefined) return meanwhile({ request, primary, surveys, away })
  const doubtful = answers.find(({ role }) => role === 'unknown')
  if (doubtful !== undefined) throw mayAcknowledge(request, doubtful)
  const candidate = candidateOf(request, surveys, view)
  const isSafe = isSynchronous && candidate.synchronous
  if (!isSafe && request.acceptDataLoss !== candidate.instance) throw wouldLose(request, candidate, view, isSynchronous)
  // With the lease Patroni forgets who held it, but not whom it promoted last.
  const from = view.leader ?? away.find(each => each === view.lastPromotion?.instance) ?? away[0] ?? 'unknown'
  return {
    kind: 'go',
    from,
    to: candidate.instance,
    lostAtMost: isSafe
      ? { knownBytes: 0, unknownMs: 0 }
      : { knownBytes: candidate.lagBytes ?? 0, unknownMs: view.loopWaitSeconds * 1000 },
    leaseMs: view.ttlSeconds * 1000,
  }
}

/** There is a primary: either nothing is wrong, or Patroni was faster. */
function meanwhile({
  request: { cluster, to },
  primary,
  surveys,
  away,
}: {
  readonly request: FailoverRequest
  readonly primary: PatroniSurvey['answers'][number]
  readonly surveys: ReadonlyMap<InstanceName, PatroniSurvey>
  readonly away: readonly InstanceName[]
}): Verdict {
  const { instance, state } = primary
  const [view] = [...surveys.values()]
  if (view === undefined) throw refusal(cluster, 'no member of it that lives can be asked')
  const [from] = away
  const { lastPromotion } = view
  const isRecent = lastPromotion?.instance === instance && lastPromotion.ageMs < MEANWHILE_MS
  if (isRecent && from !== undefined && (to === undefined || to === instance))
    return { kind: 'done', from, to: instance }
  const hint = `drover cluster switchover ${cluster}${to === undefined ? '' : ` --to ${to}`}`
  if (state === 'running' && view.leader === instance && surveys.has(instance))
    throw refusal(cluster, `its primary ${instance} is healthy; use: ${hint}`, hint)
  throw mayAcknowledge({ cluster }, primary)
}

function mayAcknowledge(
  { cluster }: Pick<FailoverRequest, 'cluster'>,
  { instance, role, state }: PatroniSurvey['answers'][number],
): DroverError {
  return refusal(
    cluster,
    `${instance} still answers other members (${role === 'unknown' ? '' : `as ${role}, `}${state}), and may acknowledge commits`,
    `switch its host off; or bring its agent back and run: drover cluster switchover ${cluster}`,
  )
}

type Candidate = PatroniSurvey['members'][number]

function candidateOf(
  { cluster, to }: FailoverRequest,
  surveys: ReadonlyMap<InstanceName, PatroniSurvey>,
  view: PatroniSurvey,
): Candidate {
  const able = view.members.filter(
    ({ instance, state, noFailover }) =>
      surveys.has(instance) && !noFailover && /^(running|streaming|in archive recovery)$/.test(state),
  )
  if (to === undefined) {
    const [best] = able.toSorted(
      (left, right) =>
        Number(right.synchronous) - Number(left.synchronous) ||
        (left.lagBytes ?? Number.MAX_SAFE_INTEGER) - (right.lagBytes ?? Number.MAX_SAFE_INTEGER) ||
        (left.instance < right.instance ? -1 : 1),
    )
    if (best !== undefined) return best
    throw refusal(cluster, 'no standby that lives could be promoted')
  }
  const named = able.find(({ instance }) => instance === to)
  if (named !== undefined) return named
  const known = view.members.find(({ instance }) => instance === to)
  if (known === undefined) throw refusal(cluster, `${to} is not one of its standbys`)
  if (known.noFailover) throw refusal(cluster, `${to} is never promoted`)
  throw refusal(cluster, surveys.has(to) ? `${to} is ${known.state}` : `the agent of ${to} is silent`)
}

function wouldLose(
  { cluster }: FailoverRequest,
  { instance, lagBytes, synchronous }: Candidate,
  view: PatroniSurvey,
  isSynchronous: boolean,
): DroverError {
  const synchronousOne = view.members.find(member => member.synchronous && member.instance !== instance)
  const why =
    isSynchronous && !synchronous
      ? `${instance} did not confirm the last commits${synchronousOne === undefined ? ', and nobody who lives did' : `; ${synchronousOne.instance} did`}`
      : 'commits are not synchronous'
  const known = lagBytes === undefined ? 'an unknown amount of WAL' : `${lagBytes} bytes of WAL that are known of`
  return refusal(
    cluster,
    `${why}: what would be lost is at most ${known}, and whatever the primary acknowledged in its last ${view.loopWaitSeconds} s, which nobody else knows`,
    `bring the primary back, or accept the loss: drover cluster failover ${cluster} --to ${instance} --accept-data-loss ${instance}`,
  )
}

/** Members that nobody reaches. */
function silent(
  surveys: ReadonlyMap<InstanceName, PatroniSurvey>,
  members: readonly InstanceName[],
): readonly InstanceName[] {
  const heard = new Set([...surveys.values()].flatMap(({ answers }) => answers.map(({ instance }) => instance)))
  return members.filter(instance => !heard.has(instance))
}

function refusal(cluster: ClusterName, why: string, hint = `drover status ${cluster}`): DroverError {
  return new DroverError('conflict', `${cluster} cannot fail over: ${why}`, { retryable: false, hint })
}
