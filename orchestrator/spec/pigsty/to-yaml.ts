import { Document, isMap, isScalar, visit, type YAMLSeq } from 'yaml'
import type { FleetFileInput } from '../schema.ts'
import { type LossGroup, lossesOf } from './losses.ts'
import { publishedPasswords } from './published-passwords.ts'
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
  return `${header.join('\n')}\n\n${bodyText(file)}`
}

/** Bare names instead of maps with nothing but a name, and short lists on one line, as a person would write them. */
function bodyText(file: FleetFileInput): string {
  const document = new Document(file)
  visit(document, { Seq: (_, list) => simplify(list) })
  return document.toString({ lineWidth: 120 })
}

function simplify(list: YAMLSeq): void {
  list.items = list.items.map(item => bareName(item) ?? item)
  if (list.items.every(item => isScalar(item))) list.flow = true
}

function bareName(item: unknown): unknown {
  if (!isMap(item) || item.items.length !== 1) return undefined
  const [pair] = item.items
  return isScalar(pair?.key) && (pair.key.value === 'name' || pair.key.value === 'role') ? pair.value : undefined
}

function headerLines(report: readonly ReportEntry[], fileName: string): readonly string[] {
  const counts = summarize(report)
  const losses = lossesOf(report)
  const shown = losses.slice(0, MOST_LOSSES)
  const published = publishedPasswords(report).map(({ key, line }) => `${key} (line ${line ?? '?'})`)
  return [
    `Made by \`drover import pigsty\` from ${fileName}.`,
    `Values: ${counts.mapped} carried over, ${counts.unsupported} not, ${counts.notApplicable} without a meaning for Drover.`,
    '`drover import pigsty FILE --report` says for each what became of it.',
    ...(published.length === 0 ? [] : ['', `Passwords that Pigsty publishes, to be changed: ${published.join(', ')}.`]),
    ...(losses.length === 0 ? [] : ['', 'Not carried over:', ...shown.map(lossLine)]),
    ...(losses.length > shown.length ? [`  and ${losses.length - shown.length} more`] : []),
  ]
}

function lossLine({ key, count, reason, instead, names }: LossGroup): string {
  const values = count > 1 ? ` (${count} values)` : ''
  const which = names.length > 0 ? `${names.join(', ')}: ` : ''
  return `- ${key}${values}: ${which}${sentence(reason)} Instead: ${sentence(instead)}`
}

function sentence(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return /[.?]$/.test(line) ? line : `${line}.`
}
