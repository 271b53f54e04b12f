import { DroverError } from '../../../shared/domain/errors.ts'

/** A name as SQL takes it, whatever it holds. */
export function quoteIdentifier(name: string): string {
  return `"${checked(name).replaceAll('"', '""')}"`
}

/** A text as SQL takes it, with `standard_conforming_strings` on (the session sets it). */
export function quoteLiteral(value: string): string {
  return `'${checked(value).replaceAll("'", "''")}'`
}

/** PostgreSQL cannot store NUL; psql would end the statement there. */
function checked(text: string): string {
  if (text.includes('\0')) throw new DroverError('invalid', 'a name or value holds a NUL character, which SQL cannot')
  return text
}
