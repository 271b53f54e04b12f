/** Numbers in [0, 1) that are the same for the same seed: mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** So many of them, in their order. */
export function sample<T>(items: readonly T[], count: number, random: () => number): readonly T[] {
  const chosen = new Set(
    items
      .map((_, index) => ({ index, weight: random() }))
      .toSorted((left, right) => left.weight - right.weight)
      .slice(0, count)
      .map(({ index }) => index),
  )
  return items.filter((_, index) => chosen.has(index))
}
