import { DroverError } from '../../../../shared/domain/errors.ts'
import type { NodeId } from '../../../../shared/domain/ids.ts'
import type { Manifest } from '../../../../shared/domain/manifest.ts'
import { type Observations, primaryOf } from '../../conditions.ts'
import { type Member, membersOf, seenOf } from '../../members/member.ts'
import { observedMembers } from '../../members/observed-members.ts'
import type { ProgramStep } from '../../program.ts'
import type { ReinitInput } from './reinit.ts'

/** The member that is made anew. */
export interface Subject {
  readonly member: Member
  readonly primary: Member
  /** Of the server that goes; absent when none runs. */
  readonly startedAt?: string
  /** Commits wait for it now. */
  readonly confirms: boolean
}

export function findSubject(input: ReinitInput): ProgramStep<Subject> {
  return {
    title: `look at ${input.cluster}`,
    async act(context) {
      const manifests = await context.fleet.manifests()
      const observations = await observedMembers(membersOf(input.cluster, manifests), context)
      const subject = subjectOf({ ...input, manifests, observations })
      const { member, primary, confirms } = subject
      return {
        result: subject,
        detail: `${member.instance} ${confirms ? 'confirms commits' : 'confirms nothing'}, ${primary.instance} leads`,
      }
    },
  }
}

/** Pure. Errors: `conflict`, `not-found`. */
export function subjectOf(
  given: ReinitInput & {
    readonly manifests: ReadonlyMap<NodeId, Manifest>
    readonly observations: Observations
  },
): Subject {
  const { cluster, instance, confirmed, durability, manifests, observations } = given
  const members = membersOf(cluster, manifests)
  const member = members.find(each => each.instance === instance)
  if (member === undefined)
    throw new DroverError('not-found', `${cluster} has no member ${instance}`, { hint: `drover status ${cluster}` })
  const leader = primaryOf(cluster, observations)
  const primary = members.find(each => each.instance === leader?.instance)
  if (primary === undefined) throw refusal(instance, 'the cluster has no primary to clone from')
  if (primary === member)
    throw refusal(instance, 'it is the primary', `drover cluster switchover ${cluster}, then try again`)
  const seen = seenOf(member, observations)
  if (seen === undefined) throw refusal(instance, 'its node is silent')
  if (seen.state === 'unreachable') throw refusal(instance, 'its Patroni does not answer, and only that can clone it')
  const isWell = seen.state === 'running' || seen.state === 'streaming'
  if (isWell && !confirmed)
    throw refusal(
      instance,
      `it is ${seen.state}, and its data would go`,
      `when that is meant: drover cluster reinit ${cluster} ${instance} --confirm ${instance}`,
    )
  const confirms = isWell && seen.role === 'sync-standby'
  if (confirms && durability === 'strict-sync' && !othersCouldConfirm(primary))
    throw refusal(
      instance,
      'it is the only standby that can confirm commits: with `strict-sync` all writes would wait until it is cloned',
    )
  return { member, primary, confirms, ...(seen.startedAt === undefined ? {} : { startedAt: seen.startedAt }) }

  function othersCouldConfirm(leading: Member): boolean {
    const following = seenOf(leading, observations)?.replication ?? []
    return following.some(
      ({ name, state }) => name !== instance && state === 'streaming' && given.mayConfirm.includes(name),
    )
  }
}

function refusal(instance: string, why: string, hint?: string): DroverError {
  return new DroverError('conflict', `${instance} cannot be cloned anew: ${why}`, {
    retryable: false,
    ...(hint === undefined ? {} : { hint }),
  })
}
