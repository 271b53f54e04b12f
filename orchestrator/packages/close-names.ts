/** Up to `limit` names that someone who typed `wanted` may have meant: the fewest edits first, then names that contain it. */
export function closeNames({
  wanted,
  names,
  limit = 3,
}: {
  wanted: string
  names: Iterable<string>
  limit?: number
}): readonly string[] {
  const tolerance = Math.max(2, Math.floor(wanted.length / 4))
  const scored: { readonly name: string; readonly distance: number }[] = []
  for (const name of names) {
    const distance =
      Math.abs(name.length - wanted.length) > tolerance ? Number.POSITIVE_INFINITY : editDistance(wanted, name)
    if (distance <= tolerance) scored.push({ name, distance })
    else if (wanted.length >= 4 && name.includes(wanted))
      scored.push({ name, distance: tolerance + name.length - wanted.length })
  }
  scored.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  return scored.slice(0, limit).map(({ name }) => name)
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const [row, left] of Array.from(a).entries()) {
    const current = [row + 1]
    for (const [column, right] of Array.from(b).entries()) {
      const substitute = (previous[column] ?? 0) + (left === right ? 0 : 1)
      current.push(Math.min(substitute, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? a.length
}
