import { closestWord } from '../../shared/domain/closest-word.ts'
import { assertNever } from '../../shared/domain/errors.ts'
import { type EnumType, type NumberType, parameterType } from './parameter-types.ts'
import { splitPgNumber, unitRatio, unitsBeside } from './pg-units.ts'

export interface BadValue {
  /** What is wrong, and what is accepted: `is not a size; write 4MB (64kB to 2147483647kB)`. */
  readonly reason: string
  readonly hint?: string | undefined
}

/** Why a server of this major would refuse the value of a parameter (name in lower case); undefined when it takes it. */
export function checkValue({
  name,
  value,
  major,
}: {
  readonly name: string
  readonly value: string
  readonly major: number
}): BadValue | undefined {
  const type = parameterType(name, major)
  if (type === undefined) return undefined
  switch (type.kind) {
    case 'bool':
      return parsePgBoolean(value) === undefined ? { reason: 'is neither on nor off; write on or off' } : undefined
    case 'enum':
      return checkEnum(value, type)
    case 'integer':
    case 'real':
      return checkNumber(value, type)
    default:
      return assertNever(type)
  }
}

/** A boolean as PostgreSQL reads it: on, off, 1, 0, and true, false, yes, no or the beginning of one of these. */
export function parsePgBoolean(value: string): boolean | undefined {
  const word = value.toLowerCase()
  if (word === '') return undefined
  if (['1', 'on'].includes(word) || 'true'.startsWith(word) || 'yes'.startsWith(word)) return true
  if (['0', 'of', 'off'].includes(word) || 'false'.startsWith(word) || 'no'.startsWith(word)) return false
  return undefined
}

function checkEnum(value: string, { labels, hidden }: EnumType): BadValue | undefined {
  const switches = labels.includes('on') ? ['true', 'false', 'yes', 'no', '1', '0'] : []
  if ([...labels, ...hidden, ...switches].includes(value.toLowerCase())) return undefined
  return {
    reason: `is not one of its values; write ${labels.slice(0, -1).join(', ')} or ${labels.at(-1)}`,
    hint: suggestion(value, labels),
  }
}

function suggestion(value: string, labels: readonly string[]): string | undefined {
  const close = closestWord(value, labels)
  return close === undefined ? undefined : `Did you mean \`${close}\`?`
}

function checkNumber(value: string, type: NumberType): BadValue | undefined {
  const parts = splitPgNumber(value, type.kind)
  const ratio = parts === undefined ? undefined : parts.unit === '' ? 1 : unitRatio(parts.unit, type.unit)
  if (parts === undefined || ratio === undefined) {
    const example = exampleOf(parts, type)
    const range = rangeOf(type)
    return { reason: `is not ${nounOf(type)}; write ${example === undefined ? range : `${example} (${range})`}` }
  }
  const amount = type.kind === 'integer' ? roundToEven(parts.amount * ratio) : parts.amount * ratio
  const inRange = Number.isFinite(amount) && amount >= type.min && amount <= type.max
  return inRange ? undefined : { reason: `is out of range; write ${rangeOf(type)}` }
}

/** C's rint: halves go to the even neighbour. */
function roundToEven(amount: number): number {
  const rounded = Math.round(amount)
  return rounded - amount === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}

function nounOf({ kind, unit }: NumberType): string {
  if (unit !== '') return unit.endsWith('B') ? 'a size' : 'a duration'
  return kind === 'integer' ? 'a whole number' : 'a number'
}

/** `64kB to 2147483647kB`. */
function rangeOf({ min, max, unit }: NumberType): string {
  const low = inUnit(min, unit)
  return max === Number.POSITIVE_INFINITY ? `${low} or more` : `${low} to ${inUnit(max, unit)}`
}

/** Zero and the special -1 need no unit; pages of 8kB are counted in kB. */
function inUnit(amount: number, unit: string): string {
  if (amount <= 0) return String(amount)
  return unit === '8kB' ? `${amount * 8}kB` : `${amount}${unit}`
}

/** The same number with the unit that was probably meant, when the parameter would take it. */
function exampleOf(parts: ReturnType<typeof splitPgNumber>, type: NumberType): string | undefined {
  if (parts === undefined || parts.unit === '') return undefined
  const unit = type.unit === '' ? '' : unitMeant(parts.unit.toLowerCase(), type.unit)
  if (unit === undefined) return undefined
  const example = `${parts.amount}${unit}`
  return checkNumber(example, type) === undefined ? example : undefined
}

/** `GiB` and `g` mean GB, `sec` s, `minutes` min; any other size counts in MB. */
function unitMeant(written: string, base: string): string | undefined {
  const units = unitsBeside(base)
  if (!base.endsWith('B')) return units.toSorted((a, b) => b.length - a.length).find(unit => written.startsWith(unit))
  return units.find(unit => unit[0]?.toLowerCase() === written[0]) ?? 'MB'
}
