import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { FileWrite } from './files-types.ts'

/** The calls whose order is the promise of this file. */
export interface AtomicWriteIo {
  readonly open: typeof open
  readonly rename: typeof rename
}

const NODE_IO: AtomicWriteIo = { open, rename }

/** Writes a temporary file beside the path, syncs it, renames it over the path and syncs the directory. */
export async function writeAtomic(write: FileWrite, io: AtomicWriteIo = NODE_IO): Promise<void> {
  const temporary = temporaryName(write.path)
  try {
    await fillFile(temporary, write, io)
    await io.rename(temporary, write.path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncDirectory(dirname(write.path), io)
}

/** Starts unreadable, so that a secret is never visible to others, not even for a moment. */
async function fillFile(path: string, write: FileWrite, io: AtomicWriteIo): Promise<void> {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants
  const file = await io.open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600)
  try {
    await file.writeFile(write.content)
    if (write.uid !== undefined || write.gid !== undefined) await file.chown(write.uid ?? -1, write.gid ?? -1)
    await file.chmod(write.mode)
    await file.sync()
  } finally {
    await file.close()
  }
}

export async function syncDirectory(path: string, io: Pick<AtomicWriteIo, 'open'> = NODE_IO): Promise<void> {
  const directory = await io.open(path, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** Hidden, beside the path, and never the same twice. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.drover-${randomBytes(6).toString('hex')}`)
}
