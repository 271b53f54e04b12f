import type { Stats } from 'node:fs'
import { lstat, readdir, readFile, readlink, stat, statfs } from 'node:fs/promises'
import { isAbsolute, join, normalize } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import { absentAsNull, errnoOf, explained } from './file-errors.ts'
import { createFileWriter } from './file-writer.ts'
import type { FileStat, FilesystemSpace, HostFiles } from './files-types.ts'
import { openRaw } from './raw-file.ts'

/** The files below `root`. `..` is taken out of a path by its text and never leads out of the root; a symbolic link that is absolute leads out of it, as it does for the kernel. */
export function createFiles({ root }: { readonly root: string }): HostFiles {
  const at = (path: string) => {
    if (!isAbsolute(path) || path.includes('\0')) {
      throw new DroverError('invalid', `the path ${JSON.stringify(path)} is not an absolute path`)
    }
    return join(root, normalize(path))
  }
  return {
    readText: path => absentAsNull(path, () => readFile(at(path), 'utf8')),
    readBytes: path => absentAsNull(path, () => readFile(at(path))),
    list: path => absentAsNull(path, async () => (await readdir(at(path))).sort()),
    stat: path => absentAsNull(path, async () => toFileStat(await stat(at(path)))),
    lstat: path => absentAsNull(path, async () => toFileStat(await lstat(at(path)))),
    readlink: path => absentAsNull(path, () => linkTarget(at(path))),
    statfs: path => absentAsNull(path, () => space(at(path))),
    openRaw: options => explained(options.path, async () => openRaw({ ...options, path: at(options.path) })),
    ...createFileWriter(at),
  }
}

function toFileStat(stats: Stats): FileStat {
  return {
    kind: kindOf(stats),
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    sizeBytes: stats.size,
    modifiedMs: stats.mtimeMs,
    device: stats.dev,
    inode: stats.ino,
  }
}

function kindOf(stats: Stats): FileStat['kind'] {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  return stats.isSymbolicLink() ? 'symlink' : 'other'
}

async function linkTarget(path: string): Promise<string | null> {
  try {
    return await readlink(path)
  } catch (error) {
    if (errnoOf(error) === 'EINVAL') return null
    throw error
  }
}

async function space(path: string): Promise<FilesystemSpace> {
  const { bsize, blocks, bavail, bfree, files, ffree } = await statfs(path)
  return {
    sizeBytes: blocks * bsize,
    availableBytes: bavail * bsize,
    freeBytes: bfree * bsize,
    ...(files > 0 ? { inodes: { total: files, free: ffree } } : {}),
  }
}
