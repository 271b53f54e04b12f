import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeId, OperationId } from '../../shared/domain/ids.ts'
import type { ConvergeResult } from '../../shared/domain/manifest.ts'
import { type DriftReport, driftItems } from '../../shared/domain/observation.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import { contentHash } from '../../shared/lib/hash.ts'
import type { FleetState } from '../inventory/fleet-state.ts'
import type { LiveNodes } from '../inventory/live-nodes.ts'
import type { CommandRunner } from './dependencies.ts'
import type { Secrets } from './secrets.ts'
import { resultOf } from './steps/outcome.ts'

/** A look at a whole host takes less than a second; a busy one is not waited for. */
const TIMEOUT_MS = 15_000

/** Not an operation of the journal: nobody resumes a question. */
const COMPARISON = 'compare-'

export function isComparison(id: OperationId): boolean {
  return id.startsWith(COMPARISON)
}

export type Comparison = { readonly report: DriftReport } | { readonly why: string }

/** Asks the agent of a node to compare its host with what was applied, now. `why` says why there is no answer. */
export type CompareHost = (nodeId: NodeId, signal: AbortSignal) => Promise<Comparison>

export interface CompareHostTools {
  readonly runner: CommandRunner
  readonly secrets: Secrets
  readonly state: FleetState
  readonly live: LiveNodes
  /** Whether the node is just being brought to another manifest. */
  readonly isChanging: (nodeId: NodeId) => boolean
  readonly newId: () => string
  readonly clock: Pick<Clock, 'now'>
}

/** Comparing is a signed dry run like any other command; what it finds is what the next plan starts from. */
export function createCompareHost(tools: CompareHostTools): CompareHost {
  const { runner, secrets, state, live, clock } = tools
  return async (nodeId, signal) => {
    const applied = await state.manifest(nodeId)
    if (applied === undefined) return { why: 'nothing has been applied to it yet' }
    if (!live.get(nodeId).connected) return { why: 'it is not connected' }
    if (tools.isChanging(nodeId)) return { why: 'an operation is changing it' }
    const manifest = await secrets.resolve(applied.manifest)
    const operationId = COMPARISON + tools.newId()
    try {
      const outcome = await runner.run({
        nodeId,
        kind: 'converge',
        args: { manifest, dryRun: true },
        operationId,
        stepId: 'compare',
        attempt: 1,
        timeoutMs: TIMEOUT_MS,
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
    } finally {
      await runner.forget(operationId)
    }
  }
}
