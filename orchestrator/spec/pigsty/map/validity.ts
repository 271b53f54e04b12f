import type { Fields } from '../fields.ts'
import { integerOf, textOf } from '../values.ts'
import type { ClusterContext, Item } from './cluster-context.ts'

const DAY = 86_400_000

/** `expire_in` (days from the day of the import) wins over `expire_at`, as in Pigsty. */
export function importValidity({ today }: ClusterContext, fields: Fields, user: Item<'users'>): void {
  const days = fields.raw('expire_in')
  const at = fields.raw('expire_at')
  const count = days === undefined ? undefined : integerOf(days.value)
  if (days !== undefined && today !== undefined && count !== undefined) {
    user.validUntil = new Date(Date.parse(`${today}T00:00:00Z`) + count * DAY).toISOString().slice(0, 10)
    fields.kept('expire_in', { to: 'validUntil', note: `${count} days from ${today}` })
    fields.lost('expire_at', { reason: 'expire_in wins', instead: 'expire_in counts' })
    return
  }
  if (days !== undefined && count === undefined)
    fields.lost('expire_in', { reason: 'not a number of days', instead: 'it is left out' })
  else if (days !== undefined) {
    fields.lost('expire_in', {
      reason: 'it counts from the day on which the file is read, so that every plan would differ',
      instead: 'the user does not expire; `drover import pigsty` writes the date down',
    })
  }
  if (at === undefined) return
  const text = textOf(at.value) ?? ''
  if (text === 'infinity' || /^\d{4}-\d{2}-\d{2}$/.test(text)) {
    user.validUntil = text
    fields.kept('expire_at', { to: 'validUntil' })
  } else
    fields.lost('expire_at', {
      reason: 'not a date such as `2030-12-31`, nor `infinity`',
      instead: 'the user does not expire',
    })
}
