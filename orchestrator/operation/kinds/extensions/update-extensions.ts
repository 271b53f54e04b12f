import type { ExtensionUpdates, UpdateExtensionsArgs } from '../../../../shared/domain/extension-update.ts'
import type { ClusterName } from '../../../../shared/domain/ids.ts'
import { membersOf } from '../../members/member.ts'
import { postgresOf } from '../../members/member-command.ts'
import type { OperationKind, ProgramStep } from '../../program.ts'
import { onPrimary } from '../../steps/on-primary.ts'
import { tellUpdates } from './tell-updates.ts'

const TIMEOUT_MS = 15 * 60_000

export interface UpdateExtensionsInput {
  readonly cluster: ClusterName
  readonly extensions: UpdateExtensionsArgs['extensions']
}

/** ALTER EXTENSION ... UPDATE of what a cluster declares, on its primary; standbys follow. */
export const updateExtensions: OperationKind<UpdateExtensionsInput, ExtensionUpdates> = {
  kind: 'update-extensions',
  async run(input, op) {
    op.phase('update extensions')
    return { output: await op.step(updateOnPrimary(input)) }
  },
}

/** What PostgreSQL refuses is a result. */
export function updateOnPrimary({ cluster, extensions }: UpdateExtensionsInput): ProgramStep<ExtensionUpdates> {
  return {
    title: `update the extensions of ${cluster}`,
    async act(context) {
      if (extensions.length === 0) return { result: { updated: [], refused: [] }, detail: 'none is declared' }
      const members = membersOf(cluster, await context.fleet.manifests())
      const byInstance = Object.fromEntries(
        members.map(member => [
          member.instance,
          { nodeId: member.nodeId, args: { ...postgresOf(member), extensions } },
        ]),
      )
      const call = { kind: 'postgres.update-extensions', cluster, byInstance, timeoutMs: TIMEOUT_MS } as const
      const { result } = await onPrimary(call, context)
      return { result, detail: tellUpdates(result) }
    },
  }
}
