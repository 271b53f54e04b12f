/**
 * Works on every item, at most so many at the same time. After a failure no further item is begun; rejects with the first one
 * when nothing is under way any more.
 */
export async function eachAtMost<T>({
  items,
  atMost,
  work,
}: {
  readonly items: readonly T[]
  readonly atMost: number
  readonly work: (item: T) => Promise<void>
}): Promise<void> {
  const rest = items.values()
  const failures: unknown[] = []
  const workers = Array.from({ length: Math.min(atMost, items.length) }, async () => {
    for (const item of rest) {
      if (failures.length > 0) return
      await work(item).catch((error: unknown) => failures.push(error))
    }
  })
  await Promise.all(workers)
  if (failures.length > 0) throw failures[0]
}
