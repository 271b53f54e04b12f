import { type Loose, type LooseText, looseText } from '../loose.ts'
import type { Report } from '../report.ts'

/** Reports each name that an earlier item of the list has already. */
export function checkUnique({
  items,
  what,
  report,
}: {
  readonly items: readonly Loose[]
  readonly what: string
  readonly report: Report
}): void {
  checkUniqueTexts({
    texts: items.flatMap(item => {
      const text = looseText(item, 'name')
      return text === undefined ? [] : [{ text, path: [...item.path, 'name'] }]
    }),
    what,
    report,
  })
}

/** Reports each text that stands earlier in the list already. */
export function checkUniqueTexts({
  texts,
  what,
  report,
}: {
  readonly texts: readonly LooseText[]
  readonly what: string
  readonly report: Report
}): void {
  const seen = new Set<string>()
  for (const { text, path } of texts) {
    if (seen.has(text))
      report({
        code: `duplicate-${what.replaceAll(' ', '-')}`,
        message: `${what} \`${text}\` is declared twice`,
        path,
        hint: 'Rename or remove one of the two.',
      })
    seen.add(text)
  }
}
