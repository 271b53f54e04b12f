import type { Fields } from '../fields.ts'
import { textOf } from '../values.ts'
import type { ClusterContext, Item } from './cluster-context.ts'

const MOST_BYTES = 65_536

/** The content of the file, where the caller could read it. Pigsty runs it at each run, Drover once, when the database is made. */
export function importBaseline({ baselines }: ClusterContext, fields: Fields, database: Item<'databases'>): void {
  const file = textOf(fields.raw('baseline')?.value)
  if (file === undefined || file === '') return
  const sql = Object.hasOwn(baselines, file) ? baselines[file] : undefined
  const instead = `run ${file} by hand once the database is there`
  if (sql === undefined) {
    fields.lost('baseline', {
      reason: 'only its name is in the inventory, and no such file beside it was read',
      instead: instead,
    })
  } else if (sql.length > MOST_BYTES) {
    fields.lost('baseline', { reason: `the file has more than ${MOST_BYTES} characters`, instead: instead })
  } else if (/^\s*\\/m.test(sql)) {
    fields.lost('baseline', {
      reason: 'the file has commands of psql (`\\…`), which the server does not know',
      instead: instead,
    })
  } else {
    database.baseline = sql
    fields.kept('baseline', { to: 'baseline', note: 'it runs once, right after the database was made' })
  }
}
