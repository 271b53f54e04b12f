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

/** Reads the database again only when it has changed. */
export function createDpkgStatusReader(files: HostFiles): () => Promise<DpkgStatus> {
  let last: { readonly stamp: string; readonly status: DpkgStatus } | null = null
  return async () => {
    const stat = await files.stat(STATUS_FILE)
    const updates = ((await files.list(UPDATES_DIRECTORY)) ?? []).filter(name => /^\d+$/.test(name))
    const stamp = `${stat?.inode}:${stat?.modifiedMs}:${stat?.sizeBytes}:${updates.length}`
    if (last?.stamp === stamp) return last.status
    const parsed = parseDpkgStatus((await files.readText(STATUS_FILE)) ?? '')
    const unfinished = updates.length > 0 ? [...parsed.unfinished, 'an interrupted dpkg run'] : parsed.unfinished
    last = { stamp, status: { installed: parsed.installed, unfinished } }
    return last.status
  }
}

export function parseDpkgStatus(text: string): DpkgStatus {
  const installed = new Map<string, string>()
  const unfinished: string[] = []
  for (const paragraph of text.split('\n\n')) {
    const name = field(paragraph, 'Package')
    const [, , state] = field(paragraph, 'Status').split(' ')
    if (name === '' || state === undefined) continue
    if (state === 'installed') installed.set(name, field(paragraph, 'Version'))
    else if (state !== 'config-files' && state !== 'not-installed') unfinished.push(name)
  }
  return { installed, unfinished }
}

function field(paragraph: string, name: string): string {
  const start = paragraph.startsWith(`${name}: `) ? 0 : paragraph.indexOf(`\n${name}: `) + 1
  if (start === 0 && !paragraph.startsWith(`${name}: `)) return ''
  const end = paragraph.indexOf('\n', start)
  // A copy, so that the small value does not keep the whole database in memory.
  return Buffer.from(paragraph.slice(start + name.length + 2, end === -1 ? undefined : end)).toString()
}
