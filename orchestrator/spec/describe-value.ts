import type { Path } from './source.ts'

/** Values under these keys are secret, or may have secrets in them: no message ever shows them. */
const SECRET_KEYS: ReadonlySet<string> = new Set(['password', 'baseline'])

export function isSecret(path: Path): boolean {
  return path.some(part => typeof part === 'string' && SECRET_KEYS.has(part))
}

/** A value of the file in the words of an error message. */
export function describeValue(value: unknown, path: Path): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  if (isSecret(path)) return 'what is there (not shown)'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `\`${text.length > 60 ? `${text.slice(0, 57)}...` : text}\``
}

/** A type of the schema, likewise. */
export function typeWord(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    object: 'a map',
    record: 'a map',
    array: 'a list',
    string: 'a text',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  }
  return words[expected] ?? expected
}

export function oneOf(values: readonly string[]): string {
  const quoted = values.map(value => `\`${value}\``)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}
