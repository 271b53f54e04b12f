import type { CampaignCluster } from '../../../../shared/domain/campaign.ts'
import { DroverError, type ErrorCode } from '../../../../shared/domain/errors.ts'
import type { InstanceName } from '../../../../shared/domain/ids.ts'
import type { Manifest } from '../../../../shared/domain/manifest.ts'
import type { PoolerBackends, UpgradeLook } from '../../../../shared/domain/upgrade-look.ts'
import { type Member, membersOf } from '../../members/member.ts'
import { memberCommand, poolerOf, postgresOf, readPoolerOf } from '../../members/member-command.ts'
import type { Lane, ProgramStep } from '../../program.ts'

const TIMEOUT_MS = 20_000
const ATTEMPTS = 3
/** Clocks of hosts differ a little, and a connection takes a moment until it is listed. */
const MARGIN_MS = 2_000

/** What one member said, or why it said nothing. */
export type ServerAnswer = { readonly instance: InstanceName; readonly leads: boolean } & (
  | { readonly look: UpgradeLook }
  | { readonly silent: { readonly code: ErrorCode; readonly message: string } }
)

/**
 * Asks the poolers of a cluster which connections are theirs, and then its servers who is connected otherwise: in this order, so that a
 * connection of a pooler is never taken for a direct one.
 */
export async function askServers(cluster: CampaignCluster, lane: Lane): Promise<readonly ServerAnswer[]> {
  const members = await lane.step(findMembersOf(cluster))
  const poolers = await Promise.all(members.map(member => lane.step(askPoolers(member))))
  const askedAt = Math.min(...poolers.map(each => each.askedAt))
  return await Promise.all(
    members.map((member, index) => {
      const leads = member.nodeId === cluster.primaryNode
      const own = poolers[index]?.own ?? []
      const pooled = leads ? [...own, ...poolers.flatMap(each => each.primary)] : own
      return lane.step(askServer(member, { leads, pooled, askedAt, members }))
    }),
  )
}

/** On the cluster's own nodes: the whole fleet's manifests are many. */
function findMembersOf({ name, nodes }: CampaignCluster): ProgramStep<readonly Member[]> {
  return {
    title: `find the members of ${name}`,
    async act({ fleet }) {
      const manifests = new Map<string, Manifest>()
      for (const { id } of nodes) {
        const manifest = await fleet.manifest(id)
        if (manifest !== null) manifests.set(id, manifest)
      }
      const members = membersOf(name, manifests)
      return { result: members, detail: members.map(({ instance }) => instance).join(', ') }
    },
  }
}

/** Poolers that do not answer hold nothing that is known; what that means is said by whoever asks the servers. */
function askPoolers(member: Member): ProgramStep<PoolerBackends & { readonly askedAt: number }> {
  const { instance, nodeId } = member
  return {
    title: `ask the poolers of ${instance}`,
    nodeId,
    async act(context) {
      const askedAt = context.clock.now()
      // A standby cluster has none for writers.
      const rw = member.watch.poolers.some(({ name }) => name === 'rw') ? poolerOf(member) : undefined
      const ro = readPoolerOf(member)
      const args = { instance, ...(rw === undefined ? {} : { rw }), ...(ro === undefined ? {} : { ro }) }
      try {
        const held = await memberCommand(context, { member, kind: 'pooler.backends', args, timeoutMs: TIMEOUT_MS })
        return { result: { ...held, askedAt }, detail: `${held.primary.length + held.own.length} connections` }
      } catch (error) {
        context.signal.throwIfAborted()
        const { message } = DroverError.from(error)
        return { result: { primary: [], own: [], askedAt }, detail: `warning: ${message}` }
      }
    },
  }
}

function askServer(
  member: Member,
  given: {
    readonly leads: boolean
    readonly pooled: readonly number[]
    readonly askedAt: number
    readonly members: readonly Member[]
  },
): ProgramStep<ServerAnswer> {
  const { instance, nodeId } = member
  const { leads, pooled, askedAt } = given
  return {
    title: `ask ${instance}`,
    nodeId,
    attempts: ATTEMPTS,
    async act(context) {
      const args = {
        ...postgresOf(member),
        pooled: [...new Set(pooled)],
        minAgeMs: Math.max(0, Math.round(context.clock.now() - askedAt)) + MARGIN_MS,
        members: given.members.map(each => each.instance),
      }
      try {
        const look = await memberCommand(context, {
          member,
          kind: 'postgres.upgrade-look',
          args,
          timeoutMs: TIMEOUT_MS,
        })
        const direct = look.clients.reduce((sum, { count }) => sum + count, 0)
        return { result: { instance, leads, look }, detail: `${direct} direct connections` }
      } catch (error) {
        context.signal.throwIfAborted()
        const { code, message, retryable } = DroverError.from(error)
        // An agent that was away for a moment does not refuse a fleet its upgrade.
        if (retryable && context.attempt < ATTEMPTS) throw error
        return { result: { instance, leads, silent: { code, message } }, detail: `warning: ${message}` }
      }
    },
  }
}
