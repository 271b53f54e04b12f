/** One cluster's own operation. Unix milliseconds. */
export interface Span {
  readonly cluster: string
  readonly from: number
  readonly to: number
}

/** The most spans that were open at the same time, of those that share a key; a span may have several. Pure. */
export function mostAtOnce(spans: readonly Span[], keysOf: (span: Span) => readonly string[]): number {
  const changes = spans
    .flatMap(span =>
      [...new Set(keysOf(span))].flatMap(key => [
        { key, at: span.from, by: 1 },
        { key, at: span.to, by: -1 },
      ]),
    )
    .sort((left, right) => left.at - right.at || left.by - right.by)
  const open = new Map<string, number>()
  let most = 0
  for (const { key, by } of changes) {
    const now = (open.get(key) ?? 0) + by
    open.set(key, now)
    most = Math.max(most, now)
  }
  return most
}

/** Clusters that were begun other than once, or that nobody has begun. Pure. */
export function notOnce(spans: readonly Span[], clusters: readonly string[]): readonly string[] {
  const counts = Map.groupBy(spans, ({ cluster }) => cluster)
  return clusters.filter(cluster => counts.get(cluster)?.length !== 1)
}

/** How many spans began before, in and after a time when no window was open. */
export interface BegunAround {
  readonly before: number
  readonly within: number
  readonly after: number
}

/** Pure. */
export function begunAround(spans: readonly Span[], gap: { readonly from: number; readonly to: number }): BegunAround {
  const before = spans.filter(({ from }) => from < gap.from).length
  const after = spans.filter(({ from }) => from >= gap.to).length
  return { before, within: spans.length - before - after, after }
}
