import type { z } from 'zod'
import { didYouMean } from '../../shared/domain/closest-word.ts'
import { assertNever } from '../../shared/domain/errors.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { fleetFile } from './schema.ts'
import { knownKeys } from './schema-keys.ts'
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
    case 'invalid_union': {
      const inner = mostSpecific(issue, source)
      return inner ?? [{ ...place, code: 'wrong-type', message: sentence(issue.message, issue.input) }]
    }
    case 'invalid_type':
      if (issue.input === undefined) {
        return [{ ...place, code: 'missing-key', message: `\`${String(path.at(-1))}\` is required here` }]
      }
      if (issue.input === null) {
        return [
          {
            ...place,
            code: 'empty-value',
            message: `\`${String(path.at(-1))}\` has no value`,
            hint: 'Give it a value or remove the key.',
          },
        ]
      }
      return [
        { ...place, code: 'wrong-type', message: `must be ${typeWord(issue.expected)}, not ${describe(issue.input)}` },
      ]
    case 'invalid_value': {
      const values = issue.values.map(String)
      const hint = typeof issue.input === 'string' ? didYouMean(issue.input, values) : undefined
      return [
        {
          ...place,
          code: issue.input === undefined ? 'missing-key' : 'bad-value',
          message:
            issue.input === undefined
              ? `\`${String(path.at(-1))}\` is required here`
              : `must be ${oneOf(values)}, not ${describe(issue.input)}`,
          ...(hint === undefined ? {} : { hint }),
        },
      ]
    }
    case 'too_small':
      return [
        {
          ...place,
          code: 'out-of-range',
          message: `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}, not ${describe(issue.input)}`,
        },
      ]
    case 'too_big':
      return [
        { ...place, code: 'out-of-range', message: `must be at most ${issue.maximum}, not ${describe(issue.input)}` },
      ]
    case 'custom': {
      const params = issue.params as { readonly code?: string; readonly hint?: string } | undefined
      const message =
        params?.code === 'bad-name' || params?.code === 'bad-text'
          ? sentence(issue.message, issue.input)
          : issue.message
      return [
        {
          ...place,
          code: params?.code ?? 'bad-value',
          message,
          ...(params?.hint === undefined ? {} : { hint: params.hint }),
        },
      ]
    }
    case 'invalid_format':
    case 'invalid_element':
    case 'not_multiple_of':
      return [{ ...place, code: 'bad-value', message: sentence(issue.message, issue.input) }]
    default:
      return assertNever(issue)
  }
}

function unknownKey(path: Path, key: string, source: Source): Problem {
  const hint = didYouMean(key, knownKeys(path))
  return {
    code: 'unknown-key',
    message: `unknown key \`${key}\``,
    path: pathText([...path, key]),
    ...source.keyPosition(path, key),
    ...(hint === undefined ? {} : { hint }),
    severity: 'error',
  }
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

function sentence(message: string, input: unknown): string {
  return input === undefined ? message : `${describe(input)} ${message}`
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (value === null) return 'nothing'
  if (typeof value === 'object') return 'a map'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `\`${text.length > 60 ? `${text.slice(0, 57)}...` : text}\``
}

function typeWord(expected: string): string {
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

function oneOf(values: readonly string[]): string {
  const quoted = values.map(value => `\`${value}\``)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}
