/**
 * Circles in what follows what: of circles that share a node only one. Each starts and ends with the same name, the one that
 * comes first. Linear in nodes and edges, and without recursion, since a file can hold a chain of any length.
 */
export function circlesOf(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const circles: (readonly string[])[] = []
  const finished = new Set<string>()
  const reported = new Set<string>()
  for (const start of edges.keys()) {
    const path: { readonly name: string; readonly rest: string[] }[] = []
    const depth = new Map<string, number>()
    const enter = (name: string): void => {
      depth.set(name, path.length)
      path.push({ name, rest: [...(edges.get(name) ?? [])].reverse() })
    }
    if (!finished.has(start)) enter(start)
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      const next = last.rest.pop()
      if (next === undefined) {
        path.pop()
        depth.delete(last.name)
        finished.add(last.name)
        continue
      }
      const back = depth.get(next)
      if (back === undefined) {
        if (!finished.has(next)) enter(next)
      } else if (!reported.has(next) && !reported.has(last.name)) {
        const names = path.slice(back).map(({ name }) => name)
        for (const name of names) reported.add(name)
        circles.push([...names, next])
      }
    }
  }
  return circles
}

/** `a → b → a`; the middle of a long one is left out. */
export function wayText(names: readonly string[]): string {
  const shown = names.length <= 10 ? names : [...names.slice(0, 5), '…', ...names.slice(-4)]
  return shown.join(' → ')
}
