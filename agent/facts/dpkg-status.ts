import type { PackageFact } from '../../shared/domain/facts.ts'

/** The installed packages of a dpkg status file (deb822 paragraphs), sorted by name, then architecture. */
export function parseDpkgStatus(text: string): readonly PackageFact[] {
  const packages: PackageFact[] = []
  for (let start = 0; start < text.length; ) {
    const blank = text.indexOf('\n\n', start)
    const end = blank === -1 ? text.length : blank
    const installed = parseParagraph(text, start, end)
    if (installed !== null) packages.push(installed)
    start = end + 2
  }
  return packages.toSorted((a, b) => compare(a.name, b.name) || compare(a.architecture, b.architecture))
}

/** The third word of Status is the state; `half-installed` or `config-files` is not installed. */
function parseParagraph(text: string, start: number, end: number): PackageFact | null {
  let [name, version, architecture, status] = ['', '', '', '']
  for (let at = start; at < end; ) {
    const newline = text.indexOf('\n', at)
    const lineEnd = newline === -1 || newline > end ? end : newline
    if (text.startsWith('Package: ', at)) name = text.slice(at + 9, lineEnd)
    else if (text.startsWith('Status: ', at)) status = text.slice(at + 8, lineEnd)
    else if (text.startsWith('Version: ', at)) version = text.slice(at + 9, lineEnd)
    else if (text.startsWith('Architecture: ', at)) architecture = text.slice(at + 14, lineEnd)
    at = lineEnd + 1
  }
  return name !== '' && status.endsWith(' installed') ? { name, version, architecture } : null
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
