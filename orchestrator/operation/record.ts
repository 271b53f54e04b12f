import type { ClusterName, NodeId, OperationId } from '../../shared/domain/ids.ts'
import type { OperationDetails, OperationStepView, OperationSummary } from '../../shared/domain/operation.ts'
import type { OperationStatus, StepStatus } from './state.ts'

/** What the journal keeps of an operation; its steps are kept one by one, so that each moves in its own transaction. */
export interface OperationRecord {
  readonly id: OperationId
  readonly kind: 'apply'
  readonly subject: string
  readonly clusters: readonly ClusterName[]
  /** Held from creation to the end: `fleet`. */
  readonly locks: readonly string[]
  readonly requestedBy: string
  readonly createdAt: number
  readonly status: OperationStatus
  readonly phases: readonly { readonly name: string; readonly stepIds: readonly string[] }[]
}

export interface StepRecord {
  readonly id: string
  readonly title: string
  readonly nodeId?: NodeId
  readonly node?: string
  readonly status: StepStatus
}

export function summaryOf(record: OperationRecord): OperationSummary {
  const { id, kind, subject, clusters, createdAt, requestedBy, status } = record
  return {
    operationId: id,
    kind,
    subject,
    clusters,
    createdAt,
    requestedBy,
    state: status.state,
    ...('endedAt' in status ? { endedAt: status.endedAt } : {}),
  }
}

export function detailsOf(record: OperationRecord, steps: readonly StepRecord[]): OperationDetails {
  const byId = new Map(steps.map(step => [step.id, step]))
  return {
    summary: summaryOf(record),
    phases: record.phases.map(({ name, stepIds }) => ({
      name,
      steps: stepIds.flatMap(id => byId.get(id) ?? []).map(stepView),
    })),
    ...(record.status.state === 'failed' ? { failure: record.status.failure } : {}),
  }
}

function stepView(step: StepRecord): OperationStepView {
  const { status } = step
  return {
    stepId: step.id,
    title: step.title,
    ...(step.nodeId === undefined ? {} : { nodeId: step.nodeId }),
    ...(step.node === undefined ? {} : { node: step.node }),
    state: status.state,
    attempt: status.attempt,
    ...('startedAt' in status ? { startedAt: status.startedAt } : {}),
    ...('endedAt' in status ? { endedAt: status.endedAt } : {}),
    ...(status.state === 'done' ? { detail: status.detail } : {}),
    ...(status.state === 'failed' ? { failure: status.failure } : {}),
  }
}
