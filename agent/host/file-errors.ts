import { DroverError, type ErrorCode } from '../../shared/domain/errors.ts'

/** Runs a file operation; the kernel's refusal becomes a DroverError that names the path. */
export async function explained<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw explain(path, error)
  }
}

/** The same, with null for a path that does not exist. */
export async function absentAsNull<T>(path: string, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    const code = errnoOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw explain(path, error)
  }
}

export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function explain(path: string, error: unknown): DroverError {
  if (error instanceof DroverError) return error
  const errno = errnoOf(error)
  const { code, why, hint } = MEANINGS[errno ?? ''] ?? { code: 'failed', why: errno ?? String(error) }
  return new DroverError(code, `${path}: ${why}`, { cause: error, ...(hint === undefined ? {} : { hint }) })
}

const MEANINGS: Readonly<Record<string, { readonly code: ErrorCode; readonly why: string; readonly hint?: string }>> = {
  EACCES: { code: 'denied', why: 'permission denied', hint: 'run the agent as root' },
  EPERM: { code: 'denied', why: 'operation not permitted', hint: 'run the agent as root' },
  ENOENT: { code: 'not-found', why: 'no such file or directory' },
  ENOTDIR: { code: 'conflict', why: 'a part of the path is not a directory' },
  EEXIST: { code: 'conflict', why: 'something is there already' },
  EISDIR: { code: 'conflict', why: 'a directory is there' },
  ENOTEMPTY: { code: 'conflict', why: 'the directory is not empty' },
  ENOSPC: { code: 'exhausted', why: 'no space left on the device', hint: 'free space on that file system' },
  EDQUOT: { code: 'exhausted', why: 'the disk quota is used up', hint: 'free space on that file system' },
  EROFS: {
    code: 'denied',
    why: 'the file system is read-only',
    hint: 'see the kernel log: it may have been remounted after an I/O error',
  },
}
