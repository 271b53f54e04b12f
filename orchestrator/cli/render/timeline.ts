import type { Operation__Output } from '../../../proto/gen/drover/v1/Operation.ts'
import type { OperationStep__Output } from '../../../proto/gen/drover/v1/OperationStep.ts'
import type { Span__Output } from '../../../proto/gen/drover/v1/Span.ts'
import type { Output } from '../terminal.ts'
import { paint, paintState } from './style.ts'
import { duration } from './units.ts'

const BAR_COLUMNS = 24
const TIME_COLUMNS = 8

/** A line a phase and a step: longest path, start, duration, a bar over the whole time, what it was. */
export function renderTimeline(output: Output, { phases, tookMs }: Operation__Output): readonly string[] {
  return phases.flatMap(({ name, span, steps }) => [
    `${times(span)} ${' '.repeat(BAR_COLUMNS)}  ${paint(output, 'bold', name)}`,
    ...steps.map(step => `${times(step.span)} ${bar(step.span, tookMs)}  ${described(output, step)}`),
  ])
}

function times(span: Span__Output | null): string {
  if (span === null) return ' '.repeat(2 + 2 * TIME_COLUMNS)
  const start = duration(span.startMs).padStart(TIME_COLUMNS)
  return `${span.onLongestPath ? '*' : ' '} ${start}${duration(span.tookMs).padStart(TIME_COLUMNS)}`
}

/** Whatever has happened has at least one column. */
function bar(span: Span__Output | null, wholeMs: number): string {
  if (span === null || wholeMs <= 0) return ' '.repeat(BAR_COLUMNS)
  const columnOf = (ms: number) => Math.round((ms / wholeMs) * BAR_COLUMNS)
  const from = Math.min(BAR_COLUMNS - 1, columnOf(span.startMs))
  const columns = Math.min(BAR_COLUMNS - from, Math.max(1, columnOf(span.startMs + span.tookMs) - from))
  return (' '.repeat(from) + '━'.repeat(columns)).padEnd(BAR_COLUMNS)
}

function described(output: Output, step: OperationStep__Output): string {
  const where = step.node === '' ? '' : `${step.node} `
  const why = step.failure === null ? step.detail : step.failure.message
  const tries = step.attempt > 1 ? ` (attempt ${step.attempt})` : ''
  return `${paintState(output, step.state)} ${where}${step.title}${tries}${why === '' ? '' : `: ${why}`}`
}
