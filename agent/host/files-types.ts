/**
 * Files of the machine. Paths are absolute. Reads answer null for what is absent and throw `denied` for what may not be read,
 * `failed` for any other refusal of the kernel; writes throw `exhausted` when the disk is full. Writes are durable when they resolve:
 * the file and the entry in its directory are on disk.
 */
export interface HostFiles {
  readText(path: string): Promise<string | null>
  readBytes(path: string): Promise<Uint8Array | null>
  /** Names of the entries, sorted; null when there is no such directory. */
  list(path: string): Promise<readonly string[] | null>
  /** Follows symbolic links. */
  stat(path: string): Promise<FileStat | null>
  /** Does not follow a symbolic link at the end of the path. */
  lstat(path: string): Promise<FileStat | null>
  /** Null also for what is not a symbolic link. */
  readlink(path: string): Promise<string | null>
  /** Space of the file system that holds the path. */
  statfs(path: string): Promise<FilesystemSpace | null>
  /** Temporary file beside it, owner and mode, fsync, rename, fsync of the directory: readers see the old content or the new. */
  writeAtomic(write: FileWrite): Promise<void>
  /** Appends and fsyncs; creates the file (and fsyncs its directory) when absent. */
  append(write: FileWrite): Promise<void>
  /** Makes the directory (parents 0755) or corrects owner and mode of the one that is there; `conflict` when something else is there. */
  mkdir(dir: DirectoryWrite): Promise<void>
  /** Owner and mode of what is there; a symbolic link is refused (`conflict`). */
  setAttributes(change: DirectoryWrite): Promise<void>
  /** Says whether something was there. A directory that is not empty needs `recursive`. */
  remove(removal: { readonly path: string; readonly recursive?: boolean }): Promise<boolean>
  rename(move: { readonly from: string; readonly to: string }): Promise<void>
  /** Makes or atomically replaces a symbolic link; `conflict` when something else than a link is there. */
  symlink(link: { readonly path: string; readonly target: string }): Promise<void>
  /** A new, exclusive file for timing: see {@link RawFile}. */
  openRaw(options: { readonly path: string; readonly direct: boolean }): Promise<RawFile>
}

export interface FileWrite {
  readonly path: string
  readonly content: string | Uint8Array
  /** Permission bits, such as 0o640. */
  readonly mode: number
  /** Owner; default the agent's own. */
  readonly uid?: number
  readonly gid?: number
}

export interface DirectoryWrite {
  readonly path: string
  readonly mode: number
  readonly uid?: number
  readonly gid?: number
}

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other'
  /** Permission bits only, with set-uid, set-gid and sticky. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** Equal for two paths of one file system. */
  readonly device: number
  readonly inode: number
}

export interface FilesystemSpace {
  readonly sizeBytes: number
  /** Free for everybody. */
  readonly availableBytes: number
  /** Free with the reserve of root. */
  readonly freeBytes: number
  /** Absent where the file system makes them as it needs them. */
  readonly inodes?: { readonly total: number; readonly free: number }
}

/**
 * An open file for timing the medium. Its calls are synchronous, because a trip through the thread pool costs more than a fast
 * disk: use it in a short-lived process only. With `direct`, lengths and positions are multiples of 4096.
 */
export interface RawFile {
  /** Whether the file really bypasses the page cache; some file systems refuse. */
  readonly direct: boolean
  /** Writes a fixed pattern and then fdatasyncs; answers how long both took together, in microseconds. */
  writeAndSync(range: { readonly bytes: number; readonly position: number }): number
  close(): void
}
