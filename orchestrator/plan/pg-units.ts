const SIZES: Readonly<Record<string, number>> = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 }

/** In milliseconds. */
const TIMES: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** Bytes as PostgreSQL writes them: whole megabytes, or kilobytes below ten of them. */
export function pgSize(bytes: number): string {
  const megabytes = bytes / 1024 ** 2
  return megabytes >= 10 ? `${Math.floor(megabytes)}MB` : `${Math.floor(bytes / 1024)}kB`
}

/** Bytes of a memory setting; a bare number counts in `unitBytes`. Undefined when it is no size, or below zero. */
export function parsePgSize(value: string, unitBytes: number): number | undefined {
  const parts = splitPgNumber(value, 'integer')
  const unit = parts === undefined || parts.unit === '' ? unitBytes : SIZES[parts.unit]
  return parts === undefined || unit === undefined || parts.amount < 0 ? undefined : parts.amount * unit
}

/** The names of the units that can stand in place of a base unit such as `8kB` or `ms`: sizes, times, or none. */
export function unitsBeside(base: string): readonly string[] {
  return Object.keys(scaleOf(base))
}

/** How many of the base unit one of another unit is; undefined when the two do not measure the same. */
export function unitRatio(unit: string, base: string): number | undefined {
  const scale = scaleOf(base)
  const [, count = '', name = ''] = /^(\d*)(\w*)$/.exec(base) ?? []
  const [from, to] = [scale[unit], scale[name]]
  return from === undefined || to === undefined ? undefined : from / (to * Number(count === '' ? 1 : count))
}

/**
 * The number and the unit of a setting, as guc.c's parse_int and parse_real read them: white space around both, signs,
 * fractions, exponents, hexadecimal, and for integers a leading 0 for octal.
 */
export function splitPgNumber(
  value: string,
  kind: 'integer' | 'real',
): { readonly amount: number; readonly unit: string } | undefined {
  const match = /^\s*([+-]?)(0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(\S*)\s*$/i.exec(value)
  if (match === null) return undefined
  const [, sign, digits = '', unit = ''] = match
  const octal = kind === 'integer' && /^0\d+$/.test(digits)
  if (octal && /[89]/.test(digits)) return undefined
  const amount = octal ? Number.parseInt(digits, 8) : Number(digits)
  return { amount: sign === '-' ? -amount : amount, unit }
}

function scaleOf(base: string): Readonly<Record<string, number>> {
  if (base === '') return {}
  return base.endsWith('B') ? SIZES : TIMES
}
