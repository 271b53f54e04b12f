import { didYouMean } from '../../../shared/domain/closest-word.ts'
import { gives, type Loose, looseList, looseText, names } from '../loose.ts'
import type { Report } from '../report.ts'

const BUILT_IN: readonly string[] = ['template0', 'template1']

/** Databases that are copied from others: these exist, are made first, and have the same locale. */
export function checkDatabaseTemplates(cluster: Loose, report: Report): void {
  const databases = looseList(cluster, 'databases')
  for (const database of databases) {
    const wanted = looseText(database, 'template')
    if (wanted === undefined || BUILT_IN.includes(wanted)) continue
    const template = databases.find(each => looseText(each, 'name') === wanted)
    if (template === undefined) {
      const known = [...names(databases), ...BUILT_IN]
      report({
        code: 'unknown-template',
        message: `\`template\` names \`${wanted}\`, which is not a database of this cluster`,
        path: [...database.path, 'template'],
        hint: didYouMean(wanted, known) ?? 'Declare it under `databases`, or use `template0` or `template1`.',
      })
    } else if (circleFrom(database, databases)) {
      report({
        code: 'template-cycle',
        message: `database \`${looseText(database, 'name') ?? '?'}\` is, over its templates, copied from itself`,
        path: [...database.path, 'template'],
        hint: 'Copy one of them from `template1`.',
      })
    } else {
      checkSameLocale({ database, template, report })
    }
  }
}

function circleFrom(database: Loose, databases: readonly Loose[]): boolean {
  const seen = new Set<Loose>()
  let next: Loose | undefined = database
  while (next !== undefined && !seen.has(next)) {
    seen.add(next)
    const template: string | undefined = looseText(next, 'template')
    next = databases.find(each => looseText(each, 'name') === template)
  }
  return next === database
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
