/** The candidate that a person most likely meant, or undefined when none is near (about a third of the letters may differ). */
export function closestWord(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.round(word.length / 3))
  let best: { readonly candidate: string; readonly distance: number } | undefined
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit) continue
    const distance = editDistance(simplify(word), simplify(candidate))
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance }
  }
  return best?.candidate
}

/** `Did you mean …?`, or the whole list when it is short, or undefined. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const close = closestWord(word, candidates)
  if (close !== undefined) return `Did you mean \`${close}\`?`
  return candidates.length > 0 && candidates.length <= 12 ? `Known: ${candidates.join(', ')}.` : undefined
}

/** Case, `_` and `-` are what people mix up most; they cost nothing. */
function simplify(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, '')
}

/** Levenshtein distance, two rows. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1)
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[right.length] ?? 0
}
