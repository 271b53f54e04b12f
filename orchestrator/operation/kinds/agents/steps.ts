import type { AgentStaged, AgentSwitched } from '../../../../shared/domain/agent-upgrade.ts'
import type { CommandArgs, CommandKind } from '../../../../shared/domain/command.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ProgramStep } from '../../program.ts'
import { resultOf } from '../../steps/outcome.ts'
import type { StepContext } from '../../steps/step-context.ts'
import { hostUnit } from '../campaign/host-unit.ts'
import { awaitTurn, type Turnstile } from '../campaign/turn.ts'
import type { Ended } from './agent-report.ts'
import type { AgentNode, UpgradeAgentsInput } from './upgrade-agents.ts'

export interface Given {
  readonly node: AgentNode
  readonly from: string
  readonly to: string
  readonly input: UpgradeAgentsInput
}

const STAGE_MS = 5 * 60_000
const COMMAND_MS = 30_000
const LOOK_MS = 500
/** Whoever is away for so long while it is watched is not well. */
const PATIENCE_MS = 10_000
/** Beyond connecting and watching: what the orchestrator itself may be away for, and `agent.keep`. */
const MARGIN_MS = 60_000
/** The host looks every ten seconds whether it is to go back; then its agent starts and connects. */
const RETURN_MS = 90_000
/** A host that is in the middle of something is asked again. */
const ATTEMPTS = 20
const BACK_OFF = { firstMs: 2_000, factor: 1.5, longestMs: 15_000 }

/** Waits for the turn of the host. Once another one has failed nobody begins. */
export function begin({ node }: Pick<Given, 'node'>, turnstile: Turnstile): ProgramStep<Ended> {
  return {
    title: `begin ${node.name}`,
    async act(context) {
      const turn = await awaitTurn(hostUnit(node), turnstile, context, async () => ({}))
      return turn === null ? ended('left', 'another one has failed') : { result: turn, detail: 'it is its turn' }
    },
  }
}

/** Nothing on the host changes yet. */
export function layOut({ node, to, input }: Given): ProgramStep<Ended> {
  return {
    title: `lay agent ${to} out on ${node.name}`,
    nodeId: node.id,
    async act(context) {
      const source = input.sources[node.os]
      if (source === undefined) return ended('failed', `the fleet repository serves no ${node.os}`)
      const { value, failed } = await tryTo(node, context, {
        kind: 'agent.stage',
        args: { source, version: to },
        timeoutMs: STAGE_MS,
      })
      if (failed !== undefined) return ended('failed', failed)
      return { result: {}, detail: `${(value as AgentStaged).tookMs} ms` }
    },
  }
}

function ended(result: 'left' | 'failed', because: string) {
  return { result: { ended: { result, because } }, detail: `warning: ${because}` } as const
}

/** The agent that is asked may be the new one already: then the answer of the old one was lost on the way. */
export function switchOver({
  node,
  to,
  input,
}: Given): ProgramStep<{ readonly failed?: string; readonly backAt: number }> {
  const keepWithinMs = input.connectMs + input.soakMs + MARGIN_MS
  return {
    title: `switch ${node.name} to agent ${to}`,
    nodeId: node.id,
    attempts: ATTEMPTS,
    backOff: BACK_OFF,
    async act(context) {
      const { value, failed } = await tryTo(node, context, {
        kind: 'agent.switch',
        args: { version: to, keepWithinMs },
        timeoutMs: COMMAND_MS,
      })
      const backAt = context.clock.now() + keepWithinMs
      if (failed !== undefined) return { result: { failed, backAt }, detail: `warning: ${failed}` }
      const { running, restarts } = value as AgentSwitched
      return { result: { backAt }, detail: restarts ? `${running} ends` : 'it runs' }
    },
  }
}

/** Waits for the new agent, and watches that it stays. */
export function hear({ node, to, input }: Given): ProgramStep<{ readonly failed?: string; readonly awayMs?: number }> {
  return {
    title: `wait for agent ${to} of ${node.name}`,
    nodeId: node.id,
    async act({ fleet, clock, signal }) {
      const since = clock.monotonic()
      let heardAt: number | null = null
      let lostAt: number | null = null
      for (;;) {
        const agent = await fleet.agent(node.id)
        const now = clock.monotonic()
        const isThere = agent?.connected === true && agent.version === to
        lostAt = isThere ? null : (lostAt ?? now)
        if (isThere) heardAt ??= now
        if (heardAt === null && now - since > input.connectMs)
          return failure(`agent ${to} did not connect within ${Math.round(input.connectMs / 1000)} s`)
        if (heardAt !== null && lostAt !== null && now - lostAt > PATIENCE_MS)
          return failure(`agent ${to} connected and went away again`)
        if (heardAt !== null && isThere && now - heardAt >= input.soakMs) {
          const awayMs = Math.round(heardAt - since)
          return { result: { awayMs }, detail: `connected after ${awayMs} ms` }
        }
        await clock.sleep(LOOK_MS, signal)
      }
    },
  }
}

/** The host no longer goes back; that the agent answers a signed command is the last check. */
export function keep({ node, to }: Given): ProgramStep<{ readonly failed?: string }> {
  return {
    title: `keep agent ${to} on ${node.name}`,
    nodeId: node.id,
    async act(context) {
      const { failed } = await tryTo(node, context, {
        kind: 'agent.keep',
        args: { version: to },
        timeoutMs: COMMAND_MS,
      })
      return failed === undefined ? { result: {}, detail: 'it stays' } : failure(failed)
    },
  }
}

function failure(failed: string) {
  return { result: { failed }, detail: `warning: ${failed}` } as const
}

export function awaitReturn(
  { node, from, to }: Given,
  backAt: number,
): ProgramStep<{ readonly returned: boolean; readonly detail: string }> {
  return {
    title: `wait until ${node.name} goes back to agent ${from}`,
    nodeId: node.id,
    async act({ fleet, clock, signal }) {
      for (;;) {
        const agent = await fleet.agent(node.id)
        if (agent?.connected === true && agent.version !== to) {
          const detail = `it went back to ${agent.version} by itself`
          return { result: { returned: true, detail }, detail }
        }
        if (clock.now() > backAt + RETURN_MS) {
          const detail = 'the host has not been heard since'
          return { result: { returned: false, detail }, detail: `warning: ${detail}` }
        }
        await clock.sleep(LOOK_MS, signal)
      }
    },
  }
}

/** The agent that came back refuses to keep the other one, in words that say what that one last said. */
export function askWhy({ node, to }: Given): ProgramStep<string> {
  return {
    title: `ask ${node.name} why`,
    nodeId: node.id,
    async act(context) {
      const { failed = '' } = await tryTo(node, context, {
        kind: 'agent.keep',
        args: { version: to },
        timeoutMs: COMMAND_MS,
      })
      return { result: failed, detail: failed }
    },
  }
}

/** What went wrong is a result, so that one host does not end the others; what may pass is tried again first. */
async function tryTo<K extends CommandKind>(
  node: AgentNode,
  context: StepContext,
  command: { readonly kind: K; readonly args: CommandArgs<K>; readonly timeoutMs: number },
): Promise<{ readonly value?: unknown; readonly failed?: string }> {
  const { operationId, stepId, attempt, signal, progress } = context
  const last = command.kind === 'agent.switch' ? ATTEMPTS : DEFAULT_ATTEMPTS
  try {
    const step = { operationId, stepId, attempt, signal, onProgress: progress }
    return { value: resultOf(await context.runner.run({ nodeId: node.id, ...command, ...step })) }
  } catch (error) {
    signal.throwIfAborted()
    const { message, retryable } = DroverError.from(error)
    if (retryable && attempt < last) throw error
    return { failed: message }
  }
}

/** Of the engine. */
const DEFAULT_ATTEMPTS = 3
