import { constants } from 'node:fs'
import { chmod, chown, lstat, mkdir, open, rename, rm, rmdir, symlink, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import { errnoOf, explained } from './file-errors.ts'
import type { DirectoryWrite, FileWrite, HostFiles } from './files-types.ts'
import { syncDirectory, temporaryName, writeAtomic } from './write-atomic.ts'

type FileWriter = Pick<
  HostFiles,
  'writeAtomic' | 'append' | 'mkdir' | 'setAttributes' | 'remove' | 'rename' | 'symlink'
>

/** The writing half of HostFiles. `at` maps a path of the machine to the real one. */
export function createFileWriter(at: (path: string) => string): FileWriter {
  return {
    writeAtomic: write => explained(write.path, () => writeAtomic({ ...write, path: at(write.path) })),
    append: write => explained(write.path, () => append({ ...write, path: at(write.path) })),
    mkdir: dir => explained(dir.path, () => makeDirectory({ ...dir, path: at(dir.path) })),
    setAttributes: change => explained(change.path, () => setAttributes({ ...change, path: at(change.path) })),
    remove: removal => explained(removal.path, () => remove({ ...removal, path: at(removal.path) })),
    rename: move => explained(move.to, () => moveEntry({ from: at(move.from), to: at(move.to) })),
    symlink: link => explained(link.path, () => replaceLink({ path: at(link.path), target: link.target })),
  }
}

async function append(write: FileWrite): Promise<void> {
  const isNew = (await lstatOrNull(write.path)) === null
  const { O_CREAT, O_APPEND, O_WRONLY, O_NOFOLLOW } = constants
  const file = await open(write.path, O_CREAT | O_APPEND | O_WRONLY | O_NOFOLLOW, write.mode)
  try {
    if (isNew && (write.uid !== undefined || write.gid !== undefined))
      await file.chown(write.uid ?? -1, write.gid ?? -1)
    await file.writeFile(write.content)
    await file.sync()
  } finally {
    await file.close()
  }
  if (isNew) await syncDirectory(dirname(write.path))
}

async function makeDirectory(dir: DirectoryWrite): Promise<void> {
  await mkdir(dirname(dir.path), { recursive: true, mode: 0o755 })
  try {
    await mkdir(dir.path, { mode: 0o700 })
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
    if (!(await lstat(dir.path)).isDirectory()) {
      throw new DroverError('conflict', `${dir.path}: cannot make the directory, something else is there`, {
        cause: error,
      })
    }
  }
  await setAttributes(dir)
  await syncDirectory(dirname(dir.path))
}

async function setAttributes(change: DirectoryWrite): Promise<void> {
  if ((await lstat(change.path)).isSymbolicLink()) {
    throw new DroverError('conflict', `${change.path}: a symbolic link is there; its target is left alone`)
  }
  if (change.uid !== undefined || change.gid !== undefined) {
    await chown(change.path, change.uid ?? -1, change.gid ?? -1)
  }
  await chmod(change.path, change.mode)
}

async function remove(removal: { readonly path: string; readonly recursive?: boolean }): Promise<boolean> {
  const there = await lstatOrNull(removal.path)
  if (there === null) return false
  if (removal.recursive === true) await rm(removal.path, { recursive: true })
  else if (there.isDirectory()) await rmdir(removal.path)
  else await unlink(removal.path)
  await syncDirectory(dirname(removal.path))
  return true
}

async function moveEntry({ from, to }: { readonly from: string; readonly to: string }): Promise<void> {
  await rename(from, to)
  await syncDirectory(dirname(to))
  if (dirname(from) !== dirname(to)) await syncDirectory(dirname(from))
}

async function replaceLink({ path, target }: { readonly path: string; readonly target: string }): Promise<void> {
  const there = await lstatOrNull(path)
  if (there !== null && !there.isSymbolicLink()) {
    throw new DroverError('conflict', `${path}: cannot make the link, something else is there`)
  }
  const temporary = temporaryName(path)
  await symlink(target, temporary)
  try {
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncDirectory(dirname(path))
}

async function lstatOrNull(path: string) {
  try {
    return await lstat(path)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}
