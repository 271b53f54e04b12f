import type { FindingCode } from '../../shared/domain/health.ts'
import type { ClusterName, OperationId } from '../../shared/domain/ids.ts'
import type { OperationDetails, OperationSummary } from '../../shared/domain/operation.ts'

/** Operations that another one starts: each has its own locks, its own journal and its own end. */
export interface Children {
  /** Throws like a start by name: `locked`, `conflict`, `invalid`. */
  begin(child: {
    readonly parent: OperationId
    readonly kind: string
    readonly request: unknown
    readonly ignoreHealth?: readonly FindingCode[]
  }): Promise<OperationId>
  /** The newest of this kind that the parent has started for the cluster, or with the subject; null: none. */
  find(child: {
    readonly parent: OperationId
    readonly kind: string
    readonly cluster?: ClusterName
    readonly subject?: string
  }): Promise<OperationSummary | null>
  /** The one of these kinds that has not ended, and what it was asked; null: none. */
  running(
    kinds: readonly string[],
  ): Promise<{ readonly operationId: OperationId; readonly kind: string; readonly input: unknown } | null>
  /** Resolves when it has ended, however. */
  ended(id: OperationId, signal: AbortSignal): Promise<OperationDetails>
}
