import type { Program } from '../../program.ts'
import * as steps from './steps.ts'
import { orBack, type RenewInput, type TurnEnd } from './turn.ts'

/** HAProxy hands its listeners over; sessions that are open stay with the process that has them, which ends with them. */
export async function proxyTurn(input: RenewInput, op: Program): Promise<TurnEnd> {
  const { nodeId, units } = input
  op.phase(`hand over on ${input.node}`)
  return orBack(
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
}

/** Every pooler and service of the members on the node. */
export async function servicesUp({ nodeId, node, clusters }: RenewInput, op: Program): Promise<TurnEnd> {
  for (const { name: cluster, members } of clusters) {
    const instances = members.filter(member => member.nodeId === nodeId).map(({ instance }) => instance)
    const condition = { kind: 'services-up', cluster, instances } as const
    const { failed } = await op.step(
      steps.awaitWell(`services of ${cluster} are up on ${node}`, condition, [{ nodeId }]),
    )
    if (failed !== undefined) return { failed }
  }
  return {}
}
