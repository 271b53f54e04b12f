import { type Loose, type LooseText, looseText } from '../loose.ts'
import type { Report } from '../report.ts'

/** Reports each item whose name an earlier item of the list has already. */
export function checkUnique({
  items,
  what,
  report,
}: {
  readonly items: readonly Loose[]
  readonly what: string
  readonly report: Report
}): void {
  const declared = items.flatMap((item): readonly LooseText[] => {
    const text = looseText(item, 'name')
    return text === undefined ? [] : [{ text, path: [...item.path, 'name'] }]
  })
  for (const { text, path } of repeated(declared)) {
    report({
      code: codeOf(what),
      message: `${what} \`${text}\` is declared twice`,
      path,
      hint: 'Rename or remove one of the two.',
    })
  }
}

/** Reports each word that stands earlier in the list already. */
export function checkUniqueTexts({
  texts,
  what,
  report,
}: {
  readonly texts: readonly LooseText[]
  readonly what: string
  readonly report: Report
}): void {
  for (const { text, path } of repeated(texts)) {
    report({ code: codeOf(what), message: `${what} \`${text}\` is named twice`, path, hint: 'Remove one of the two.' })
  }
}

function repeated(texts: readonly LooseText[]): readonly LooseText[] {
  const seen = new Set<string>()
  return texts.filter(({ text }) => {
    const again = seen.has(text)
    seen.add(text)
    return again
  })
}

function codeOf(what: string): string {
  return `duplicate-${what.replaceAll(' ', '-')}`
}
