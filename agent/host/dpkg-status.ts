import type { HostFiles } from './files-types.ts'

const STATUS_FILE = '/var/lib/dpkg/status'
const UPDATES_DIRECTORY = '/var/lib/dpkg/updates'

/** What dpkg's own database says; nothing is run. */
export interface DpkgStatus {
  /** Version of each package that is installed completely. */
  readonly installed: ReadonlyMap<string, string>
  /** Packages that an interrupted or failed installation left half done. */
  readonly unfinished: readonly string[]
}

/** One package and architecture that dpkg knows of. */
export interface DpkgPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
  /** dpkg's word: `installed`, `half-configured`, `config-files` (removed, its configuration is left) and so on. */
  readonly state: string
}

/** Reads the database again only when it has changed. */
export function createDpkgStatusReader(files: HostFiles): () => Promise<DpkgStatus> {
  let last: { readonly stamp: string; readonly status: DpkgStatus } | null = null
  return async () => {
    const stat = await files.stat(STATUS_FILE)
    const updates = ((await files.list(UPDATES_DIRECTORY)) ?? []).filter(name => /^\d+$/.test(name))
    const stamp = `${stat?.inode}:${stat?.modifiedMs}:${stat?.sizeBytes}:${updates.length}`
    if (last?.stamp === stamp) return last.status
    const status = parseDpkgStatus((await files.readText(STATUS_FILE)) ?? '')
    const unfinished = updates.length > 0 ? [...status.unfinished, 'an interrupted dpkg run'] : status.unfinished
    last = { stamp, status: { ...status, unfinished } }
    return last.status
  }
}

/** What the text of a dpkg status file says. */
export function parseDpkgStatus(text: string): DpkgStatus {
  const packages = parseDpkgPackages(text)
  return {
    installed: new Map(
      packages.flatMap(({ name, version, state }) => (state === 'installed' ? [[name, version]] : [])),
    ),
    unfinished: packages.flatMap(({ name, state }) => (SETTLED.has(state) ? [] : [name])),
  }
}

/** Every package of a dpkg status file (deb822 paragraphs), in its order. */
export function parseDpkgPackages(text: string): readonly DpkgPackage[] {
  const packages: DpkgPackage[] = []
  for (let start = 0; start < text.length; ) {
    const blank = text.indexOf('\n\n', start)
    const end = blank === -1 ? text.length : blank
    const found = parseParagraph(text, start, end)
    if (found !== null) packages.push(found)
    start = end + 2
  }
  return packages
}

const SETTLED: ReadonlySet<string> = new Set(['installed', 'config-files', 'not-installed'])

/** Status holds three words: what is wanted, an error flag, the state. Folded lines start with a space and match nothing. */
function parseParagraph(text: string, start: number, end: number): DpkgPackage | null {
  let [name, version, architecture, status] = ['', '', '', '']
  for (let at = start; at < end; ) {
    const newline = text.indexOf('\n', at)
    const lineEnd = newline === -1 || newline > end ? end : newline
    if (text.startsWith('Package: ', at)) name = copy(text, at + 9, lineEnd)
    else if (text.startsWith('Status: ', at)) status = copy(text, at + 8, lineEnd)
    else if (text.startsWith('Version: ', at)) version = copy(text, at + 9, lineEnd)
    else if (text.startsWith('Architecture: ', at)) architecture = copy(text, at + 14, lineEnd)
    at = lineEnd + 1
  }
  const [, , state] = status.split(' ')
  return name === '' || state === undefined ? null : { name, version, architecture, state }
}

/** A real copy, so that a small value does not keep the whole database in memory. */
function copy(text: string, start: number, end: number): string {
  return Buffer.from(text.slice(start, end)).toString()
}
