import { assertNever } from '../../../shared/domain/errors.ts'
import type { ReportEntry } from '../../spec/pigsty/report.ts'
import type { Treatment } from '../../spec/pigsty/treatment.ts'
import type { Output } from '../terminal.ts'
import { paint } from './style.ts'
import { table } from './table.ts'

/** One row for each value of the inventory: where it stands, and what became of it. */
export function importReport(output: Output, report: readonly ReportEntry[]): string {
  return table(
    ['LINE', 'VALUE', 'TREATMENT', 'WHAT BECOMES OF IT'],
    report.map(({ line, place, treatment }) => {
      const row = (word: string, what: string): string[] => [line === undefined ? '-' : String(line), place, word, what]
      switch (treatment.kind) {
        case 'mapped':
          return row(paint(output, 'green', 'mapped'), withNote(treatment.to, treatment.note))
        case 'unsupported':
          return row(paint(output, 'yellow', 'unsupported'), lossText(treatment))
        case 'not-applicable':
          return row(paint(output, 'dim', 'not applicable'), treatment.reason)
        default:
          return assertNever(treatment)
      }
    }),
  )
}

function lossText({ names, reason, instead }: Extract<Treatment, { kind: 'unsupported' }>): string {
  return `${names === undefined ? '' : `${names.join(', ')}: `}${reason}; instead: ${instead}`
}

function withNote(to: string, note: string | undefined): string {
  return note === undefined ? to : `${to} (${note})`
}
