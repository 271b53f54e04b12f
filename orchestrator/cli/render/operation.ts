import type { Operation__Output } from '../../../proto/gen/drover/v1/Operation.ts'
import type { OperationEvent__Output } from '../../../proto/gen/drover/v1/OperationEvent.ts'
import type { Output } from '../terminal.ts'
import { paint, paintState } from './style.ts'
import { renderTimeline } from './timeline.ts'
import { duration, time } from './units.ts'

/** Who asked for what, what it holds, and where its time went. */
export function renderOperation(output: Output, operation: Operation__Output): string {
  const { summary } = operation
  if (summary === null) return ''
  const holds = summary.locks.length === 0 ? '' : `, holds ${summary.locks.join(', ')}`
  const lines = [
    `operation ${summary.operationId}  ${summary.kind} ${summary.subject}  ${paintState(output, summary.state)}`,
    `started ${time(summary.createdAtMs)} by ${summary.requestedBy}, ${duration(operation.tookMs)}${holds}`,
    ...renderTimeline(output, operation),
    ...(operation.failure === null ? [] : [`${paint(output, 'red', 'failed')}: ${operation.failure.message}`]),
  ]
  return `${lines.map(line => line.trimEnd()).join('\n')}\n`
}

/** One line an event, for terminals and logs alike. */
export function renderEvent(output: Output, event: OperationEvent__Output, startedAt: number): string {
  const elapsed = paint(output, 'dim', duration(Math.max(0, event.atMs - startedAt)).padStart(7))
  const where = event.node === '' ? '' : `${event.node} `
  const state = event.state === '' ? paint(output, 'dim', '·') : paintState(output, event.state)
  return `${elapsed} ${state} ${where}${event.message}\n`
}
