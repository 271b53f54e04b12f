import { DroverError } from '../../shared/domain/errors.ts'

/** Primary result codes of SQLite (sqlite.org/rescode.html); extended codes keep them in the low byte. */
const BUSY = 5
const READONLY = 8
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const NOTADB = 26

/** What node:sqlite throws, in words for an operator. Errors of other kinds pass through `DroverError.from`. */
export function sqliteError(error: unknown, path: string): DroverError {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : -1
  const details = { cause: error }
  switch (code) {
    case BUSY:
      return new DroverError('locked', `another process has the store ${path} open`, {
        ...details,
        hint: 'only one orchestrator can use a store file: stop the other one (systemctl stop drover)',
      })
    case FULL:
      return new DroverError('exhausted', `no room left to write the store ${path}`, {
        ...details,
        hint: 'free disk space (df -h); nothing was written, and nothing written before is lost',
      })
    case READONLY:
      return new DroverError('denied', `the store ${path} is read-only`, {
        ...details,
        hint: 'check its owner and mount',
      })
    case CANTOPEN:
      return new DroverError('failed', `cannot open the store ${path}`, {
        ...details,
        hint: 'check that its folder exists and that this user may write there',
      })
    case CORRUPT:
    case NOTADB:
      return new DroverError('failed', `the store ${path} is damaged or no store at all`, {
        ...details,
        hint: 'restore it from a backup; do not delete it',
      })
    default:
      return DroverError.from(error)
  }
}
