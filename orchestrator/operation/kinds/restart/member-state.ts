import type { ServerSettings } from '../../../../shared/domain/command.ts'
import type { InstanceName } from '../../../../shared/domain/ids.ts'
import { type HotStandbyValues, walLevelRank } from '../../../plan/topology/restart-order.ts'
import type { Member } from '../../members/member.ts'
import { memberCommand, patroniOf, postgresOf } from '../../members/member-command.ts'
import type { ProgramStep } from '../../program.ts'
import { compareSettings, type PendingSetting } from '../../settings/compare-settings.ts'

/** What one member runs with before it is restarted. */
export interface MemberState {
  readonly instance: InstanceName
  readonly startedAt: number
  readonly running: HotStandbyValues
  readonly wanted: HotStandbyValues
  readonly pending: readonly PendingSetting[]
}

export function readState(member: Member, own: readonly string[]): ProgramStep<MemberState> {
  return {
    title: `read the settings of ${member.instance}`,
    nodeId: member.nodeId,
    async act(context) {
      const args = { ...postgresOf(member), patroni: patroniOf(member) }
      const seen = await memberCommand(context, { member, kind: 'postgres.settings', args })
      const result = stateOf(member.instance, seen, own)
      return { result, detail: pendingText(result.pending) }
    },
  }
}

/** Pure. */
export function stateOf(instance: InstanceName, seen: ServerSettings, own: readonly string[]): MemberState {
  const { pending } = compareSettings(instance, seen, own)
  const running = valuesOf(name => seen.settings.find(each => each.name === name)?.running)
  const wanted = valuesOf(name => seen.wanted[name] ?? seen.settings.find(each => each.name === name)?.running)
  return { instance, startedAt: seen.startedAt, running, wanted, pending }
}

export function pendingText(pending: readonly PendingSetting[]): string {
  if (pending.length === 0) return 'nothing waits for a restart'
  return pending.map(({ name, from, to }) => `${name} ${from} → ${to}`).join(', ')
}

/** What no file sets is the same everywhere, PostgreSQL's default. */
function valuesOf(value: (name: string) => string | undefined): HotStandbyValues {
  const number = (name: string): number => Number(value(name) ?? 0)
  return {
    max_connections: number('max_connections'),
    max_worker_processes: number('max_worker_processes'),
    max_wal_senders: number('max_wal_senders'),
    max_prepared_transactions: number('max_prepared_transactions'),
    max_locks_per_transaction: number('max_locks_per_transaction'),
    wal_level: walLevelRank(value('wal_level') ?? '') ?? 0,
  }
}
