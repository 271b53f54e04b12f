import { DroverError } from '../../../shared/domain/errors.ts'
import type { AwaitClientsStep, PlanStep } from '../../../shared/domain/plan.ts'
import { plural } from '../../plan/problems.ts'
import type { Program, ProgramStep } from '../program.ts'
import { resultOf } from '../steps/outcome.ts'

/** For the way to the host and back. */
const GRACE_MS = 30_000

/** Makes steps of its own: it stands alone in its phase. */
export function isAwaitClients(step: PlanStep): step is AwaitClientsStep {
  return step.kind === 'await-clients'
}

/** Waits until the same moment for all of them, however often it is killed. Who is left then is no reason to stop. */
export async function awaitClients({ poolers, timeoutMs }: AwaitClientsStep, op: Program): Promise<void> {
  const until = await op.step(sayUntil(timeoutMs))
  await Promise.all(poolers.map(pooler => op.step(waitAt(pooler, until))))
}

function sayUntil(timeoutMs: number): ProgramStep<number> {
  return {
    title: 'say until when',
    async act({ clock }) {
      const until = clock.now() + timeoutMs
      return { result: until, detail: new Date(until).toISOString() }
    },
  }
}

function waitAt({ nodeId, target }: AwaitClientsStep['poolers'][number], until: number): ProgramStep<number | null> {
  return {
    title: `wait for the clients of pooler ${target.port} of ${target.instance} to leave`,
    nodeId,
    async act({ runner, clock, operationId, stepId, attempt, signal }) {
      const timeoutMs = Math.max(0, until - clock.now())
      try {
        const args = { ...target, timeoutMs }
        const command = { nodeId, kind: 'pooler.drain', args, timeoutMs: timeoutMs + GRACE_MS } as const
        const { clients } = resultOf(await runner.run({ ...command, operationId, stepId, attempt, signal })) as {
          readonly clients: number
        }
        const detail =
          clients === 0
            ? 'nobody is left'
            : `${plural(clients, 'client')} did not leave: disconnected when the pooler stops`
        return { result: clients, detail }
      } catch (error) {
        signal.throwIfAborted()
        const { message, retryable } = DroverError.from(error)
        if (retryable && clock.now() < until) throw error
        return { result: null, detail: `warning: ${message}` }
      }
    },
  }
}
