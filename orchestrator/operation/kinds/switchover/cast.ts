import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName, NodeId } from '../../../../shared/domain/ids.ts'
import type { Manifest } from '../../../../shared/domain/manifest.ts'
import type { InstanceObservation } from '../../../../shared/domain/observation.ts'
import { type Observations, primaryOf } from '../../conditions.ts'
import { lookAgain } from '../../members/look-again.ts'
import { type Member, membersOf, seenOf } from '../../members/member.ts'
import type { ProgramStep } from '../../program.ts'
import type { SwitchoverInput } from './switchover.ts'

/** Who plays which part. */
export interface Cast {
  readonly cluster: ClusterName
  readonly leader: Member
  readonly candidate: Member
  /** All members, these two included. */
  readonly members: readonly Member[]
}

/** Reads the parts from what is observed. Errors: `conflict` when a part cannot be played. */
export function findCast(input: Pick<SwitchoverInput, 'cluster' | 'to'>): ProgramStep<Cast> {
  return {
    title: `look at ${input.cluster}`,
    async act(context) {
      const manifests = await context.fleet.manifests()
      const judge = (observations: Observations): Cast => castOf({ ...input, manifests, observations })
      const cast = await lookAgain(membersOf(input.cluster, manifests), judge, context)
      return { result: cast, detail: `${cast.leader.instance} to ${cast.candidate.instance}` }
    },
  }
}

/** Pure. */
export function castOf(given: {
  readonly cluster: ClusterName
  readonly to?: InstanceName
  readonly manifests: ReadonlyMap<NodeId, Manifest>
  readonly observations: Observations
}): Cast {
  const { cluster, to, manifests, observations } = given
  const members = membersOf(cluster, manifests)
  const seen = members.map(member => ({ member, now: seenOf(member, observations) }))
  const silent = seen.find(({ now }) => now === undefined || now.state === 'unreachable')
  if (silent !== undefined)
    throw refusal(cluster, `${silent.member.instance} cannot be seen, and its pooler not be held`)
  const mute = seen.find(({ now }) => now?.poolers.some(({ name, up }) => name.endsWith('rw') && !up))
  if (mute !== undefined)
    throw refusal(cluster, `the pooler of ${mute.member.instance} does not answer, and cannot be held`)
  const primary = primaryOf(cluster, observations)
  const leader = members.find(({ instance }) => instance === primary?.instance)
  if (leader === undefined) throw refusal(cluster, 'there is no primary to hand over from')
  const leaderNow = seenOf(leader, observations)
  const standbys = seen.flatMap(({ member, now }) => (now !== undefined && member !== leader ? [{ member, now }] : []))
  const candidate =
    to === undefined
      ? best(standbys.filter(({ now }) => now.noFailover !== true))
      : standbys.find(({ member }) => member.instance === to)
  if (candidate === undefined)
    throw refusal(cluster, to === undefined ? 'there is no standby' : `${to} is not one of its standbys`, 'stays')
  if (candidate.now.noFailover === true)
    throw refusal(cluster, `${candidate.member.instance} may not be promoted`, 'stays')
  const why = whyNotNow(candidate.now, leaderNow)
  if (why !== undefined) throw refusal(cluster, `${candidate.member.instance} ${why}`)
  return { cluster, leader, candidate: candidate.member, members }
}

interface Seen {
  readonly member: Member
  readonly now: InstanceObservation
}

/** The synchronous one, for it has everything; then the one that has replayed most. */
function best(standbys: readonly Seen[]): Seen | undefined {
  return [...standbys].sort(
    (left, right) =>
      Number(right.now.role === 'sync-standby') - Number(left.now.role === 'sync-standby') ||
      (right.now.lsn ?? 0) - (left.now.lsn ?? 0) ||
      (left.member.instance < right.member.instance ? -1 : 1),
  )[0]
}

const MOST_LAG_BYTES = 16 * 1024 * 1024

function whyNotNow(candidate: InstanceObservation, leader: InstanceObservation | undefined): string | undefined {
  if (candidate.state !== 'streaming' && candidate.state !== 'running') return `is ${candidate.state}`
  if (candidate.timeline !== leader?.timeline)
    return `is on timeline ${candidate.timeline ?? 'unknown'}, the primary on ${leader?.timeline ?? 'unknown'}`
  const lag = (leader?.lsn ?? 0) - (candidate.lsn ?? 0)
  return lag > MOST_LAG_BYTES ? `is ${Math.round(lag / 1024 / 1024)} MB behind` : undefined
}

function refusal(cluster: ClusterName, why: string, until: 'passes' | 'stays' = 'passes'): DroverError {
  return new DroverError('conflict', `${cluster} cannot switch over: ${why}`, {
    retryable: until === 'passes',
    hint: `drover status ${cluster}`,
  })
}
