/** One paragraph: field names in lower case, values with their continuation lines (first blank of each cut). */
export type Paragraph = ReadonlyMap<string, string>

/** Parses Debian's control format (deb822): paragraphs separated by blank lines; `#` lines are comments, even between continuations. */
export function parseDeb822(text: string): readonly Paragraph[] {
  const paragraphs: Map<string, string>[] = []
  let current = new Map<string, string>()
  let field: string | undefined
  const finish = () => {
    if (current.size > 0) paragraphs.push(current)
    current = new Map()
    field = undefined
  }
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue
    if (line.trim() === '') {
      finish()
      continue
    }
    if (/^[ \t]/.test(line)) {
      if (field !== undefined) current.set(field, `${current.get(field) ?? ''}\n${line.slice(1)}`)
      continue
    }
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    field = line.slice(0, colon).toLowerCase()
    current.set(field, line.slice(colon + 1).trim())
  }
  finish()
  return paragraphs
}

/** Renders one paragraph; lines after the first become continuation lines. */
export function renderDeb822(fields: readonly (readonly [name: string, value: string])[]): string {
  return fields.map(([name, value]) => `${name}: ${value.replaceAll('\n', '\n ')}\n`).join('')
}
