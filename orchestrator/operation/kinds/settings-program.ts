import { DroverError } from '../../../shared/domain/errors.ts'
import type { Manifest } from '../../../shared/domain/manifest.ts'
import type { PlanStep, SettingsStep, SettingsUndo } from '../../../shared/domain/plan.ts'
import { awaitMembers } from '../members/await-members.ts'
import { findMembers } from '../members/find-members.ts'
import type { Member } from '../members/member.ts'
import { memberCommand, patroniOf } from '../members/member-command.ts'
import type { Program, ProgramStep } from '../program.ts'
import { compareMembers, differenceError } from '../settings/settings-agree.ts'
import { convergeNode } from '../steps/converge-node.ts'
import { restartFailure } from './restart/restart.ts'
import { rollingRestart } from './restart/rolling-restart.ts'

const BACK_MS = 180_000

/** Makes steps of its own: it stands alone in its phase. */
export function isSettingsStep(step: PlanStep): step is SettingsStep {
  return step.kind === 'compare-settings' || step.kind === 'restart-members'
}

/**
 * Settings of a running cluster within an apply. A value that PostgreSQL or Patroni refuses is put back, and the apply fails with
 * their own words: left where it is, the next start of any member, after a crash for one, would fail.
 */
export async function settingsProgram(step: SettingsStep, op: Program): Promise<void> {
  const failure = step.kind === 'compare-settings' ? await compare(step, op) : await restart(step, op)
  if (failure === undefined) return
  if (step.undo === undefined || !failure.isRefusal) throw failure.error
  await putBack(step, step.undo, op)
  const { message, hint } = failure.error
  throw new DroverError('failed', `${message}; the settings of ${step.cluster} are put back to what they were`, {
    retryable: false,
    ...(hint === undefined ? {} : { hint }),
  })
}

interface SettingsFailure {
  readonly error: DroverError
  /** The values are to blame, not the hosts. */
  readonly isRefusal: boolean
}

async function compare({ cluster, own }: SettingsStep, op: Program): Promise<SettingsFailure | undefined> {
  const members = await op.step(findMembers(cluster, 'running'))
  const { differences } = await compareMembers(members, own, op)
  const error = differenceError(differences)
  return error === undefined ? undefined : { error, isRefusal: true }
}

async function restart(step: SettingsStep, op: Program): Promise<SettingsFailure | undefined> {
  const { cluster, awaitSynchronous, own } = step
  const withinPhase: Program = { ...op, phase: () => undefined }
  const { failed, differences, ...report } = await rollingRestart(
    { cluster, who: 'pending', awaitSynchronous, own },
    withinPhase,
  )
  if (failed !== undefined) return { error: restartFailure(failed, report), isRefusal: failed.refused }
  const error = differenceError(differences)
  return error === undefined ? undefined : { error, isRefusal: true }
}

/** Through whichever Patroni answers: there may be no primary to ask. A Patroni whose server does not start tries again by itself. */
async function putBack({ cluster }: SettingsStep, undo: SettingsUndo, op: Program): Promise<void> {
  const members = await op.step(findMembers(cluster, 'all'))
  if (Object.keys(undo.patch).length > 0) await op.step(patchBack(members, undo))
  for (const { nodeId, manifest } of undo.manifests) await op.step(convergeBack(nodeId, manifest))
  await op.step(awaitMembers({ cluster, members, timeoutMs: BACK_MS }))
}

function patchBack(members: readonly Member[], { patch }: SettingsUndo): ProgramStep<null> {
  return {
    title: 'put the settings back',
    attempts: members.length * 2,
    async act(context) {
      const member = members[(context.attempt - 1) % members.length]
      if (member === undefined) throw new DroverError('internal', 'a cluster without members has no settings')
      const args = { ...patroniOf(member), patch }
      const { changed } = await memberCommand(context, { member, kind: 'patroni.configure', args })
      return { result: null, detail: changed ? `through Patroni of ${member.instance}` : 'as they were' }
    },
  }
}

function convergeBack(nodeId: string, manifest: Manifest): ProgramStep<null> {
  return {
    title: "put back Patroni's file",
    nodeId,
    act: async context => ({
      result: null,
      ...(await convergeNode({ kind: 'converge', nodeId, manifest, final: false }, context)),
    }),
  }
}
