/** Narrower than this, wrapping hurts more than it helps. */
const LEAST_COLUMNS = 40

/** A space before a word; a per cent sign stays with its number. */
const BREAK = / (?=[^\s%])/

/** Text in lines of at most `columns`, the first indented by `indent`, the others by `hang`. A word that is longer stays whole. */
export function wrap(
  text: string,
  { columns, indent, hang = indent }: { readonly columns: number; readonly indent: number; readonly hang?: number },
): string[] {
  const width = Math.max(LEAST_COLUMNS, columns)
  const lines: string[] = []
  let line = ' '.repeat(indent)
  let empty = true
  for (const word of text.split(BREAK)) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line.trimEnd())
      line = ' '.repeat(hang) + word
    } else {
      line += empty ? word : ` ${word}`
    }
    empty = false
  }
  return [...lines, line.trimEnd()]
}
