import type { z } from 'zod'
import { closestWord, didYouMean } from '../../shared/domain/closest-word.ts'
import { assertNever } from '../../shared/domain/errors.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { describeValue, isSecret, oneOf, typeWord } from './describe-value.ts'
import { fleetFile } from './schema.ts'
import { knownKeys, schemaKeys } from './schema-keys.ts'
import type { Path, Source } from './source.ts'

type Issue = z.core.$ZodIssue

/** Every complaint of the schema as a problem with its place in the file and advice. */
export function schemaProblems(source: Source): readonly Problem[] {
  const result = fleetFile.safeParse(source.data, { reportInput: true })
  return result.success ? [] : result.error.issues.flatMap(issue => fromIssue(issue, source))
}

function fromIssue(issue: Issue, source: Source): readonly Problem[] {
  const path = issue.path.filter(part => typeof part !== 'symbol')
  const place = { path: pathText(path), ...source.position(path), severity: 'error' as const }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => unknownKey(path, key, source))
    case 'invalid_key': {
      const key = String(path.at(-1))
      return issue.issues.map(inner => ({
        ...place,
        ...source.keyPosition(path.slice(0, -1), key),
        code: 'bad-name',
        message: `key \`${key}\` ${inner.message}`,
      }))
    }
    case 'invalid_union':
      return (
        mostSpecific(issue, source) ?? [
          absent(issue, path, place) ?? { ...place, code: 'wrong-type', message: sentence(issue, path) },
        ]
      )
    case 'invalid_type':
      return [
        absent(issue, path, place) ?? {
          ...place,
          code: 'wrong-type',
          message: `must be ${typeWord(issue.expected)}, not ${describeValue(issue.input, path)}`,
          ...typeHint(issue),
        },
      ]
    case 'invalid_value': {
      const values = issue.values.map(String)
      const hint = typeof issue.input === 'string' ? didYouMean(issue.input, values) : undefined
      const message = `must be ${oneOf(values)}, not ${describeValue(issue.input, path)}`
      return [
        absent(issue, path, place) ?? { ...place, code: 'bad-value', message, ...(hint === undefined ? {} : { hint }) },
      ]
    }
    case 'too_small':
    case 'too_big':
      return [{ ...place, code: 'out-of-range', message: boundary(issue, path) }]
    case 'custom': {
      const { code = 'bad-value', hint } = (issue.params ?? {}) as { readonly code?: string; readonly hint?: string }
      const named = code === 'bad-name' || code === 'bad-text'
      const message = named ? sentence(issue, path) : issue.message
      return [{ ...place, code, message, ...(hint === undefined ? {} : { hint }) }]
    }
    case 'invalid_format':
    case 'invalid_element':
    case 'not_multiple_of':
      return [{ ...place, code: 'bad-value', message: sentence(issue, path) }]
    default:
      return assertNever(issue)
  }
}

/** A key that has to be there and is not, or that has nothing behind it. */
function absent(issue: Issue, path: Path, place: Pick<Problem, 'path' | 'severity'>): Problem | undefined {
  const key = String(path.at(-1))
  if (issue.input === undefined) return { ...place, code: 'missing-key', message: `\`${key}\` is required here` }
  if (issue.input !== null) return undefined
  return {
    ...place,
    code: 'empty-value',
    message: `\`${key}\` has no value`,
    hint: 'Give it a value or remove the key.',
  }
}

/** What YAML reads otherwise than many people expect. */
function typeHint({ expected, input }: Extract<Issue, { code: 'invalid_type' }>): Pick<Problem, 'hint'> {
  if (expected === 'string' && ['number', 'boolean'].includes(typeof input)) return { hint: 'Put it in quotes.' }
  if (expected !== 'boolean' || typeof input !== 'string') return {}
  if (/^(yes|on)$/i.test(input)) return { hint: 'Write `true`.' }
  return /^(no|off)$/i.test(input) ? { hint: 'Write `false`.' } : {}
}

/** The limit of a number, of a text's length or of a list's. */
function boundary(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, path: Path): string {
  const bound =
    issue.code === 'too_big'
      ? `at most ${issue.maximum}`
      : `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
  if (issue.origin === 'string') return `must have ${bound} characters, not ${String(issue.input).length}`
  if (issue.origin === 'array') return `must have ${bound} ${issue.code === 'too_small' ? 'entry' : 'entries'}`
  return `must be ${bound}, not ${describeValue(issue.input, path)}`
}

function unknownKey(path: Path, key: string, source: Source): Problem {
  const known = knownKeys(path)
  const hint =
    closestWord(key, known) === undefined ? (belongsIn(key) ?? didYouMean(key, known)) : didYouMean(key, known)
  return {
    code: 'unknown-key',
    message: `unknown key \`${key}\``,
    path: pathText([...path, key]),
    ...source.keyPosition(path, key),
    ...(hint === undefined ? {} : { hint }),
    severity: 'error',
  }
}

/** Where a key would be right that is not right here; nothing is said of a key that many maps have. */
function belongsIn(key: string): string | undefined {
  const places = schemaKeys()
    .filter(path => path.endsWith(`.${key}`))
    .map(path => `\`${path.slice(0, -key.length - 1)}\``)
  return places.length > 0 && places.length <= 2 ? `It belongs in ${places.join(' or ')}.` : undefined
}

/** A union fails in every branch; the branch that got further into the value (a nested path) is what the writer meant. */
function mostSpecific(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  source: Source,
): readonly Problem[] | undefined {
  const branch = issue.errors.find(
    each => each.every(inner => inner.code !== 'invalid_type' || inner.path.length > 0) && each.some(isSpecific),
  )
  return branch?.flatMap(inner => fromIssue({ ...inner, path: [...issue.path, ...inner.path] }, source))
}

function isSpecific(issue: Issue): boolean {
  return issue.path.length > 0 || issue.code === 'unrecognized_keys' || issue.code === 'custom'
}

/** `clusters[0].members`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
}

/** `VALUE must be …`; of a secret only what it must be. */
function sentence(issue: Issue, path: Path): string {
  return issue.input === undefined || isSecret(path)
    ? issue.message
    : `${describeValue(issue.input, path)} ${issue.message}`
}
