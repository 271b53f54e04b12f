import type { PoolerTarget } from '../../../../shared/domain/command.ts'
import type { Member } from '../../members/member.ts'
import { memberCommand, poolerOf, readPoolerOf } from '../../members/member-command.ts'
import type { Program, ProgramStep } from '../../program.ts'
import { leadAway } from './lead-away.ts'
import { servicesUp } from './proxy-turn.ts'
import * as steps from './steps.ts'
import { orBack, type RenewInput, type TurnEnd } from './turn.ts'

/**
 * A pooler takes its clients' connections with it. New clients are led to the primary's own pooler, so a primary on this host hands over
 * first; then those who are still connected here get time to leave. Whoever has not left by then is disconnected between two
 * transactions, and counted.
 */
export async function poolerTurn(input: RenewInput, op: Program): Promise<TurnEnd> {
  const { node, nodeId, clusters, units, drainMs } = input
  op.phase(`lead clients away from ${node}`)
  const stallMs = drainMs > 0 ? await leadAway(clusters, nodeId, op) : undefined
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
