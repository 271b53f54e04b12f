import { z } from 'zod'
import { type NameRule, OBJECT_RULE, RESERVED_DATABASES, RESERVED_USERS, SETTING_RULE } from '../names.ts'

/**
 * Texts of a fleet file. A refinement carries its problem's code and its advice for the reader in `params`; `pattern`
 * repeats it for the JSON Schema, which cannot see into refinements.
 */
export function name(rule: NameRule) {
  return z
    .string()
    .refine(text => rule.pattern.test(text), { error: `must be ${rule.words}`, params: { code: 'bad-name' } })
    .meta({ pattern: rule.pattern.source })
}

/** A name that somebody else has not taken already. */
function reservable(what: string, reserved: ReadonlySet<string>) {
  return name(OBJECT_RULE)
    .refine(text => !reserved.has(text), {
      error: issue => `\`${String(issue.input)}\` is a reserved ${what}`,
      params: { code: 'reserved-name', hint: `Choose another name; Drover or PostgreSQL uses this one itself.` },
    })
    .refine(text => !text.startsWith('pg_'), {
      error: issue => `\`${String(issue.input)}\` starts with \`pg_\`, which PostgreSQL keeps for itself`,
      params: { code: 'reserved-name', hint: 'Choose another name.' },
    })
}

export const userName = reservable('user', RESERVED_USERS)
export const databaseName = reservable('database', RESERVED_DATABASES)
export const schemaName = reservable('schema', new Set(['information_schema']))

export function oneLine(most: number) {
  return z
    .string()
    .max(most)
    .refine(text => !/[\0\r\n]/.test(text), { error: 'must be one line', params: { code: 'bad-text' } })
    .meta({ pattern: '^[^\\r\\n]*$' })
}

export const comment = oneLine(1024)

/** `SET name = value` of PostgreSQL, for a server, a role or a database. */
export const settings = z.record(
  name(SETTING_RULE),
  z.union([oneLine(4096), z.number(), z.boolean()], { error: 'must be a single-line text, a number or true/false' }),
)
