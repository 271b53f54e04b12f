import { didYouMean } from '../../../shared/domain/closest-word.ts'
import { assertNever } from '../../../shared/domain/errors.ts'
import type { Path } from '../source.ts'
import { CATALOGUE, findRule } from './catalogue/catalogue.ts'
import { type Inventory, settingsOf } from './inventory.ts'
import type { Ledger } from './ledger.ts'
import { placeText, positionOf } from './place.ts'
import { joinTreatments, mapped, notApplicable, type Rule, type Treatment, unsupported } from './treatment.ts'
import { leavesOf, type Setting } from './values.ts'

/** What became of one value of the inventory. */
export interface ReportEntry {
  /** Name of the parameter that the value belongs to. */
  readonly parameter: string
  /** The parameter with the keys inside it: `pg_users[].roles[]`. */
  readonly key: string
  /** The part of Pigsty that the parameter belongs to; `unknown` for one that Pigsty does not have. */
  readonly module: string
  readonly place: string
  readonly line?: number
  readonly treatment: Treatment
}

/** Every value of the inventory exactly once, in the order of the file's structure. */
export function makeReport(inventory: Inventory, ledger: Ledger): readonly ReportEntry[] {
  return settingsOf(inventory).flatMap(({ name, setting }) => {
    const found = findRule(name)
    return leavesOf(setting).map((leaf): ReportEntry => {
      const treatment = recorded({ leaf, setting, ledger }) ?? byRule({ name, leaf, rule: found?.rule })
      const line = positionOf(inventory.source, leaf.path)?.line
      return {
        parameter: name,
        key: name + keyText(leaf.path.slice(setting.path.length)),
        module: found?.module ?? 'unknown',
        place: placeText(leaf.path),
        ...(line === undefined ? {} : { line }),
        treatment,
      }
    })
  })
}

function keyText(path: Path): string {
  return path.map(step => (typeof step === 'number' ? '[]' : `.${step}`)).join('')
}

/** What an importer noted at this place, or at the nearest one around it. */
function recorded({
  leaf,
  setting,
  ledger,
}: {
  readonly leaf: Setting
  readonly setting: Setting
  readonly ledger: Ledger
}): Treatment | undefined {
  for (let length = leaf.path.length; length >= setting.path.length; length -= 1) {
    const treatment = joinTreatments(ledger.at(leaf.path.slice(0, length)))
    if (treatment !== undefined) return treatment
  }
  return undefined
}

function byRule({
  name,
  leaf,
  rule,
}: {
  readonly name: string
  readonly leaf: Setting
  readonly rule: Rule | undefined
}): Treatment {
  switch (rule?.kind) {
    case undefined: {
      const hint = didYouMean(name, Object.keys(CATALOGUE))
      return unsupported(
        `Pigsty has no parameter \`${name}\`${hint === undefined ? '' : `. ${hint}`}`,
        'it is left out',
      )
    }
    case 'mapped':
      return notApplicable('nothing uses it: other values win, or no host here has what it is for')
    case 'fixed':
      return rule.values.includes(leaf.value) ? mapped(rule.to) : unsupported(rule.reason, rule.instead)
    case 'unsupported':
    case 'not-applicable':
      return rule
    default:
      return assertNever(rule)
  }
}

export interface ReportSummary {
  readonly mapped: number
  readonly unsupported: number
  readonly notApplicable: number
}

export function summarize(report: readonly ReportEntry[]): ReportSummary {
  const count = (kind: Treatment['kind']): number => report.filter(({ treatment }) => treatment.kind === kind).length
  return { mapped: count('mapped'), unsupported: count('unsupported'), notApplicable: count('not-applicable') }
}
