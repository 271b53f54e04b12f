import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeId, OperationId } from '../../shared/domain/ids.ts'
import type { ConvergeResult } from '../../shared/domain/manifest.ts'
import { type DriftReport, driftItems } from '../../shared/domain/observation.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import { contentHash } from '../../shared/lib/hash.ts'
import { createSlots } from '../../shared/lib/slots.ts'
import type { AppliedManifest, FleetState } from '../inventory/fleet-state.ts'
import type { LiveNodes } from '../inventory/live-nodes.ts'
import type { CommandRunner } from './dependencies.ts'
import type { Secrets } from './secrets.ts'
import { resultOf } from './steps/outcome.ts'

/** So many hosts are asked by command at the same time. */
const AT_MOST = 250
/** A host needs some tenths of a second: with less time left it is not asked. */
const LEAST_MS = 200
/** Of the time that is given: what is left of it is for hosts that have to be asked by command. */
const LOOK_SHARE = 0.8

/** Not an operation of the journal: nobody resumes a question. */
const COMPARISON = 'compare-'

export function comparisonId(id: string): OperationId {
  return COMPARISON + id
}

export function isComparison(id: OperationId): boolean {
  return id.startsWith(COMPARISON)
}

export type Comparison = { readonly report: DriftReport } | { readonly why: string }

/**
 * Has the agents of these nodes compare their hosts with what was applied, now, and look at their servers. Takes at most `withinMs`; `why` says why a
 * node has no answer.
 */
export type CompareHosts = (request: {
  readonly nodeIds: readonly NodeId[]
  readonly withinMs: number
  readonly signal: AbortSignal
}) => Promise<ReadonlyMap<NodeId, Comparison>>

export interface CompareHostsTools {
  readonly runner: CommandRunner
  readonly secrets: Secrets
  readonly state: FleetState
  readonly live: LiveNodes
  readonly sessions: { lookNow(nodeId: NodeId, number: number): boolean }
  /** Whether the node is just being brought to another manifest. */
  readonly isChanging: (nodeId: NodeId) => boolean
  readonly newId: () => string
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
}

interface Asked {
  readonly nodeId: NodeId
  readonly applied: AppliedManifest
  readonly number: number
}

/**
 * A word in the session is enough: an agent looks by itself all the time, and knows what was applied to it. Only one that has something
 * else than the orchestrator believes, or does not answer that question, gets a command, which is signed, carries the manifest and is recorded. What is
 * found is what the next plan starts from.
 */
export function createCompareHosts(tools: CompareHostsTools): CompareHosts {
  const { runner, secrets, state, live, clock } = tools
  const hashes = new Map<NodeId, { readonly of: string; readonly hash: string }>()

  return async ({ nodeIds, withinMs, signal }) => {
    const found = new Map<NodeId, Comparison>()
    const operationId = comparisonId(tools.newId())
    const endsAt = clock.monotonic() + withinMs
    const asked: Asked[] = []
    for (const nodeId of nodeIds) {
      const answer = await ask(nodeId)
      if ('why' in answer) found.set(nodeId, answer)
      else asked.push(answer)
    }
    const slots = createSlots(AT_MOST)
    let hasCommands = false
    const work = eachAnswered(asked, withinMs * LOOK_SHARE, signal).map(async answered => {
      const question = await answered
      const { nodeId, applied } = question
      const report = await reported(question)
      if (report !== undefined) return found.set(nodeId, { report })
      hasCommands = true
      return slots(async () => {
        const timeoutMs = endsAt - clock.monotonic()
        found.set(nodeId, await compare({ nodeId, applied, operationId, timeoutMs, signal }))
      })
    })
    const ended = await Promise.allSettled(work)
    if (hasCommands) await runner.forget(operationId)
    for (const each of ended) if (each.status === 'rejected') throw each.reason
    return found
  }

  async function ask(nodeId: NodeId): Promise<Asked | { readonly why: string }> {
    const applied = await state.manifest(nodeId)
    if (applied === undefined) return { why: 'nothing has been applied to it yet' }
    if (!live.get(nodeId).connected) return { why: 'it is not connected' }
    if (tools.isChanging(nodeId)) return { why: 'an operation is changing it' }
    const number = live.looks.asking(nodeId)
    return tools.sessions.lookNow(nodeId, number) ? { nodeId, applied, number } : { why: 'it is not connected' }
  }

  /** Each question as soon as it is answered, or when the time for that is up. */
  function eachAnswered(asked: readonly Asked[], withinMs: number, signal: AbortSignal): readonly Promise<Asked>[] {
    const gates = asked.map(question => ({ question, ...Promise.withResolvers<Asked>() }))
    void letThrough(gates, AbortSignal.any([signal, AbortSignal.timeout(Math.round(withinMs))]))
    return gates.map(({ promise }) => promise)
  }

  async function letThrough(
    gates: readonly { readonly question: Asked; readonly resolve: (asked: Asked) => void }[],
    deadline: AbortSignal,
  ): Promise<void> {
    const { looks } = live
    let waiting = gates
    while (waiting.length > 0) {
      const seen = looks.changes.version
      const isOver = ({ nodeId, number }: Asked): boolean =>
        deadline.aborted || !live.get(nodeId).connected || looks.hasAnswered(nodeId, number)
      for (const { question, resolve } of waiting) if (isOver(question)) resolve(question)
      waiting = waiting.filter(({ question }) => !isOver(question))
      if (waiting.length > 0) await looks.changes.after(seen, deadline).catch(() => undefined)
    }
  }

  /** What the agent compared with is what the orchestrator believes it has. */
  async function reported({ nodeId, applied, number }: Asked): Promise<DriftReport | undefined> {
    const drift = live.looks.hasAnswered(nodeId, number) ? live.looks.drift(nodeId) : undefined
    return drift !== undefined && drift.manifestHash === (await hashOf(nodeId, applied)) ? drift : undefined
  }

  /** Secrets are part of it, and it is the same for as long as nothing else is applied. */
  async function hashOf(nodeId: NodeId, { manifest, operationId, appliedAt }: AppliedManifest): Promise<string> {
    const of = `${operationId} ${appliedAt}`
    const known = hashes.get(nodeId)
    if (known?.of === of) return known.hash
    const hash = contentHash(await secrets.resolve(manifest))
    hashes.set(nodeId, { of, hash })
    return hash
  }

  async function compare(question: {
    readonly nodeId: NodeId
    readonly applied: AppliedManifest
    readonly operationId: OperationId
    readonly timeoutMs: number
    readonly signal: AbortSignal
  }): Promise<Comparison> {
    const { nodeId, applied, operationId, timeoutMs, signal } = question
    signal.throwIfAborted()
    if (!live.get(nodeId).connected) return { why: 'it is not connected' }
    if (timeoutMs < LEAST_MS) return { why: 'its turn did not come in time' }
    const manifest = await secrets.resolve(applied.manifest)
    try {
      const outcome = await runner.run({
        nodeId,
        kind: 'converge',
        args: { manifest, dryRun: true },
        operationId,
        stepId: nodeId,
        attempt: 1,
        timeoutMs: Math.round(timeoutMs),
        signal,
      })
      const checkedAt = clock.now() + (live.get(nodeId).clockOffsetMs ?? 0)
      const items = driftItems(resultOf(outcome) as ConvergeResult)
      const report = { checkedAt, manifestHash: contentHash(manifest), items }
      live.driftFound(nodeId, report)
      return { report }
    } catch (error) {
      signal.throwIfAborted()
      return { why: `it could not compare itself: ${DroverError.from(error).message}` }
    }
  }
}
