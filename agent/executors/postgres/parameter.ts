import { DroverError } from '../../../shared/domain/errors.ts'
import type { ObjectDifference } from '../../../shared/domain/object-difference.ts'
import { quoteLiteral } from './quote.ts'

/** Settings that PostgreSQL keeps as a list of names: one literal would become a single name with a comma in it. */
const LISTS = new Set([
  'search_path',
  'temp_tablespaces',
  'local_preload_libraries',
  'session_preload_libraries',
  'datestyle',
  'createrole_self_grant',
])

const NAME = /^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)?$/

/** `SET name TO value` as it ends an ALTER ROLE or ALTER DATABASE. */
export function setClause(name: string, value: string): string {
  if (!NAME.test(name)) throw new DroverError('invalid', `${JSON.stringify(name)} is not a parameter name`)
  const words = isList(name) ? listItems(value) : [value]
  return `SET ${name} TO ${words.map(quoteLiteral).join(', ')}`
}

/** The wanted parameters that are not stored (as `name=value` in `pg_db_role_setting`) with that value. */
export function missingSettings(
  wanted: Readonly<Record<string, string>>,
  stored: readonly string[],
): readonly (readonly [string, string])[] {
  return Object.entries(wanted).filter(([name, value]) => {
    const current = storedSetting(name, stored)
    return current === undefined || !sameValue(name, current, value)
  })
}

/** PostgreSQL stores a name in its own spelling: `DateStyle`. */
export function storedSetting(name: string, stored: readonly string[]): string | undefined {
  const entry = stored.find(each => each.slice(0, each.indexOf('=')).toLowerCase() === name.toLowerCase())
  return entry?.slice(entry.indexOf('=') + 1)
}

/** A name with a dot belongs to an extension, or to an application, which may keep a secret there. */
export function settingDifference(
  object: string,
  name: string,
  expected: string,
  stored: string | undefined,
): ObjectDifference {
  const isPrivate = name.includes('.')
  const found = stored === undefined ? 'not set' : isPrivate ? 'another value' : stored
  return { object, property: name, expected: isPrivate ? 'as applied' : expected, found }
}

function sameValue(name: string, stored: string, wanted: string): boolean {
  if (!isList(name)) return stored === wanted
  return listItems(stored).join('\0') === listItems(wanted).join('\0')
}

function isList(name: string): boolean {
  return LISTS.has(name.toLowerCase())
}

function listItems(value: string): readonly string[] {
  return value.split(',').map(item => item.trim().replace(/^"(.*)"$/, '$1'))
}
