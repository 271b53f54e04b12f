import type { ClusterName, NodeId, OperationId } from '../../shared/domain/ids.ts'
import type { OperationDetails, OperationStepView, OperationSummary } from '../../shared/domain/operation.ts'
import { isEnded, type OperationStatus, type StepStatus } from './state.ts'

/** What the journal keeps of an operation; its steps are kept one by one, so that each moves in its own transaction. */
export interface OperationRecord {
  readonly id: OperationId
  readonly kind: string
  readonly subject: string
  readonly clusters: readonly ClusterName[]
  /** Held from creation to the end: `fleet`, `cluster/pg-main`, `node/<id>`. */
  readonly locks: readonly string[]
  readonly requestedBy: string
  /** The operation that started it; absent: a person, or Drover by itself. */
  readonly parent?: OperationId
  readonly createdAt: number
  readonly status: OperationStatus
  /** Past its point of no return. */
  readonly pivoted: boolean
  /** How often people have resumed it; absent: 0. Steps that were not done then begin anew, with their whole time and all attempts. */
  readonly resumes?: number
}

export interface StepRecord {
  readonly id: string
  /** Name of the phase it belongs to. */
  readonly phase: string
  readonly title: string
  readonly nodeId?: NodeId
  readonly node?: string
  /** When its first attempt began: what its deadline is counted from. A resumed step begins anew. */
  readonly begunAt?: number
  /** The attempt with which it was resumed; absent: 1. What a retry policy counts from. */
  readonly firstAttempt?: number
  /** How often the operation had been resumed when this step was taken up last; absent: 0. */
  readonly resumes?: number
  readonly status: StepStatus
}

export function summaryOf(record: OperationRecord): OperationSummary {
  const { id, kind, subject, clusters, locks, createdAt, requestedBy, status } = record
  return {
    operationId: id,
    kind,
    subject,
    clusters,
    locks: isEnded(status) ? [] : locks,
    createdAt,
    requestedBy,
    state: status.state,
    ...('endedAt' in status ? { endedAt: status.endedAt } : {}),
  }
}

export function detailsOf(record: OperationRecord, steps: readonly StepRecord[]): OperationDetails {
  const { status } = record
  return {
    summary: summaryOf(record),
    phases: byPhase(steps).map(group => ({ name: group[0].phase, steps: group.map(stepView) })),
    ...('failure' in status ? { failure: status.failure } : {}),
    rolledBack: 'rolledBack' in status && status.rolledBack,
    ...('output' in status ? { output: status.output } : {}),
  }
}

/** The first part of a step's id is its phase. */
function byPhase(steps: readonly StepRecord[]): readonly (readonly [StepRecord, ...StepRecord[]])[] {
  const groups = new Map<string, [StepRecord, ...StepRecord[]]>()
  for (const step of [...steps].sort((left, right) => (left.id < right.id ? -1 : 1))) {
    const number = step.id.split('-')[0] ?? ''
    const group = groups.get(number)
    if (group === undefined) groups.set(number, [step])
    else group.push(step)
  }
  return [...groups.values()]
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
    ...(step.begunAt === undefined ? {} : { begunAt: step.begunAt }),
    ...('startedAt' in status ? { startedAt: status.startedAt } : {}),
    ...('endedAt' in status ? { endedAt: status.endedAt } : {}),
    ...('detail' in status ? { detail: status.detail } : {}),
    ...(status.state === 'failed' ? { failure: status.failure } : {}),
  }
}
