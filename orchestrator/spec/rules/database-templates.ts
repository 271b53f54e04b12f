import { MAINTENANCE_DATABASE } from '../../../shared/domain/maintenance-database.ts'
import { gives, type Loose, looseList, looseText } from '../loose.ts'
import type { Report } from '../report.ts'
import { circlesOf, wayText } from './circles.ts'
import { suggestion } from './suggestion.ts'

const BUILT_IN: readonly string[] = ['template0', 'template1']

/** Databases that are copied from others: these exist, in no circle, and have the same locale. */
export function checkDatabaseTemplates(cluster: Loose, report: Report): void {
  const databases = new Map(looseList(cluster, 'databases').map(each => [looseText(each, 'name') ?? '', each]))
  const known = new Set([...databases.keys(), ...BUILT_IN])
  for (const database of databases.values()) {
    const wanted = looseText(database, 'template')
    if (wanted === undefined || BUILT_IN.includes(wanted)) continue
    if (wanted === MAINTENANCE_DATABASE) {
      report({
        code: 'unknown-template',
        message: `\`template\` names \`${wanted}\`, and a database that somebody is connected to cannot be copied`,
        path: [...database.path, 'template'],
        hint: 'Use `template1`, which has what `template` of the cluster declares.',
      })
      continue
    }
    const template = databases.get(wanted)
    if (template === undefined) {
      report({
        code: 'unknown-template',
        message: `\`template\` names \`${wanted}\`, which is not a database of this cluster`,
        path: [...database.path, 'template'],
        hint: suggestion(wanted, known) ?? 'Declare it under `databases`, or use `template0` or `template1`.',
      })
    } else {
      checkSameLocale({ database, template, report })
    }
  }
  checkCircles(databases, report)
}

function checkCircles(databases: ReadonlyMap<string, Loose>, report: Report): void {
  const templates = [...databases].map(([name, each]) => [name, [looseText(each, 'template') ?? '']] as const)
  for (const circle of circlesOf(new Map(templates))) {
    report({
      code: 'template-cycle',
      message: `databases are copied from each other in a circle: ${wayText(circle)}`,
      path: [...(databases.get(circle[0] ?? '')?.path ?? []), 'template'],
      hint: 'Copy one of them from `template1`.',
    })
  }
}

function checkSameLocale({
  database,
  template,
  report,
}: {
  readonly database: Loose
  readonly template: Loose
  readonly report: Report
}): void {
  const [own, theirs] = [fixedByTemplate(database), fixedByTemplate(template)]
  for (const [key, value] of own) {
    if (value === theirs.get(key)) continue
    report({
      code: 'template-locale',
      message: `a copy has the ${key} of its template: ${described(theirs.get(key))} in \`${looseText(template, 'name') ?? '?'}\`, ${described(value)} here`,
      path: [...database.path, gives(database, key) ? key : 'template'],
      hint: 'Give both databases the same, or copy from `template0`.',
    })
  }
}

/** What PostgreSQL takes over from a template, defaults filled in; it refuses a copy that has it otherwise, but of template0. */
function fixedByTemplate(database: Loose): ReadonlyMap<string, string | undefined> {
  const locale = looseText(database, 'locale') ?? 'C.UTF-8'
  return new Map([
    ['encoding', looseText(database, 'encoding') ?? 'UTF8'],
    ['collate', looseText(database, 'collate') ?? locale],
    ['ctype', looseText(database, 'ctype') ?? locale],
    ['localeProvider', looseText(database, 'localeProvider')],
    ['icuLocale', looseText(database, 'icuLocale')],
    ['icuRules', looseText(database, 'icuRules')],
  ])
}

function described(value: string | undefined): string {
  return value === undefined ? 'none' : `\`${value}\``
}
