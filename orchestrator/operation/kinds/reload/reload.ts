import type { ClusterName, InstanceName } from '../../../../shared/domain/ids.ts'
import type { Member } from '../../members/member.ts'
import { memberCommand, patroniOf, postgresOf } from '../../members/member-command.ts'
import type { OperationKind, ProgramStep } from '../../program.ts'
import type { PendingSetting } from '../../settings/compare-settings.ts'
import { compareMembers, differenceError, type OwnSettings } from '../../settings/settings-agree.ts'
import { findScene, membersIn } from '../restart/scene.ts'

export interface ReloadInput {
  readonly cluster: ClusterName
  readonly own: OwnSettings
}

export interface ReloadOutput {
  readonly reloaded: readonly InstanceName[]
  /** What a reload cannot change. */
  readonly pending: readonly PendingSetting[]
}

/** Every member reads its configuration again; then Patroni, the files and the servers must say the same. */
export const reload: OperationKind<ReloadInput, ReloadOutput> = {
  kind: 'reload',
  async run({ cluster, own }, op) {
    op.phase('look')
    const members = membersIn(await op.step(findScene(cluster)))

    op.phase('reload')
    await Promise.all(members.map(member => op.step(reloadMember(member))))

    op.phase('compare')
    const { differences, pending } = await compareMembers(members, own, op)
    const failure = differenceError(differences)
    if (failure !== undefined) throw failure
    return { output: { reloaded: members.map(({ instance }) => instance), pending } }
  },
}

function reloadMember(member: Member): ProgramStep<null> {
  return {
    title: `reload ${member.instance}`,
    nodeId: member.nodeId,
    async act(context) {
      const args = { ...postgresOf(member), patroni: patroniOf(member) }
      const { tookMs } = await memberCommand(context, { member, kind: 'patroni.reload', args, timeoutMs: 60_000 })
      return { result: null, detail: `${tookMs} ms` }
    },
  }
}
