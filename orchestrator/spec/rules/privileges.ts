import { gives, type Loose, type LooseText, looseList, looseMap, looseText, looseTexts, names } from '../loose.ts'
import { PREDEFINED_ROLES } from '../names.ts'
import type { Report } from '../report.ts'
import { suggestion } from './suggestion.ts'
import { checkUniqueTexts } from './unique.ts'
import { needsVersion } from './versions.ts'

/** Which privileges there are on which objects: the manual's table of ACL privileges. */
const PRIVILEGES: Readonly<Record<string, readonly string[]>> = {
  schemas: ['USAGE', 'CREATE'],
  tables: ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN'],
  sequences: ['USAGE', 'SELECT', 'UPDATE'],
  functions: ['EXECUTE'],
  types: ['USAGE'],
}

interface PrivilegeRule {
  readonly privilege: Loose
  readonly cluster: Loose
  readonly report: Report
}

/** Default privileges: roles and schemas that exist, and privileges that there are on such objects. */
export function checkPrivileges(cluster: Loose, report: Report): void {
  const users = names(looseList(cluster, 'users'))
  const makers = new Set([...users, 'postgres'])
  const receivers = new Set([...users, ...PREDEFINED_ROLES.keys(), 'public'])
  const containers = [looseMap(cluster, 'template'), ...looseList(cluster, 'databases')]
  const schemas = new Set(['public', ...containers.flatMap(each => names(looseList(each, 'schemas')))])
  for (const privilege of looseList(cluster, 'privileges')) {
    const to = looseText(privilege, 'to')
    for (const role of looseTexts(privilege, 'for')) checkRole({ role, known: makers, report })
    if (to !== undefined) checkRole({ role: { text: to, path: [...privilege.path, 'to'] }, known: receivers, report })
    checkUniqueTexts({ texts: looseTexts(privilege, 'for'), what: 'role', report })
    checkGrant({ privilege, cluster, report })
    checkSchema({ privilege, schemas, report })
  }
}

function checkRole({
  role: { text, path },
  known,
  report,
}: {
  readonly role: LooseText
  readonly known: ReadonlySet<string>
  readonly report: Report
}): void {
  if (known.has(text)) return
  report({
    code: 'unknown-role',
    message: `the privilege names role \`${text}\`, which is not a user of this cluster`,
    path,
    hint: suggestion(text, known) ?? 'Declare it under `users` (with `login: false` for a group).',
  })
}

function checkGrant({ privilege, cluster, report }: PrivilegeRule): void {
  const on = looseText(privilege, 'on') ?? ''
  const granted = looseTexts(privilege, 'grant')
  checkUniqueTexts({ texts: granted, what: 'privilege', report })
  const known = PRIVILEGES[on]
  if (known === undefined) return
  for (const { text, path } of granted) {
    if (text === 'MAINTAIN') needsVersion({ cluster, since: 17, what: '`MAINTAIN`', path, report })
    if (known.includes(text) || (text === 'ALL' && granted.length === 1)) continue
    if (text === 'ALL') {
      report({
        code: 'redundant-privilege',
        message: '`ALL` has every privilege in it; the others are granted twice',
        path,
        hint: 'Write `[ALL]` alone, or the privileges one by one.',
      })
    } else if (Object.values(PRIVILEGES).some(verbs => verbs.includes(text))) {
      report({
        code: 'unknown-privilege',
        message: `there is no privilege \`${text}\` on ${on}`,
        path,
        hint: `On ${on} there is ${known.map(each => `\`${each}\``).join(', ')}, or \`ALL\`.`,
      })
    }
  }
}

function checkSchema({
  privilege,
  schemas,
  report,
}: {
  readonly privilege: Loose
  readonly schemas: ReadonlySet<string>
  readonly report: Report
}): void {
  if (!gives(privilege, 'schema')) return
  const path = [...privilege.path, 'schema']
  if (looseText(privilege, 'on') === 'schemas') {
    report({
      code: 'schema-of-schemas',
      message: 'a schema is in no schema: `schema` has no meaning with `on: schemas`',
      path,
      hint: 'Remove one of the two.',
    })
    return
  }
  const schema = looseText(privilege, 'schema')
  if (schema === undefined || schemas.has(schema)) return
  report({
    code: 'unknown-schema',
    message: `the privilege names schema \`${schema}\`, which no database of this cluster declares`,
    path,
    hint: suggestion(schema, schemas) ?? "Add it to a database's `schemas`.",
  })
}
