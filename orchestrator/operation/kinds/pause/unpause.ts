import type { ClusterName } from '../../../../shared/domain/ids.ts'
import type { OperationKind } from '../../program.ts'
import * as steps from './steps.ts'

export interface UnpauseInput {
  readonly cluster: ClusterName
  /** The file's durability wants a standby that confirms commits. */
  readonly isSynchronous: boolean
}

export interface UnpauseOutput {
  readonly cluster: ClusterName
  /** Patroni and PostgreSQL disagreed about synchronous replication, and agree again. */
  readonly healed: boolean
}

/**
 * Turns automatic failover on again before the timers do. A Patroni that was restarted while its cluster was paused may have left
 * PostgreSQL without a synchronous standby and not know it (seen with Patroni 3.0): the server itself is asked.
 */
export const unpause: OperationKind<UnpauseInput, UnpauseOutput> = {
  kind: 'unpause',
  async run({ cluster, isSynchronous }, op) {
    op.phase('look')
    const members = await op.step(steps.findAll(cluster))

    op.phase('unpause')
    await op.step(steps.setPause({ cluster, members, to: false }))
    await op.step(steps.awaitPause({ cluster, members, to: false }))

    op.phase('verify')
    let healed = false
    if (isSynchronous && members.length > 1 && !(await op.step(steps.isSynchronous(cluster, members)))) {
      await op.step(steps.setSynchronous({ cluster, members, to: false }))
      await op.step(steps.setSynchronous({ cluster, members, to: true }))
      healed = await op.step(steps.isSynchronous(cluster, members))
    }

    op.phase('disarm')
    await Promise.all(members.map(member => op.step(steps.disarm(member))))
    return { output: { cluster, healed } }
  },
}
