import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeId, OperationId } from '../../shared/domain/ids.ts'
import type { ConvergeResult } from '../../shared/domain/manifest.ts'
import { type DriftReport, driftItems } from '../../shared/domain/observation.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import { eachAtMost } from '../../shared/lib/each-at-most.ts'
import { contentHash } from '../../shared/lib/hash.ts'
import type { FleetState } from '../inventory/fleet-state.ts'
import type { LiveNodes } from '../inventory/live-nodes.ts'
import type { CommandRunner } from './dependencies.ts'
import type { Secrets } from './secrets.ts'
import { resultOf } from './steps/outcome.ts'

/** So many hosts look at the same time: of a fleet of a thousand, each has its turn within seconds. */
const AT_MOST = 250
/** A host needs some tenths of a second: with less time left it is not asked. */
const LEAST_MS = 200

/** Not an operation of the journal: nobody resumes a question. */
const COMPARISON = 'compare-'

export function isComparison(id: OperationId): boolean {
  return id.startsWith(COMPARISON)
}

export type Comparison = { readonly report: DriftReport } | { readonly why: string }

/**
 * Asks the agents of these nodes to compare their hosts with what was applied, now. Takes at most `withinMs`; `why` says why a
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
  /** Whether the node is just being brought to another manifest. */
  readonly isChanging: (nodeId: NodeId) => boolean
  readonly newId: () => string
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
}

/** Comparing is a signed dry run like any other command; what it finds is what the next plan starts from. */
export function createCompareHosts(tools: CompareHostsTools): CompareHosts {
  const { runner, secrets, state, live, clock } = tools
  return async ({ nodeIds, withinMs, signal }) => {
    const found = new Map<NodeId, Comparison>()
    const operationId = COMPARISON + tools.newId()
    const endsAt = clock.monotonic() + withinMs
    try {
      await eachAtMost({
        items: nodeIds,
        atMost: AT_MOST,
        work: async nodeId => {
          found.set(nodeId, await compare({ nodeId, operationId, timeoutMs: endsAt - clock.monotonic(), signal }))
        },
      })
    } finally {
      await runner.forget(operationId)
    }
    return found
  }

  async function compare(question: {
    readonly nodeId: NodeId
    readonly operationId: OperationId
    readonly timeoutMs: number
    readonly signal: AbortSignal
  }): Promise<Comparison> {
    const { nodeId, operationId, timeoutMs, signal } = question
    signal.throwIfAborted()
    const applied = await state.manifest(nodeId)
    if (applied === undefined) return { why: 'nothing has been applied to it yet' }
    if (!live.get(nodeId).connected) return { why: 'it is not connected' }
    if (tools.isChanging(nodeId)) return { why: 'an operation is changing it' }
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
