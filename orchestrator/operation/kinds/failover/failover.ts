import type { ClusterName, InstanceName } from '../../../../shared/domain/ids.ts'
import { releasePoolers } from '../../members/hold-poolers.ts'
import type { OperationKind } from '../../program.ts'
import { routeTo } from '../switchover/steps.ts'
import * as steps from './steps.ts'
import { type FailoverRequest, failoverVerdict, type LossBound } from './verdict.ts'

export interface FailoverInput extends FailoverRequest {
  /** What the file's durability promised of acknowledged commits. */
  readonly isSynchronous: boolean
}

export interface FailoverOutput {
  readonly cluster: ClusterName
  readonly from: InstanceName
  readonly to: InstanceName
  /** Until the new primary took writes, from the moment when it was asked for; 0 when Patroni had been faster. */
  readonly tookMs: number
  readonly lostAtMost: LossBound
  /** Patroni had done it by itself. */
  readonly byItself: boolean
}

/**
 * Promotes a standby of a cluster whose primary is dead, its host and agent with it (docs/operations.md). Only living members are
 * asked and told. Patroni keeps what matters: it promotes nobody while the old primary holds its lease.
 */
export const failover: OperationKind<FailoverInput, FailoverOutput> = {
  kind: 'failover',
  async run(input, op) {
    const { cluster } = input
    op.phase('look')
    const known = await op.step(steps.findLiving(cluster))
    const surveys = await Promise.all(
      known.members.map(async member => ({ member, seen: await op.step(steps.survey(member, known)) })),
    )
    const heard = new Map(
      surveys.flatMap(({ member, seen }) => (seen === null ? [] : [[member.instance, seen] as const])),
    )
    // An agent can be silent for a while before anybody knows: only those who answered are told anything.
    const living = { ...known, members: known.members.filter(({ instance }) => heard.has(instance)) }
    const members = known.all.map(({ instance }) => instance)
    const { isSynchronous } = input
    const verdict = await op.step(steps.decide(input, () => failoverVerdict(input, heard, { isSynchronous, members })))
    const { from, to } = verdict
    const nothing = { knownBytes: 0, unknownMs: 0 }
    if (verdict.kind === 'done')
      return { output: { cluster, from, to, tookMs: 0, lostAtMost: nothing, byItself: true } }

    op.phase('fail over')
    const candidate = steps.memberNamed(to, living)
    const { askedAt } = await op.step(steps.promote(candidate, cluster))
    await op.pivot()
    const { writableAt } = await op.step(steps.awaitPromoted(candidate, verdict.leaseMs))

    op.phase('release')
    const cast = { cluster, leader: candidate, candidate, members: living.all }
    await releasePoolers(living, op, routeTo(cast))

    op.phase('verify')
    await op.step(steps.probeWrite(candidate))
    const { lostAtMost } = verdict
    return { output: { cluster, from, to, tookMs: writableAt - askedAt, lostAtMost, byItself: false } }
  },
}
