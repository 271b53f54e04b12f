import type { PlanResponse__Output } from '../../../../proto/gen/drover/v1/PlanResponse.ts'
import type { Output } from '../../terminal.ts'
import { paint } from '../style.ts'
import { wrap } from '../wrap.ts'

/** What an apply does, phase by phase. */
export function stepLines(output: Output, { phases }: PlanResponse__Output): string[] {
  if (phases.length === 0) return []
  return [
    paint(output, 'bold', 'steps'),
    ...phases.flatMap(({ name, steps }, index) => [
      `  ${index + 1}. ${name}`,
      ...steps.flatMap(step =>
        wrap(step, { columns: output.columns, indent: 6, hang: 10 }).map(line => paint(output, 'dim', line)),
      ),
    ]),
  ]
}
