import type { DefaultPrivilegeItem, ProvisionArgs } from '../../../shared/domain/command.ts'
import type { ObjectDifference } from '../../../shared/domain/object-difference.ts'
import { builtIn, expanded } from './privilege-statements.ts'
import { quoteIdentifier } from './quote.ts'
import type { DatabaseContent, PrivilegeState } from './state.ts'

/**
 * Default privileges that nobody has declared, of makers and kinds of objects for which somebody has declared any: elsewhere the file
 * says nothing, and applications may have their own. What the file gives in every schema is not too much in one of them.
 */
export function undeclaredPrivileges(
  { databases, privileges }: Pick<ProvisionArgs, 'databases' | 'privileges'>,
  contents: ReadonlyMap<string, Pick<DatabaseContent, 'privileges'>>,
  version: number,
): readonly ObjectDifference[] {
  return databases.flatMap(({ name }) => {
    const extra = (contents.get(name)?.privileges ?? []).filter(each => isUndeclared(each, privileges, version))
    const grants = Map.groupBy(extra, ({ for: maker, on, to, schema }) => JSON.stringify([maker, on, to, schema]))
    return [...grants.values()].flatMap(entries => difference(name, entries))
  })
}

function isUndeclared(found: PrivilegeState, rules: readonly DefaultPrivilegeItem[], version: number): boolean {
  const { for: maker, on, to, schema, privilege } = found
  const about = rules.filter(rule => rule.on === on && rule.for.includes(maker))
  if (about.length === 0 || maker === to) return false
  if (schema === null && about.some(rule => builtIn(to, rule.on).includes(privilege))) return false
  return !about.some(
    rule =>
      rule.to === to &&
      (rule.schema === undefined || rule.schema === schema) &&
      expanded(rule, version).includes(privilege),
  )
}

function difference(database: string, entries: readonly PrivilegeState[]): readonly ObjectDifference[] {
  const [first] = entries
  if (first === undefined) return []
  const { for: maker, on, to, schema } = first
  const words = entries.map(({ privilege }) => privilege).sort()
  const where = schema === null ? '' : ` IN SCHEMA ${quoteIdentifier(schema)}`
  const what = `${words.join(', ')} ON ${on.toUpperCase()}`
  return [
    {
      object: `default privileges in ${database}`,
      property: `${on} of ${maker} to ${to}${schema === null ? '' : ` in schema ${schema}`}`,
      expected: 'not declared',
      found: words.join(', '),
      undo: `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdentifier(maker)}${where} REVOKE ${what} FROM ${quoteIdentifier(to)}`,
    },
  ]
}
