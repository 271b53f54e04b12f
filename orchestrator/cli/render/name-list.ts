const COLLATOR = new Intl.Collator('en', { numeric: true })

/** Names in natural order, runs of three and more numbers as one: `node-1, node-4 … node-9`. After `most` runs only their number is told. */
export function nameList(names: readonly string[], most = Number.POSITIVE_INFINITY): string {
  const runs: { first: string; last: string; count: number }[] = []
  for (const name of [...new Set(names)].sort(COLLATOR.compare)) {
    const run = runs.at(-1)
    if (run !== undefined && follows(run.last, name)) {
      run.last = name
      run.count += 1
    } else runs.push({ first: name, last: name, count: 1 })
  }
  const untold = runs.slice(most).reduce((sum, { count }) => sum + count, 0)
  return `${runs.slice(0, most).map(runText).join(', ')}${untold === 0 ? '' : ` and ${untold} more`}`
}

function runText({ first, last, count }: { readonly first: string; readonly last: string; readonly count: number }) {
  if (count === 1) return first
  return count === 2 ? `${first}, ${last}` : `${first} … ${last}`
}

function follows(left: string, right: string): boolean {
  const [, leftPrefix, leftNumber] = /^(.*?)(\d+)$/.exec(left) ?? []
  const [, rightPrefix, rightNumber] = /^(.*?)(\d+)$/.exec(right) ?? []
  return leftPrefix !== undefined && leftPrefix === rightPrefix && Number(rightNumber) === Number(leftNumber) + 1
}
