import { isRunning } from '../../../shared/domain/observation.ts'
import type { ProgramStep } from '../program.ts'
import type { StepContext } from '../steps/step-context.ts'
import { type Member, membersOf, seenOf } from './member.ts'
import { observedMembers } from './observed-members.ts'

/** What is away can be asked nothing; it takes its settings when it is back. */
export function findMembers(cluster: string, which: 'all' | 'running'): ProgramStep<readonly Member[]> {
  return {
    title: `find the members of ${cluster}`,
    async act(context) {
      const all = membersOf(cluster, await context.fleet.manifests())
      const members = which === 'all' ? all : await runningOf(all, context)
      return { result: members, detail: members.map(({ instance }) => instance).join(', ') }
    },
  }
}

/** An orchestrator that was just started has seen nobody yet, which must not pass for a cluster where nobody runs. */
async function runningOf(all: readonly Member[], context: StepContext): Promise<readonly Member[]> {
  const observations = await observedMembers(all, context)
  return all.filter(member => isRunning(seenOf(member, observations)?.state))
}
