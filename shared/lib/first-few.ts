/** The first of some sentences, and how many more there are: `a; b; and 3 more`. */
export function firstFew(texts: readonly string[], most: number, between: '; ' | ', ' = '; '): string {
  const more = texts.length > most ? [`and ${texts.length - most} more`] : []
  return [...texts.slice(0, most), ...more].join(between)
}
