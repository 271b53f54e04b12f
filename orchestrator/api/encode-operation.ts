import type { Failure as WireFailure } from '../../proto/gen/drover/v1/Failure.ts'
import type { Operation } from '../../proto/gen/drover/v1/Operation.ts'
import type { OperationEvent as WireEvent } from '../../proto/gen/drover/v1/OperationEvent.ts'
import type { OperationStep } from '../../proto/gen/drover/v1/OperationStep.ts'
import type { OperationSummary as WireSummary } from '../../proto/gen/drover/v1/OperationSummary.ts'
import type {
  Failure,
  OperationDetails,
  OperationEvent,
  OperationStepView,
  OperationSummary,
} from '../../shared/domain/operation.ts'
import { timelineOf } from '../../shared/domain/timeline.ts'

export function encodeSummary(summary: OperationSummary): WireSummary {
  const { operationId, kind, state, subject, createdAt, endedAt, requestedBy, locks } = summary
  const ended = endedAt === undefined ? {} : { endedAtMs: endedAt }
  return { operationId, kind, state, subject, createdAtMs: createdAt, requestedBy, locks: [...locks], ...ended }
}

export function encodeOperation(details: OperationDetails, now: number): Operation {
  const timeline = timelineOf(details, now)
  return {
    summary: encodeSummary(details.summary),
    tookMs: timeline.tookMs,
    phases: details.phases.map(({ name, steps }, index) => ({
      name,
      steps: steps.map(step => ({ ...encodeStep(step), span: timeline.steps.get(step.stepId) ?? null })),
      span: timeline.phases[index] ?? null,
    })),
    rolledBack: details.rolledBack,
    outputJson: details.output === undefined || details.output === null ? '' : JSON.stringify(details.output),
    ...(details.failure === undefined ? {} : { failure: encodeFailure(details.failure) }),
  }
}

export function encodeEvent(event: OperationEvent): WireEvent {
  const { cursor, at, type, operationId, stepId, node, message, state } = event
  return {
    cursor,
    atMs: at,
    type,
    operationId,
    stepId: stepId ?? '',
    node: node ?? '',
    message,
    state: state ?? '',
  }
}

function encodeStep(step: OperationStepView): OperationStep {
  const { stepId, title, node, state, startedAt, endedAt, attempt, detail, failure } = step
  return {
    stepId,
    title,
    node: node ?? '',
    state,
    attempt,
    detail: detail ?? '',
    ...(startedAt === undefined ? {} : { startedAtMs: startedAt }),
    ...(endedAt === undefined ? {} : { endedAtMs: endedAt }),
    ...(failure === undefined ? {} : { failure: encodeFailure(failure) }),
  }
}

export function encodeFailure(failure: Failure): WireFailure {
  const { code, message, retryable, hint, problems } = failure
  return { code, message, retryable, hint: hint ?? '', problems: problems.map(problem => ({ ...problem })) }
}
