import {
  type ActivityCounters,
  type ActivityWindow,
  activityBetween,
  activityTogether,
} from '../../../../shared/domain/activity.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { type Member, seenOf } from '../../members/member.ts'
import { memberCommand } from '../../members/member-command.ts'
import type { Program, ProgramStep } from '../../program.ts'

const TIMEOUT_MS = 15_000

/** What was counted of one member. Absent: its agent is older, or did not answer. */
export interface MemberCount {
  readonly now?: ActivityCounters
  /** What its agent remembers, up to an hour. */
  readonly remembered?: ActivityWindow
}

export async function countMembers(
  members: readonly Member[],
  op: Pick<Program, 'step'>,
): Promise<readonly MemberCount[]> {
  return await Promise.all(members.map(member => op.step(countMember(member))))
}

/** Never fails an upgrade. */
function countMember(member: Member): ProgramStep<MemberCount> {
  const { instance, nodeId } = member
  return {
    title: `count the transactions of ${instance}`,
    nodeId,
    async act(context) {
      try {
        const args = { instance }
        const now = await memberCommand(context, { member, kind: 'instance.activity', args, timeoutMs: TIMEOUT_MS })
        const before = seenOf(member, context.fleet.observations())?.activity?.before
        const remembered = before === undefined ? undefined : activityBetween(before, now)
        return {
          result: { now, ...(remembered === undefined ? {} : { remembered }) },
          detail: `${now.poolers?.transactions ?? 0} through its poolers so far`,
        }
      } catch (error) {
        context.signal.throwIfAborted()
        return { result: {}, detail: `warning: ${DroverError.from(error).message}` }
      }
    },
  }
}

/** Of the whole cluster; the members of both are in the same order. Pure. */
export function activityOf(
  before: readonly MemberCount[],
  after: readonly MemberCount[],
): { readonly activity?: ActivityWindow; readonly activityBefore?: ActivityWindow } {
  const during = before.flatMap(({ now: from }, index) => {
    const to = after[index]?.now
    return from === undefined || to === undefined ? [] : [activityBetween(from, to)]
  })
  const earlier = before.flatMap(({ remembered }) => remembered ?? [])
  return {
    ...(during.length === 0 ? {} : { activity: activityTogether(during) }),
    ...(earlier.length === 0 ? {} : { activityBefore: activityTogether(earlier) }),
  }
}
