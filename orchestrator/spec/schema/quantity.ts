import { z } from 'zod'
import { DURATION_HINT, DURATION_PATTERN, parseDuration } from '../duration.ts'
import { parseSize, SIZE_HINT, SIZE_PATTERN } from '../size.ts'

export function count(least: number, most: number) {
  return z.int().min(least).max(most)
}

export const connections = count(1, 100_000)

/** Bytes, more than none. */
export const size = z
  .union([z.string().meta({ pattern: SIZE_PATTERN.source }), z.number()], { error: 'must be a size' })
  .transform((value, context) => {
    const bytes = parseSize(value)
    if (bytes !== undefined && bytes > 0) return bytes
    context.addIssue({
      code: 'custom',
      message: `\`${value}\` is not a size`,
      params: { code: 'bad-size', hint: SIZE_HINT },
    })
    return z.NEVER
  })

/** Seconds within bounds, which are given as the file would write them. */
export function duration({ moreThanZero, most }: { readonly moreThanZero: boolean; readonly most: string }) {
  return z
    .union([z.string().meta({ pattern: DURATION_PATTERN.source }), z.number()], { error: 'must be a duration' })
    .transform((value, context) => {
      const seconds = parseDuration(value)
      const complain = (code: string, message: string, hint?: string): never => {
        context.addIssue({ code: 'custom', message, params: { code, hint } })
        return z.NEVER
      }
      if (seconds === undefined) return complain('bad-duration', `\`${value}\` is not a duration`, DURATION_HINT)
      if (seconds < 0) return complain('out-of-range', `must not be negative, as \`${value}\` is`)
      if (moreThanZero && seconds === 0) return complain('out-of-range', `must be more than 0, not \`${value}\``)
      if (seconds > (parseDuration(most) ?? 0)) {
        return complain('out-of-range', `must be at most \`${most}\`, not \`${value}\``)
      }
      return seconds
    })
}
