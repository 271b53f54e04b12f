import type { HealthFinding__Output } from '../../../proto/gen/drover/v1/HealthFinding.ts'
import type { Output } from '../terminal.ts'
import { paint, type Tone } from './style.ts'
import { table } from './table.ts'

const TONES: Readonly<Record<string, Tone>> = { critical: 'red', warning: 'yellow', info: 'dim' }

/** What is not well; nothing when everything is. */
export function renderHealth(output: Output, found: readonly HealthFinding__Output[]): string {
  if (found.length === 0) return ''
  return table(
    ['HEALTH', 'FINDING', 'OF', 'WHAT', 'REFUSES'],
    found.map(({ severity, code, subject, message, blocks }) => [
      paint(output, TONES[severity] ?? 'yellow', severity),
      code,
      subject,
      message,
      blocks.join(', ') || '-',
    ]),
  )
}
