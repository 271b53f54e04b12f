import type { CommandResult } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { ClusterName } from '../../../shared/domain/ids.ts'
import type { Program, ProgramStep } from '../program.ts'
import type { Member } from './member.ts'
import { memberCommand, poolerOf } from './member-command.ts'

/** How long running transactions may take to end once new ones are queued. */
const DRAIN_MS = 1_000
/** The timer that releases a pooler if nobody does: longer than a switchover takes, shorter than clients wait. */
const RELEASE_AFTER_MS = 15_000
/** Transactions that do not end in time are let go, and holding is tried again. */
const HOLD_ATTEMPTS = 3

/** All poolers or none: where one cannot be held in time, all are released before the next try. */
export async function holdPoolers(
  { cluster, members }: { readonly cluster: ClusterName; readonly members: readonly Member[] },
  op: Program,
): Promise<void> {
  for (let attempt = 1; attempt <= HOLD_ATTEMPTS; attempt += 1) {
    const holds = await Promise.all(members.map(member => op.step(hold(member))))
    if (holds.every(({ held }) => held)) return
    await Promise.all(members.map(member => op.step(releasePooler(member))))
    await op.step(pause(attempt))
  }
  throw new DroverError('conflict', `transactions of ${cluster} do not end within ${DRAIN_MS} ms`, {
    hint: 'try again when long transactions are over: select * from pg_stat_activity order by xact_start',
    retryable: false,
  })
}

function hold(member: Member): ProgramStep<CommandResult<'pooler.hold'>> {
  return {
    title: `hold the pooler of ${member.instance}`,
    nodeId: member.nodeId,
    attempts: 1,
    async act(context) {
      const args = { ...poolerOf(member), drainMs: DRAIN_MS, releaseAfterMs: RELEASE_AFTER_MS }
      const result = await memberCommand(context, { member, kind: 'pooler.hold', args })
      return { result, detail: result.held ? `drained in ${result.drainedMs} ms` : 'transactions are still open' }
    },
    compensate: async context => {
      await memberCommand(context, { member, kind: 'pooler.release', args: poolerOf(member) })
      return { detail: 'released' }
    },
  }
}

export function releasePooler(member: Member): ProgramStep<CommandResult<'pooler.release'>> {
  return {
    title: `release the pooler of ${member.instance}`,
    nodeId: member.nodeId,
    async act(context) {
      const result = await memberCommand(context, { member, kind: 'pooler.release', args: poolerOf(member) })
      return { result, detail: result.heldMs === undefined ? 'released' : `held for ${result.heldMs} ms` }
    },
  }
}

/** Lets transactions that were in the way end. */
function pause(attempt: number): ProgramStep<null> {
  return {
    title: 'let transactions end',
    async act({ clock, signal }) {
      await clock.sleep(1_000 * attempt, signal)
      return { result: null, detail: `${attempt} s` }
    },
  }
}
