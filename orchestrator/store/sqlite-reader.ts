import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { DroverError } from '../../shared/domain/errors.ts'
import { prefixEnd } from './check-transaction.ts'
import type { Entry, RangeResult, Store, WatchEvent } from './store.ts'

const WATCH_BATCH = 64

export interface Reader {
  get(key: string): Entry | null
  range(prefix: string, options?: Parameters<Store['range']>[1]): RangeResult
  revision(): number
  /** Whole revisions only, so that a reader can go on after the last one it saw. Throws `stale` when compacted away. */
  changes(prefix: string, after: number): Changes
}

export interface Changes {
  readonly events: readonly WatchEvent[]
  /** Everything up to here has been looked at: go on after it. */
  readonly through: number
}

type Row = Readonly<Record<string, SQLOutputValue>>

export function createReader(database: DatabaseSync): Reader {
  const columns = 'key, value, create_revision, mod_revision, version'
  const selectMeta = database.prepare('SELECT value FROM meta WHERE name = ?')
  const selectEntry = database.prepare(`SELECT ${columns} FROM entry WHERE key = ?`)
  const keys = columns.replace('value', "x'' AS value")
  const up = 'FROM entry WHERE key >= ? AND key > ? AND key < ? ORDER BY key LIMIT ?'
  const down = 'FROM entry WHERE key >= ? AND key < ? AND key < ? ORDER BY key DESC LIMIT ?'
  const selectUp = database.prepare(`SELECT ${columns} ${up}`)
  const selectDown = database.prepare(`SELECT ${columns} ${down}`)
  const selectKeysUp = database.prepare(`SELECT ${keys} ${up}`)
  const selectKeysDown = database.prepare(`SELECT ${keys} ${down}`)
  const selectLast = database.prepare(
    `SELECT max(revision) AS last FROM
       (SELECT revision FROM history WHERE revision > ? AND key >= ? AND key < ? ORDER BY revision LIMIT ${WATCH_BATCH})`,
  )
  const selectChanges = database.prepare(
    `SELECT key, value, create_revision, revision AS mod_revision, version FROM history
     WHERE revision > ? AND revision <= ? AND key >= ? AND key < ? ORDER BY revision, position`,
  )
  const meta = (name: string) => Number(selectMeta.get(name)?.['value'])

  return {
    revision: () => meta('revision'),
    get: key => {
      const row = selectEntry.get(key)
      return row === undefined ? null : entryOf(row)
    },
    range: (prefix, { limit, after, reverse, keysOnly } = {}) => {
      const end = prefixEnd(prefix)
      const [selectsUp, selectsDown] = keysOnly === true ? [selectKeysUp, selectKeysDown] : [selectUp, selectDown]
      const rows =
        reverse === true
          ? selectsDown.all(prefix, end, after ?? end, limit ?? -1)
          : selectsUp.all(prefix, after ?? '', end, limit ?? -1)
      return { revision: meta('revision'), entries: rows.map(entryOf) }
    },
    changes: (prefix, after) => {
      const compacted = meta('compacted')
      if (after < compacted)
        throw new DroverError('stale', `changes after revision ${after} are gone: compacted up to ${compacted}`, {
          hint: 'read the current state and watch from its revision',
        })
      const end = prefixEnd(prefix)
      const last = selectLast.get(after, prefix, end)?.['last'] ?? null
      if (last === null) return { events: [], through: Math.max(after, meta('revision')) }
      return { events: selectChanges.all(after, last, prefix, end).map(eventOf), through: Number(last) }
    },
  }
}

function entryOf(row: Row): Entry {
  return {
    key: String(row['key']),
    value: row['value'] as Uint8Array,
    createRevision: Number(row['create_revision']),
    modRevision: Number(row['mod_revision']),
    version: Number(row['version']),
  }
}

function eventOf(row: Row): WatchEvent {
  return row['value'] === null
    ? { kind: 'delete', key: String(row['key']), modRevision: Number(row['mod_revision']) }
    : { kind: 'put', entry: entryOf(row) }
}
