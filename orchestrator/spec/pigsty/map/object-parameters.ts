import type { Fields } from '../fields.ts'
import { isTable, textOf } from '../values.ts'

/** `ALTER ROLE … SET`; the word DEFAULT resets, which is what leaving it out means for a role that Drover makes. */
export function importObjectParameters(
  fields: Fields,
  into: { parameters?: Record<string, string | number | boolean> | undefined },
): void {
  const setting = fields.raw('parameters')
  if (setting === undefined) return
  fields.kept('parameters', { to: 'parameters' })
  if (!isTable(setting.value)) return
  const entries = Object.entries(setting.value).flatMap(
    ([name, value]): readonly [string, string | number | boolean][] => {
      if (typeof value === 'number' || typeof value === 'boolean') return [[name, value]]
      const text = textOf(value)
      return text === undefined || text === 'DEFAULT' ? [] : [[name, text]]
    },
  )
  if (entries.length > 0) into.parameters = Object.fromEntries(entries)
}
