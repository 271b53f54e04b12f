import type { ClusterName } from '../../../../shared/domain/ids.ts'
import type { OperationKind } from '../../program.ts'
import * as steps from './steps.ts'

export interface PauseInput {
  readonly cluster: ClusterName
  /** Unix milliseconds. */
  readonly until: number
}

/**
 * Turns Patroni's automatic failover off until a time. First every member's host gets a timer that turns it on again, then Patroni
 * is told (S4): whatever dies meanwhile, one of them goes off.
 */
export const pause: OperationKind<PauseInput, PauseInput> = {
  kind: 'pause',
  async run(input, op) {
    const { cluster, until } = input
    op.phase('look')
    const members = await op.step(steps.findAll(cluster))

    op.phase('arm')
    await Promise.all(members.map(member => op.step(steps.arm(member, until))))

    op.phase('pause')
    await op.step(steps.setPause({ cluster, members, to: true }))
    await op.step(steps.awaitPause({ cluster, members, to: true }))
    return { output: input }
  },
}
