import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { DroverError } from '../../shared/domain/errors.ts'
import { sqliteError } from './sqlite-errors.ts'

const SCHEMA_VERSION = 1

const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO meta VALUES ('revision', 0), ('compacted', 0);
  CREATE TABLE entry (
    key TEXT PRIMARY KEY, value BLOB NOT NULL,
    create_revision INTEGER NOT NULL, mod_revision INTEGER NOT NULL, version INTEGER NOT NULL, lease TEXT
  ) STRICT;
  CREATE INDEX entry_lease ON entry (lease) WHERE lease IS NOT NULL;
  CREATE TABLE history (
    revision INTEGER NOT NULL, position INTEGER NOT NULL, key TEXT NOT NULL,
    value BLOB, create_revision INTEGER NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (revision, position)
  ) STRICT;
  CREATE TABLE lease (id TEXT PRIMARY KEY, ttl_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`

export interface DatabaseOptions {
  readonly path: string
  /** Upper bound of the file; reaching it is `exhausted`, as a full disk is. Default none. */
  readonly maxBytes?: number
  /** How long to wait for another process to let go. Default 1 s: systemd restarts overlap a little. */
  readonly lockTimeoutMs?: number
}

/**
 * Opens or makes the file, mode 0600, and locks it until it is closed or the process dies. A transaction is on disk when
 * COMMIT returns (`synchronous=FULL`).
 */
export function openDatabase(options: DatabaseOptions): DatabaseSync {
  const { path, maxBytes, lockTimeoutMs = 1000 } = options
  let database: DatabaseSync | undefined
  try {
    closeSync(openSync(path, 'a', 0o600))
    database = new DatabaseSync(path, { timeout: lockTimeoutMs })
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    // The lock is taken by the first write, not by the pragma.
    database.exec('BEGIN IMMEDIATE')
    migrate(database, path)
    database.exec('COMMIT')
    if (maxBytes !== undefined) limitSize(database, maxBytes)
    return database
  } catch (error) {
    database?.close()
    throw explain(error, path)
  }
}

function migrate(database: DatabaseSync, path: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
  if (version > SCHEMA_VERSION)
    throw new DroverError('failed', `the store ${path} has format ${version}, this program knows ${SCHEMA_VERSION}`, {
      hint: 'start the version of Drover that wrote it',
    })
  if (version === 0) database.exec(SCHEMA)
}

function limitSize(database: DatabaseSync, maxBytes: number): void {
  const pageSize = Number(database.prepare('PRAGMA page_size').get()?.['page_size'])
  database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageSize))}`)
}

function explain(error: unknown, path: string): DroverError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT')
    return new DroverError('failed', `the folder of the store ${path} does not exist`, { hint: 'run: drover init' })
  if (code === 'EACCES' || code === 'EISDIR' || code === 'EROFS')
    return new DroverError('denied', `may not write the store ${path}`, { cause: error, hint: 'check owner and mode' })
  return sqliteError(error, path)
}
