import type { PoolerTarget } from '../../../../shared/domain/command.ts'
import type { Member } from '../../members/member.ts'
import { memberCommand, poolerOf, readPoolerOf } from '../../members/member-command.ts'
import type { Program, ProgramStep } from '../../program.ts'
import { findScene, type Scene } from '../restart/scene.ts'
import { switchover } from '../switchover/switchover.ts'
import { servicesUp } from './proxy-turn.ts'
import * as steps from './steps.ts'
import { type ClusterOnNode, orBack, type RenewInput, type TurnEnd } from './turn.ts'

/**
 * A pooler takes its clients' connections with it. New clients are led to the primary's own pooler, so a primary on this host hands over
 * first; then those who are still connected here get time to leave. Whoever has not left by then is disconnected between two
 * transactions, and counted.
 */
export async function poolerTurn(input: RenewInput, op: Program): Promise<TurnEnd> {
  const { node, nodeId, clusters, units, drainMs } = input
  let stallMs: number | undefined
  op.phase(`lead clients away from ${node}`)
  if (drainMs > 0) for (const cluster of clusters) await leadAway(cluster)
  op.keep()
  const poolers = clusters.flatMap(({ members }) => members.filter(member => member.nodeId === nodeId)).flatMap(doorsOf)
  const left = await Promise.all(poolers.map(pooler => op.step(drain(pooler, drainMs))))
  const disconnected = left.reduce((sum, clients) => sum + clients, 0)

  op.phase(`start poolers of ${node} anew`)
  const end = await orBack(
    input,
    async () => {
      for (const unit of units) {
        const { failed } = await op.step(steps.renew({ nodeId, unit }))
        if (failed !== undefined) return { failed }
      }
      return servicesUp(input, op)
    },
    op,
  )
  return { ...end, disconnected, ...(stallMs === undefined ? {} : { stallMs }) }

  async function leadAway({ name, isSynchronous }: ClusterOnNode): Promise<void> {
    const scene = await op.step(findScene(name))
    if (scene.leader.nodeId !== nodeId || scene.followsAnother || !hasSuccessor(scene, isSynchronous)) return
    const { output } = await switchover.run({ cluster: name, awaitSynchronous: isSynchronous }, quietly(op))
    stallMs = Math.max(stallMs ?? 0, output.stallMs)
  }
}

function hasSuccessor({ standbys }: Scene, isSynchronous: boolean): boolean {
  return standbys.some(standby => (isSynchronous ? standby.isSynchronous : standby.mayLead))
}

function doorsOf(member: Member): readonly { readonly member: Member; readonly target: PoolerTarget }[] {
  const isWriter = member.watch.poolers.some(({ name }) => name.endsWith('rw'))
  const readers = readPoolerOf(member)
  return [
    ...(isWriter ? [{ member, target: poolerOf(member) }] : []),
    ...(readers === undefined ? [] : [{ member, target: readers }]),
  ]
}

function drain(
  { member, target }: { readonly member: Member; readonly target: PoolerTarget },
  drainMs: number,
): ProgramStep<number> {
  return {
    title: `wait for the clients of pooler ${target.port} of ${member.instance} to leave`,
    nodeId: member.nodeId,
    async act(context) {
      const args = { ...target, timeoutMs: drainMs }
      const timeoutMs = drainMs + 30_000
      const { clients } = await memberCommand(context, { member, kind: 'pooler.drain', args, timeoutMs })
      return { result: clients, detail: clients === 0 ? 'nobody is left' : `${clients} stay` }
    },
  }
}

function quietly(op: Program): Program {
  return { ...op, phase: () => undefined, pivot: async () => undefined }
}
