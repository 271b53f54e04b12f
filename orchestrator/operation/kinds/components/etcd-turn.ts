import type { Program, ProgramStep } from '../../program.ts'
import { awaitCondition } from '../../steps/await-condition.ts'
import * as steps from './steps.ts'
import { orBack, type RenewInput, type TurnEnd } from './turn.ts'

const HEALTHY_MS = 60_000

/**
 * All voters are well before one starts anew, and after it: there is always a majority where there are three. One that goes back need not
 * be well itself.
 */
export async function etcdTurn(input: RenewInput, op: Program): Promise<TurnEnd> {
  const { nodeId, node, units } = input
  op.phase(`start etcd of ${node} anew`)
  await op.step(allHealthy(input))
  return orBack(
    input,
    async () => {
      for (const unit of units) {
        const { failed } = await op.step(steps.renew({ nodeId, unit }))
        if (failed !== undefined) return { failed }
      }
      return op.step(steps.awaitWell('all voters of etcd are well', conditionOf(input), input.voters))
    },
    op,
  )
}

/** Errors: `timeout` with what is missing, and nothing has changed. */
function allHealthy(input: RenewInput): ProgramStep<null> {
  return {
    title: 'wait for all voters of etcd',
    async act(context) {
      const { voters, nodeId, isBack } = input
      const condition = conditionOf({ voters: voters.filter(voter => !isBack || voter.nodeId !== nodeId) })
      return { result: null, ...(await awaitCondition({ kind: 'await', condition, timeoutMs: HEALTHY_MS }, context)) }
    },
  }
}

function conditionOf({ voters }: Pick<RenewInput, 'voters'>) {
  return { kind: 'etcd-healthy', members: voters.map(({ nodeId, etcd }) => ({ name: etcd.name, nodeId })) } as const
}
