import type { Problem } from '../../shared/domain/problem.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import { type ParsedSpec, parseSpec } from './parse-spec.ts'
import { checkFile, specOf } from './pigsty/check-file.ts'
import { importPigsty } from './pigsty/import-pigsty.ts'
import { isInventory } from './pigsty/inventory.ts'
import { lossesOf } from './pigsty/losses.ts'
import { publishedPasswords } from './pigsty/published-passwords.ts'
import type { ReportEntry } from './pigsty/report.ts'
import { readSource } from './source.ts'

/**
 * A fleet file, or a Pigsty inventory that is imported on the way. Problems stand where they come from in the text that was given;
 * what of an inventory is not carried over is a warning for each of its parts.
 */
export function parseAny(text: string, fileName: string): ParsedSpec | readonly Problem[] {
  const source = readSource(text)
  if (!('data' in source) || !isInventory(source.data)) return parseSpec(text, fileName)
  const imported = importPigsty(text)
  if (!('file' in imported)) return imported
  const { file, report, locate } = imported
  const lineOf = (index: number): number | undefined =>
    locate({ code: '', message: '', severity: 'error', path: `clusters[${index}]` }).line
  return {
    spec: unnamed(specOf(file, lineOf)),
    problems: [...checkFile(file).map(locate), ...lossWarnings(report), ...passwordWarnings(report)],
    locate,
  }
}

/** The name that an import makes up is for the file that it writes. */
function unnamed(spec: FleetSpec): FleetSpec {
  const { parameters } = spec.fleet
  return { ...spec, fleet: { parameters } }
}

function lossWarnings(report: readonly ReportEntry[]): readonly Problem[] {
  return [...Map.groupBy(lossesOf(report), ({ module }) => module)].map(([module, losses]) => {
    const keys = [...new Set(losses.map(({ key }) => key))].join(', ')
    const line = losses.find(each => each.line !== undefined)?.line
    return {
      code: 'not-carried-over',
      message:
        module === 'unknown' ? `Pigsty has no parameters ${keys}` : `Pigsty's ${module}: not carried over: ${keys}`,
      ...(line === undefined ? {} : { line }),
      hint: '`drover import pigsty FILE --report` says why, and what happens instead.',
      severity: 'warning',
    }
  })
}

function passwordWarnings(report: readonly ReportEntry[]): readonly Problem[] {
  return publishedPasswords(report).map(({ place, line }) => ({
    code: 'published-password',
    message: 'this password stands in the documentation of Pigsty, where everybody can read it',
    path: place,
    ...(line === undefined ? {} : { line }),
    hint: 'Choose another one before clients depend on it.',
    severity: 'warning',
  }))
}
