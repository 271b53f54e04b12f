import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName, NodeId } from '../../../../shared/domain/ids.ts'
import type { InstanceWatch, Manifest } from '../../../../shared/domain/manifest.ts'
import type { InstanceObservation } from '../../../../shared/domain/observation.ts'
import { type Observations, primaryOf } from '../../conditions.ts'
import type { ProgramStep } from '../../program.ts'
import type { SwitchoverInput } from './switchover.ts'

/** A member of the cluster, and where its parts are found on its node. */
export interface Player {
  readonly nodeId: NodeId
  readonly instance: InstanceName
  readonly watch: InstanceWatch
}

/** Who plays which part. */
export interface Cast {
  readonly cluster: ClusterName
  readonly leader: Player
  readonly candidate: Player
  /** All members, these two included. */
  readonly members: readonly Player[]
}

/** Reads the parts from what is observed. Errors: `conflict` when a part cannot be played. */
export function findCast(input: Pick<SwitchoverInput, 'cluster' | 'to'>): ProgramStep<Cast> {
  return {
    title: `look at ${input.cluster}`,
    async act({ fleet }) {
      const manifests = new Map<NodeId, Manifest>()
      for (const [id] of await fleet.nodeNames()) {
        const manifest = await fleet.manifest(id)
        if (manifest !== null) manifests.set(id, manifest)
      }
      const cast = castOf({ ...input, manifests, observations: fleet.observations() })
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
  const members = [...manifests].flatMap(([nodeId, { watches }]) =>
    watches.instances
      .filter(watch => watch.cluster === cluster)
      .map((watch): Player => ({ nodeId, instance: watch.instance, watch })),
  )
  if (members.length === 0)
    throw new DroverError('not-found', `there is no cluster ${cluster}`, { hint: 'drover cluster list' })
  const seen = members.map(player => ({ player, now: instanceOf(player, observations) }))
  const silent = seen.find(({ now }) => now === undefined || now.state === 'unreachable')
  if (silent !== undefined)
    throw refusal(cluster, `${silent.player.instance} cannot be seen, and its pooler not be held`)
  const primary = primaryOf(cluster, observations)
  const leader = members.find(({ instance }) => instance === primary?.instance)
  if (leader === undefined) throw refusal(cluster, 'there is no primary to hand over from')
  const leaderNow = instanceOf(leader, observations)
  const standbys = seen.flatMap(({ player, now }) => (now !== undefined && player !== leader ? [{ player, now }] : []))
  const candidate = to === undefined ? best(standbys) : standbys.find(({ player }) => player.instance === to)
  if (candidate === undefined)
    throw refusal(cluster, to === undefined ? 'there is no standby' : `${to} is not one of its standbys`)
  const why = whyNot(candidate.now, leaderNow)
  if (why !== undefined) throw refusal(cluster, `${candidate.player.instance} ${why}`)
  return { cluster, leader, candidate: candidate.player, members }
}

interface Seen {
  readonly player: Player
  readonly now: InstanceObservation
}

/** The synchronous one, for it has everything; then the one that has replayed most. */
function best(standbys: readonly Seen[]): Seen | undefined {
  return [...standbys].sort(
    (left, right) =>
      Number(right.now.role === 'sync-standby') - Number(left.now.role === 'sync-standby') ||
      (right.now.lsn ?? 0) - (left.now.lsn ?? 0) ||
      (left.player.instance < right.player.instance ? -1 : 1),
  )[0]
}

const MOST_LAG_BYTES = 16 * 1024 * 1024

function whyNot(candidate: InstanceObservation, leader: InstanceObservation | undefined): string | undefined {
  if (candidate.state !== 'streaming' && candidate.state !== 'running') return `is ${candidate.state}`
  if (candidate.timeline !== leader?.timeline)
    return `is on timeline ${candidate.timeline ?? 'unknown'}, the primary on ${leader?.timeline ?? 'unknown'}`
  const lag = (leader?.lsn ?? 0) - (candidate.lsn ?? 0)
  return lag > MOST_LAG_BYTES ? `is ${Math.round(lag / 1024 / 1024)} MB behind` : undefined
}

function instanceOf({ nodeId, instance }: Player, observations: Observations): InstanceObservation | undefined {
  return observations.get(nodeId)?.instances.find(each => each.instance === instance)
}

function refusal(cluster: ClusterName, why: string): DroverError {
  return new DroverError('conflict', `${cluster} cannot switch over: ${why}`, {
    retryable: false,
    hint: `drover status ${cluster}`,
  })
}
