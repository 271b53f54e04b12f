import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName, NodeId } from '../../../../shared/domain/ids.ts'
import type { Manifest } from '../../../../shared/domain/manifest.ts'
import { isRunning } from '../../../../shared/domain/observation.ts'
import { type Observations, primaryOf } from '../../conditions.ts'
import { lookAgain } from '../../members/look-again.ts'
import { type Member, membersOf, seenOf } from '../../members/member.ts'
import type { ProgramStep } from '../../program.ts'

/** Who is what, when a restart begins. */
export interface Scene {
  readonly cluster: ClusterName
  readonly leader: Member
  /** It leads a standby cluster: nobody writes there. */
  readonly followsAnother: boolean
  readonly standbys: readonly StandbySeen[]
  /** Synchronous standbys now; as many there are to be after each turn. */
  readonly synchronous: number
}

export interface StandbySeen {
  readonly member: Member
  readonly isSynchronous: boolean
  /** Patroni may promote it. */
  readonly mayLead: boolean
  readonly lagBytes: number
}

/** Errors: `conflict` when there is no primary, or a member is not well: one more that is away could be one too many. */
export function findScene(cluster: ClusterName): ProgramStep<Scene> {
  return {
    title: `look at ${cluster}`,
    async act(context) {
      const manifests = await context.fleet.manifests()
      const judge = (observations: Observations): Scene => sceneOf({ cluster, manifests, observations })
      const scene = await lookAgain(membersOf(cluster, manifests), judge, context)
      return { result: scene, detail: `${scene.leader.instance} leads ${scene.standbys.length} standbys` }
    },
  }
}

/** Pure. */
export function sceneOf(given: {
  readonly cluster: ClusterName
  readonly manifests: ReadonlyMap<NodeId, Manifest>
  readonly observations: Observations
}): Scene {
  const { cluster, manifests, observations } = given
  const seen = membersOf(cluster, manifests).map(member => ({ member, now: seenOf(member, observations) }))
  const primary = primaryOf(cluster, observations)
  const leader = seen.find(({ member }) => member.instance === primary?.instance)
  if (leader === undefined) throw refusal(cluster, 'it has no primary')
  const unwell = seen.find(({ now }) => !isRunning(now?.state))
  if (unwell !== undefined) throw refusal(cluster, `${unwell.member.instance} is ${unwell.now?.state ?? 'not seen'}`)
  const standbys = seen
    .filter(each => each !== leader)
    .map(({ member, now }) => ({
      member,
      isSynchronous: now?.role === 'sync-standby',
      mayLead: now?.noFailover !== true,
      lagBytes: Math.max(0, (leader.now?.lsn ?? 0) - (now?.lsn ?? 0)),
    }))
  return {
    cluster,
    leader: leader.member,
    followsAnother: leader.now?.role === 'standby-leader',
    standbys,
    synchronous: standbys.filter(({ isSynchronous }) => isSynchronous).length,
  }
}

export function membersIn({ leader, standbys }: Scene): readonly Member[] {
  return [leader, ...standbys.map(({ member }) => member)]
}

/** Throws `not-found`. */
export function memberIn(scene: Scene, instance: InstanceName): Member {
  const member = membersIn(scene).find(each => each.instance === instance)
  if (member !== undefined) return member
  throw new DroverError('not-found', `${scene.cluster} has no member ${instance}`, {
    hint: `drover status ${scene.cluster}`,
  })
}

function refusal(cluster: ClusterName, why: string): DroverError {
  return new DroverError('conflict', `${cluster} is not restarted now: ${why}`, {
    retryable: true,
    hint: `drover status ${cluster}`,
  })
}
