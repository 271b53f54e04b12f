import type { DatabaseSync } from 'node:sqlite'
import { assertNever, DroverError } from '../../shared/domain/errors.ts'
import { prefixEnd } from './check-transaction.ts'
import type { Compare, Mutation, Transaction, TransactionResult } from './store.ts'

/** Where one transaction writes: its revision and the position of the next history row in it. */
interface Target {
  readonly revision: number
  position: number
}

export type Writer = (transaction: Transaction) => TransactionResult

/** Applies transactions inside an open SQL transaction; the caller commits. A transaction that changes nothing takes no revision. */
export function createWriter(database: DatabaseSync): Writer {
  const selectRevision = database.prepare(`SELECT value FROM meta WHERE name = 'revision'`)
  const setRevision = database.prepare(`UPDATE meta SET value = ? WHERE name = 'revision'`)
  const selectRevisions = database.prepare('SELECT create_revision, mod_revision, version FROM entry WHERE key = ?')
  const selectLease = database.prepare('SELECT 1 FROM lease WHERE id = ?')
  const upsert = database.prepare(
    `INSERT INTO entry (key, value, create_revision, mod_revision, version, lease) VALUES (?, ?, ?, ?, 1, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, mod_revision = excluded.mod_revision,
       version = version + 1, lease = excluded.lease RETURNING create_revision, version`,
  )
  const remove = database.prepare('DELETE FROM entry WHERE key = ?')
  const selectKeys = database.prepare('SELECT key FROM entry WHERE key >= ? AND key < ? ORDER BY key')
  const insertHistory = database.prepare('INSERT INTO history VALUES (?, ?, ?, ?, ?, ?)')

  return ({ compare = [], success }) => {
    const current = Number(selectRevision.get()?.['value'])
    if (!compare.every(holds)) return { succeeded: false, revision: current }
    const target: Target = { revision: current + 1, position: 0 }
    for (const mutation of success) apply(mutation, target)
    if (target.position === 0) return { succeeded: true, revision: current }
    setRevision.run(target.revision)
    return { succeeded: true, revision: target.revision }
  }

  function holds({ key, target, operator, value }: Compare): boolean {
    const row = selectRevisions.get(key)
    const column = target === 'version' ? 'version' : target === 'create-revision' ? 'create_revision' : 'mod_revision'
    const actual = Number(row?.[column] ?? 0)
    switch (operator) {
      case '=':
        return actual === value
      case '<':
        return actual < value
      case '>':
        return actual > value
      default:
        return assertNever(operator)
    }
  }

  function apply(mutation: Mutation, target: Target): void {
    switch (mutation.kind) {
      case 'put':
        return put(mutation, target)
      case 'delete':
        return del(mutation.key, target)
      case 'delete-prefix':
        for (const row of selectKeys.all(mutation.prefix, prefixEnd(mutation.prefix))) del(String(row['key']), target)
        return
      default:
        return assertNever(mutation)
    }
  }

  function put(mutation: Extract<Mutation, { kind: 'put' }>, target: Target): void {
    const { key, value, lease } = mutation
    if (lease !== undefined && selectLease.get(lease) === undefined)
      throw new DroverError('not-found', `lease ${lease} has expired`)
    const row = upsert.get(key, value, target.revision, target.revision, lease ?? null)
    insertHistory.run(
      target.revision,
      target.position,
      key,
      value,
      Number(row?.['create_revision']),
      Number(row?.['version']),
    )
    target.position += 1
  }

  function del(key: string, target: Target): void {
    if (remove.run(key).changes === 0) return
    insertHistory.run(target.revision, target.position, key, null, 0, 0)
    target.position += 1
  }
}
