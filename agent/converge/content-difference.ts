import { sha256Hex } from '../../shared/lib/hash.ts'

/** Where two texts differ, in line numbers and hash prefixes, never in content; null when they are equal. */
export function contentDifference(texts: {
  readonly actual: string
  readonly wanted: string
  readonly secret: boolean
}): string | null {
  const { actual, wanted, secret } = texts
  if (actual === wanted) return null
  if (secret) return 'content differs'
  const { first, last } = differingLines(actual.split('\n'), wanted.split('\n'))
  const where = first === last ? `at line ${first}` : `between line ${first} and ${last}`
  return `content differs ${where} (sha256 ${prefix(actual)}, wanted ${prefix(wanted)})`
}

/** First and last line of the actual text that differ, one-based; common beginning and end are left out. */
function differingLines(actual: readonly string[], wanted: readonly string[]) {
  const shorter = Math.min(actual.length, wanted.length)
  let start = 0
  while (start < shorter && actual[start] === wanted[start]) start += 1
  let end = 0
  while (end < shorter - start && actual.at(-1 - end) === wanted.at(-1 - end)) end += 1
  return { first: start + 1, last: Math.max(start + 1, actual.length - end) }
}

function prefix(text: string): string {
  return sha256Hex(text).slice(0, 8)
}
