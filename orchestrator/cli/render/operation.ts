import type { Operation__Output } from '../../../proto/gen/drover/v1/Operation.ts'
import type { OperationEvent__Output } from '../../../proto/gen/drover/v1/OperationEvent.ts'
import type { Output } from '../terminal.ts'
import { paint, type Tone } from './style.ts'
import { duration, time } from './units.ts'

const TONES: Readonly<Record<string, Tone>> = { done: 'green', failed: 'red', cancelled: 'yellow', running: 'cyan' }

/** Phases and steps with their times: where the time went. */
export function renderOperation(output: Output, operation: Operation__Output): string {
  const { summary } = operation
  if (summary === null) return ''
  const lines = [
    `operation ${summary.operationId}  ${summary.kind} ${summary.subject}  ${tone(output, summary.state)}`,
    `started ${time(summary.createdAtMs)} by ${summary.requestedBy}`,
    ...operation.phases.flatMap(phase => [
      paint(output, 'bold', phase.name),
      ...phase.steps.map(step => {
        const took = step.startedAtMs === undefined ? '' : duration((step.endedAtMs ?? Date.now()) - step.startedAtMs)
        const where = step.node === '' ? '' : `${step.node} `
        const why = step.failure === null ? step.detail : step.failure.message
        return `  ${tone(output, step.state)} ${where}${step.title}${why === '' ? '' : `: ${why}`} ${paint(output, 'dim', took)}`.trimEnd()
      }),
    ]),
    ...(operation.failure === null ? [] : [`${paint(output, 'red', 'failed')}: ${operation.failure.message}`]),
  ]
  return `${lines.join('\n')}\n`
}

/** One line an event, for terminals and logs alike. */
export function renderEvent(output: Output, event: OperationEvent__Output, startedAt: number): string {
  const elapsed = paint(output, 'dim', duration(Math.max(0, event.atMs - startedAt)).padStart(7))
  const where = event.node === '' ? '' : `${event.node} `
  const state = event.state === '' ? paint(output, 'dim', '·') : tone(output, event.state)
  return `${elapsed} ${state} ${where}${event.message}\n`
}

function tone(output: Output, state: string): string {
  const known = TONES[state]
  return known === undefined ? state : paint(output, known, state)
}
