import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Replaces a file so that a crash leaves the old content or the new, never a part: write aside, fsync, rename, fsync the folder. */
export async function writeDurably(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const aside = `${path}.new`
  const file = await open(aside, 'w', mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(aside, path)
  await syncPath(dirname(path))
}

/** Flushes a file, or the names in a folder, to the disk. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
