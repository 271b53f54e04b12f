import type { ClusterName, InstanceName } from '../../../../shared/domain/ids.ts'
import { holdPoolers, releasePoolers } from '../../members/hold-poolers.ts'
import type { OperationKind, Program } from '../../program.ts'
import { type Cast, findCast } from './cast.ts'
import { type StallParts, stallOf } from './stall.ts'
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
  readonly stall: StallParts
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
    await op.step(steps.inspect(cast, input.awaitSynchronous))

    op.phase('prepare')
    await Promise.all([op.step(steps.checkpoint(cast.candidate)), op.step(steps.checkpoint(cast.leader))])
    await op.step(steps.checkpoint(cast.leader))

    op.phase('hold')
    const held = await holdPoolers(cast, op)

    op.phase('switch over')
    const answered = op.step(steps.handOver(cast, held))
    const takeover = op.step(steps.awaitTakeover(cast, input.awaitSynchronous))
    const awaited = await Promise.race([takeover, answered.then(() => takeover)]).catch(releaseAndThrow(cast, op))
    await op.pivot()

    op.phase('release')
    const { heldMs: stallMs } = await releasePoolers(cast, op, steps.routeTo(cast))

    const inVain = input.awaitSynchronous ? { synchronousMs: awaited.tookMs + steps.SYNCHRONOUS_MS } : {}
    const stall = stallOf({ stallMs, drainedMs: held.drainedMs, awaited: { ...inVain, ...awaited } })
    await op.step(steps.account(stallMs, stall))

    op.phase('verify')
    await answered
    await op.step(steps.verify(cast))
    return { output: { from: cast.leader.instance, to: cast.candidate.instance, stallMs, stall } }
  },
}

/** At once: the operation undoes itself only when the last of its steps has ended, and clients would wait until then. */
function releaseAndThrow(cast: Cast, op: Program): (error: unknown) => Promise<never> {
  return async error => {
    await releasePoolers(cast, op)
    throw error
  }
}
