import { DroverError } from '../../../../shared/domain/errors.ts'
import { holdPoolers, releasePoolers } from '../../members/hold-poolers.ts'
import { type Member, seenOf } from '../../members/member.ts'
import { patroniOf } from '../../members/member-command.ts'
import { observedMembers } from '../../members/observed-members.ts'
import type { Program, ProgramStep } from '../../program.ts'
import { quietly } from '../../quietly.ts'
import { pause } from '../pause/pause.ts'
import { unpause } from '../pause/unpause.ts'
import { findScene, type Scene } from '../restart/scene.ts'
import { leadAway } from './lead-away.ts'
import * as steps from './steps.ts'
import { type ClusterOnNode, orBack, type RenewInput, type TurnEnd } from './turn.ts'

/** Automatic failover comes back by itself then, whatever becomes of this (S4). */
const PAUSED_MS = 15 * 60_000
/** For an orchestrator that dies while clients are held. */
const HELD_TRIES = 3

/**
 * While a cluster is paused its Patroni can start anew without its PostgreSQL. HAProxy asks Patroni: of a primary it hears nothing for as
 * long as Patroni takes to start, and would cut sessions, so a primary hands over first, which is over sooner. Where nobody can take
 * over, writers wait until Patroni answers again. Nobody of the cluster is without automatic failover for longer than the turn of this
 * one host.
 */
export async function patroniTurn(input: RenewInput, op: Program): Promise<TurnEnd> {
  const { node, nodeId, clusters } = input
  const scenes = new Map<string, Scene>()
  op.phase(`lead clusters away from ${node}`)
  for (const cluster of clusters) await op.step(refusePaused(cluster))
  // A Patroni that is not well is given back what it had, and not asked for anything before.
  let stallMs = input.isBack ? undefined : await leadAway(clusters, nodeId, op).catch(whenRefused)
  op.keep()

  op.phase(`pause ${clusters.map(({ name }) => name).join(', ')}`)
  for (const { name } of clusters) scenes.set(name, await op.step(findScene(name)))
  const until = await op.step(pauseEnd())
  for (const { name: cluster } of clusters) await pause.run({ cluster, until }, quietly(op))

  op.phase(`start Patroni of ${node} anew`)
  const end = await orBack(input, () => renewAll(), op)

  op.phase(`unpause ${clusters.map(({ name }) => name).join(', ')}`)
  for (const { name: cluster, isSynchronous } of clusters) await unpause.run({ cluster, isSynchronous }, quietly(op))
  op.keep()
  return { ...end, ...(stallMs === undefined ? {} : { stallMs }) }

  async function renewAll(): Promise<TurnEnd> {
    for (const cluster of clusters)
      for (const member of cluster.members.filter(each => each.nodeId === nodeId)) {
        const { failed } = await renewOne(member, cluster)
        if (failed !== undefined) return { failed }
      }
    return {}
  }

  async function renewOne(member: Member, { name, members }: ClusterOnNode): Promise<steps.RenewEnd> {
    const scene = scenes.get(name)
    const leads = scene?.leader.instance === member.instance && !scene.followsAnother
    const { failed } = leads ? await renewHeld(member, { name, members }) : await op.step(steps.renew(unitOf(member)))
    if (failed !== undefined) return { failed }
    const instances = members.map(({ instance }) => instance)
    const condition = { kind: 'members-streaming', cluster: name, instances, syncStandbys: 0 } as const
    return op.step(steps.awaitWell(`all members of ${name} are well`, condition, members))
  }

  /** While writers wait. One that was renewed already is left alone, so that a second try does no harm. */
  async function renewHeld(
    member: Member,
    { name: cluster, members }: Pick<ClusterOnNode, 'name' | 'members'>,
  ): Promise<steps.RenewEnd> {
    for (let tries = 1; tries <= HELD_TRIES; tries += 1) {
      const held = await holdPoolers({ cluster, members }, op)
      const result = await op.step(steps.renew(unitOf(member), held))
      const { heldMs } = await releasePoolers({ members }, op)
      stallMs = Math.max(stallMs ?? 0, heldMs)
      if (result.released !== true) return result
    }
    return { failed: 'clients were released each time before it could begin' }
  }
}

/** A long transaction, an archiver that fails: writers wait for Patroni then, whose server stops for neither. */
function whenRefused(error: unknown): undefined {
  if (DroverError.from(error).code !== 'conflict') throw error
}

function unitOf(member: Member): steps.Unit {
  return { nodeId: member.nodeId, unit: member.watch.patroniUnit, patroni: patroniOf(member) }
}

/** A pause of somebody else would end with this one. Errors: `conflict`. */
function refusePaused({ name, members }: ClusterOnNode): ProgramStep<null> {
  return {
    title: `see that ${name} is not paused`,
    async act(context) {
      const observations = await observedMembers(members, context)
      if (members.some(member => seenOf(member, observations)?.paused === true))
        throw new DroverError('conflict', `automatic failover of ${name} is paused`, {
          retryable: false,
          hint: `drover cluster unpause ${name}`,
        })
      return { result: null, detail: 'it is not' }
    },
  }
}

function pauseEnd(): ProgramStep<number> {
  return {
    title: 'say until when',
    async act({ clock }) {
      const until = clock.now() + PAUSED_MS
      return { result: until, detail: new Date(until).toISOString() }
    },
  }
}
