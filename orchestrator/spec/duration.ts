const SECONDS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86_400 }

export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?$/
export const DURATION_HINT = 'Write `500us`, `2ms`, `30s`, `10min`, `4h` or `7d`.'

/** Seconds; undefined when the text is not a duration. A bare number is seconds. */
export function parseDuration(value: string | number): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  const [, amount, unit = 's'] = DURATION_PATTERN.exec(value.trim()) ?? []
  return amount === undefined ? undefined : Number(amount) * (SECONDS[unit] ?? 1)
}
