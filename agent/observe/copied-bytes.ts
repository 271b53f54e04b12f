import type { HostFiles } from '../host/files-types.ts'

/** More entries are not looked at: the figure is for a person who waits. */
const MOST_ENTRIES = 20_000

/** How much of a copy has arrived in a data directory; symbolic links are not followed. Never throws. */
export async function copiedBytes(files: Pick<HostFiles, 'list' | 'lstat'>, directory: string): Promise<number> {
  const open = [directory]
  let bytes = 0
  let seen = 0
  for (let path = open.pop(); path !== undefined && seen < MOST_ENTRIES; path = open.pop()) {
    for (const name of (await files.list(path).catch(() => null)) ?? []) {
      const stat = await files.lstat(`${path}/${name}`).catch(() => null)
      seen += 1
      if (stat?.kind === 'directory') open.push(`${path}/${name}`)
      else if (stat?.kind === 'file') bytes += stat.sizeBytes
    }
  }
  return bytes
}
