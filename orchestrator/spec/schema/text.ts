import { z } from 'zod'
import { HIDDEN_PREFIX } from '../../../shared/domain/retire.ts'
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

/** Under such names Drover keeps what was removed. */
function notHidden(text: string): boolean {
  return !text.startsWith(HIDDEN_PREFIX)
}

const HIDDEN = {
  error: `names that start with \`${HIDDEN_PREFIX}\` are Drover's, for what was removed and is kept for a while`,
  params: {
    code: 'reserved-name',
    hint: 'Choose another name; what is kept comes back when it is declared again under its own.',
  },
}

export const userName = reservable('user', RESERVED_USERS)
export const databaseName = reservable('database', RESERVED_DATABASES).refine(notHidden, HIDDEN)
export const schemaName = reservable('schema', new Set(['information_schema'])).refine(notHidden, HIDDEN)

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
