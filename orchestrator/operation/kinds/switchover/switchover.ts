import type { ClusterName, InstanceName } from '../../../../shared/domain/ids.ts'
import { holdPoolers, releasePooler } from '../../members/hold-poolers.ts'
import type { OperationKind } from '../../program.ts'
import { findCast } from './cast.ts'
import * as steps from './steps.ts'

export interface SwitchoverInput {
  readonly cluster: ClusterName
  /** Absent: the best candidate. */
  readonly to?: InstanceName
  /** No client waits for another synchronous standby before it goes on: set by durability. */
  readonly awaitSynchronous: boolean
}

export interface SwitchoverOutput {
  readonly from: InstanceName
  readonly to: InstanceName
  /** The longest that any pooler made its clients wait. */
  readonly stallMs: number
}

/**
 * Hands a cluster over to another member without a failed transaction (docs/operations.md): clients that come through the
 * poolers wait for a moment. Until the candidate is writable everything can be taken back, and taking back means no more than
 * to release the poolers, since they and HAProxy follow Patroni by themselves.
 */
export const switchover: OperationKind<SwitchoverInput, SwitchoverOutput> = {
  kind: 'switchover',
  async run(input, op) {
    op.phase('look')
    const cast = await op.step(findCast(input))
    await op.step(steps.inspect(cast))

    op.phase('prepare')
    await Promise.all([op.step(steps.checkpoint(cast.candidate)), op.step(steps.checkpoint(cast.leader))])
    await op.step(steps.checkpoint(cast.leader))

    op.phase('hold')
    await holdPoolers(cast, op)

    op.phase('switch over')
    const answered = op.step(steps.handOver(cast))
    const writable = op.step(steps.awaitWritable(cast.candidate))
    await Promise.race([writable, answered.then(() => writable)])
    await op.pivot()

    op.phase('release')
    await Promise.all(cast.members.map(member => op.step(steps.route(cast, member))))
    if (input.awaitSynchronous) await op.step(steps.awaitSynchronous(cast.candidate))
    const released = await Promise.all(cast.members.map(member => op.step(releasePooler(member))))

    op.phase('verify')
    await answered
    await op.step(steps.verify(cast))
    const stallMs = Math.max(...released.map(({ heldMs }) => heldMs ?? 0))
    return { output: { from: cast.leader.instance, to: cast.candidate.instance, stallMs } }
  },
}
