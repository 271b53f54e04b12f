import { splitPgNumber, unitRatio } from '../../plan/pg-units.ts'

/** Two texts that PostgreSQL reads as the same value of a setting: `8MB` and `8192` where it counts in kB, `on` and `true`. */
export function sameValue(
  left: string,
  right: string,
  { type, unit }: { readonly type?: string; readonly unit?: string },
): boolean {
  if (left === right) return true
  if (type === 'bool') return truth(left) !== undefined && truth(left) === truth(right)
  if (type === 'enum') return (truth(left) ?? left.toLowerCase()) === (truth(right) ?? right.toLowerCase())
  if (type !== 'integer' && type !== 'real') return listed(left) === listed(right)
  const [one, other] = [amount(left, type, unit ?? ''), amount(right, type, unit ?? '')]
  return one !== undefined && other !== undefined && Math.abs(one - other) <= Math.abs(one) * 1e-6
}

/** guc.c takes any beginning of these words that is no beginning of two. */
function truth(text: string): boolean | undefined {
  const word = text.toLowerCase()
  if (['on', 'true', 'yes', '1', 't', 'y', 'tr', 'tru', 'ye'].includes(word)) return true
  if (['off', 'of', 'false', 'no', '0', 'f', 'n', 'fa', 'fal', 'fals'].includes(word)) return false
  return undefined
}

/** In the base unit; a fraction of it is rounded as PostgreSQL does for integers. */
function amount(text: string, type: 'integer' | 'real', base: string): number | undefined {
  const parts = splitPgNumber(text, type)
  if (parts === undefined) return undefined
  const ratio = parts.unit === '' ? 1 : unitRatio(parts.unit, base)
  if (ratio === undefined) return undefined
  return type === 'integer' ? Math.round(parts.amount * ratio) : parts.amount * ratio
}

/** White space between the names of a list means nothing. */
function listed(text: string): string {
  return text
    .split(',')
    .map(item => item.trim())
    .join(',')
}
