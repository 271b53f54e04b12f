import { stringify } from 'yaml'
import type { FleetFileInput } from '../schema.ts'
import { type Loss, lossesOf } from './losses.ts'
import { type ReportEntry, summarize } from './report.ts'

const MOST_LOSSES = 60

/** The fleet file as text, headed by where it comes from and what of it is not carried over. */
export function importedYaml({
  file,
  report,
  fileName,
}: {
  readonly file: FleetFileInput
  readonly report: readonly ReportEntry[]
  readonly fileName: string
}): string {
  const header = headerLines(report, fileName).map(line => (line === '' ? '#' : `# ${line}`))
  return `${header.join('\n')}\n\n${stringify(file, { lineWidth: 120 })}`
}

function headerLines(report: readonly ReportEntry[], fileName: string): readonly string[] {
  const counts = summarize(report)
  const losses = lossesOf(report)
  const shown = losses.slice(0, MOST_LOSSES)
  return [
    `Made by \`drover import pigsty\` from ${fileName}.`,
    `${counts.mapped} values are carried over, ${counts.unsupported} are not, ${counts.notApplicable} mean nothing to Drover.`,
    '`drover import pigsty FILE --report` says for each what became of it.',
    ...(losses.length === 0 ? [] : ['', 'Not carried over:', ...shown.flatMap(lossLines)]),
    ...(losses.length > shown.length ? [`  and ${losses.length - shown.length} more`] : []),
  ]
}

function lossLines({ parameter, count, reason, instead }: Loss): readonly string[] {
  return [`- ${parameter}${count > 1 ? ` (${count} values)` : ''}: ${oneLine(reason)}. Instead: ${oneLine(instead)}.`]
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replace(/\.$/, '')
}
