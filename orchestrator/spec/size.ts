const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
}

export const SIZE_PATTERN = /^(\d+(?:\.\d+)?)\s*([KMGTkmgt]?)[iI]?[bB]?$/
export const SIZE_HINT = 'Write a size such as `512MB`, `8GB` or `1.5TB` (powers of 1024), or bytes as an integer.'

/** Bytes of `8GB`, `8 GiB`, `512M` or a plain integer; undefined when it is none of these. Units are powers of 1024. */
export function parseSize(value: string | number): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  const match = SIZE_PATTERN.exec(value.trim())
  if (match === null) return undefined
  const unit = UNITS[`${(match[2] ?? '').toUpperCase()}B`] ?? 1
  const bytes = Math.round(Number(match[1]) * unit)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}
