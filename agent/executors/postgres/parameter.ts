import { DroverError } from '../../../shared/domain/errors.ts'
import { quoteLiteral } from './quote.ts'

/** Settings that PostgreSQL keeps as a list of names: one literal would become a single name with a comma in it. */
const LISTS = new Set([
  'search_path',
  'temp_tablespaces',
  'local_preload_libraries',
  'session_preload_libraries',
  'DateStyle',
  'createrole_self_grant',
])

const NAME = /^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)?$/

/** `SET name TO value` as it ends an ALTER ROLE or ALTER DATABASE. */
export function setClause(name: string, value: string): string {
  if (!NAME.test(name)) throw new DroverError('invalid', `${JSON.stringify(name)} is not a parameter name`)
  const words = LISTS.has(name) ? listItems(value) : [value]
  return `SET ${name} TO ${words.map(quoteLiteral).join(', ')}`
}

/** Whether the stored value (as in `pg_db_role_setting`) is the wanted one. */
export function sameValue(name: string, stored: string, wanted: string): boolean {
  if (!LISTS.has(name)) return stored === wanted
  return listItems(stored).join('\0') === listItems(wanted).join('\0')
}

function listItems(value: string): readonly string[] {
  return value.split(',').map(item => item.trim().replace(/^"(.*)"$/, '$1'))
}
