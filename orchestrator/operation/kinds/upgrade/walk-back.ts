import type { InstanceName } from '../../../../shared/domain/ids.ts'
import { isRunning } from '../../../../shared/domain/observation.ts'
import type { RuntimeId } from '../../../../shared/domain/runtime.ts'
import { findMembers } from '../../members/find-members.ts'
import { freshObservations } from '../../members/fresh-observations.ts'
import { type Member, seenOf } from '../../members/member.ts'
import type { Program, ProgramStep } from '../../program.ts'
import { awaitSteady } from './await-steady.ts'
import { leadTo } from './steps.ts'
import { type Walk, type WalkReport, walkMembers } from './walk.ts'

/**
 * Leads members back to what they ran. All of them before anything restarts: a server that ends by itself, once or again and again, comes
 * back with the old runtime without anybody's help. Whoever is left then follows as in an upgrade.
 */
export async function walkBack(walk: Walk, op: Program): Promise<WalkReport> {
  const { cluster, to } = walk
  op.phase('lead back')
  const members = await op.step(findMembers(cluster, 'all'))
  const changed = members.filter(({ instance }) => instance in to)
  for (const member of changed) await op.step(leadTo(member, to[member.instance] ?? null))
  const led = await op.step(findStarts(changed))
  await op.step(awaitSteady(cluster, members))
  const now = await op.step(findStarts(changed))
  // A server that has started since runs the old runtime already.
  const left = changed.filter(({ instance }) => led[instance] !== undefined && led[instance] === now[instance])
  return await walkMembers({ ...walk, to: pick(to, left) }, op)
}

/** When each server that runs was started; others are absent. */
function findStarts(members: readonly Member[]): ProgramStep<Readonly<Record<InstanceName, string>>> {
  return {
    title: 'find who runs since when',
    async act(context) {
      await freshObservations(members, context)
      const observations = context.fleet.observations()
      const running = members.flatMap(member => {
        const seen = seenOf(member, observations)
        return isRunning(seen?.state) && seen?.startedAt !== undefined ? [[member.instance, seen.startedAt]] : []
      })
      return { result: Object.fromEntries(running), detail: `${running.length} of ${members.length} run` }
    },
  }
}

function pick(
  to: Walk['to'],
  members: readonly Pick<Member, 'instance'>[],
): Readonly<Record<InstanceName, RuntimeId | null>> {
  return Object.fromEntries(members.map(({ instance }) => [instance, to[instance] ?? null]))
}
