import { closestWord } from '../../../shared/domain/closest-word.ts'
import { type Loose, looseList, looseText, names } from '../loose.ts'
import type { Report } from '../report.ts'
import { checkOwner } from './owners.ts'
import { checkUnique } from './unique.ts'

const ALWAYS_THERE: readonly string[] = ['public', 'pg_catalog']

/** Schemas and extensions of a database, or of the template of all databases. */
export function checkContents({
  container,
  what,
  users,
  report,
}: {
  readonly container: Loose
  readonly what: 'database' | 'template'
  readonly users: ReadonlySet<string>
  readonly report: Report
}): void {
  const schemas = looseList(container, 'schemas')
  checkUnique({ items: schemas, what: 'schema', report })
  for (const schema of schemas) checkOwner({ item: schema, what: 'schema', users, report })
  const extensions = looseList(container, 'extensions')
  checkUnique({ items: extensions, what: 'extension', report })
  const known = [...names(schemas), ...ALWAYS_THERE]
  for (const extension of extensions) {
    const schema = looseText(extension, 'schema')
    if (schema === undefined || known.includes(schema)) continue
    const close = closestWord(schema, known)
    report({
      code: 'unknown-schema',
      message: `extension \`${looseText(extension, 'name') ?? '?'}\` wants schema \`${schema}\`, which the ${what} does not declare`,
      path: [...extension.path, 'schema'],
      hint: `${close === undefined ? 'Add' : `Did you mean \`${close}\`? Else add`} \`${schema}\` to the ${what}'s \`schemas\`.`,
    })
  }
}
